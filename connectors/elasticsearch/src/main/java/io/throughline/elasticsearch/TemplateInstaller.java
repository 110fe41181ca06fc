package io.throughline.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch.indices.update_aliases.Action;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Creates what the sink writes into. A generation is a full set of indices; readers see the live one through the aliases.
 * A rebuild fills the next generation beside the live one and then {@link #makeLive switches}.
 */
public final class TemplateInstaller {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern GENERATION = Pattern.compile("-g(\\d+)(-|$)");

    private TemplateInstaller() {}

    /**
     * Creates the templates, indices and aliases of a generation where they are missing, and adds new fields to existing
     * indices. Each alias is given to the first generation there is; later ones get it by {@link #makeLive} only. May be
     * repeated and run by several processes at once. Where the server has {@link Lifecycle}, months of touchpoints, of
     * every generation, come under its policy; credentials that may not use it leave the policy a template names.
     *
     * @param generation at least 1
     * @param retention how long documents are kept, by kind; what is absent is kept for ever
     * @throws UnusableElasticsearchException if Elasticsearch is unreachable, of an unsupported version, refuses the
     *     credentials, or holds indices whose mapping contradicts the templates
     */
    public static void apply(ElasticsearchClient client, int generation, Map<DocumentKind, Duration> retention) {
        requireGeneration(generation);
        ElasticsearchConnection.speaking(client, () -> {
            SupportedVersion.require(client);
            Lifecycle.Standing lifecycle = Lifecycle.putPolicy(client, retention.get(DocumentKind.TOUCHPOINTS));
            for (DocumentKind kind : DocumentKind.values()) {
                Set<Integer> live = liveGenerations(client, kind);
                boolean aliased = live.isEmpty() || live.contains(generation);
                putTemplate(client, kind, generation, aliased, lifecycle);
                boolean created = createFirstIndex(client, kind, generation);
                if (!created) {
                    putMapping(client, kind, generation);
                }
                if (!created && aliased) {
                    putAlias(client, kind, generation);
                }
            }
            if (lifecycle.takesPolicies()) {
                Lifecycle.adoptMonths(client);
            }
            return generation;
        });
    }

    /**
     * Points every alias at this generation and at no other, each in one step, so that no reader sees both or none. The
     * indices of other generations stay until somebody deletes them.
     *
     * @throws UnusableElasticsearchException as {@link #apply}, and if the generation was never created
     */
    public static void makeLive(ElasticsearchClient client, int generation) {
        requireGeneration(generation);
        ElasticsearchConnection.speaking(client, () -> {
            for (DocumentKind kind : DocumentKind.values()) {
                if (!hasIndex(client, kind, generation)) {
                    throw new UnusableElasticsearchException("index " + kind.pattern(generation)
                            + " is missing; fill generation " + generation + " before it goes live");
                }
            }
            Lifecycle.Standing lifecycle = Lifecycle.standingOfPolicy(client);
            for (DocumentKind kind : DocumentKind.values()) {
                Set<Integer> earlier = liveGenerations(client, kind);
                earlier.remove(generation);
                putTemplate(client, kind, generation, true, lifecycle);
                List<Action> actions = new ArrayList<>();
                actions.add(Action.of(action ->
                        action.add(add -> add.index(kind.pattern(generation)).alias(kind.alias()))));
                for (int old : earlier) {
                    actions.add(Action.of(action -> action.remove(
                            remove -> remove.index(kind.pattern(old)).alias(kind.alias()))));
                }
                client.indices().updateAliases(update -> update.actions(actions));
                for (int old : earlier) {
                    putTemplate(client, kind, old, false, lifecycle);
                }
            }
            return generation;
        });
    }

    private static void putTemplate(
            ElasticsearchClient client,
            DocumentKind kind,
            int generation,
            boolean aliased,
            Lifecycle.Standing lifecycle)
            throws IOException {
        ObjectNode template = templateOf(kind, generation);
        if (kind.monthly()) {
            String policy = Lifecycle.policyOfTemplate(client, kind.template(generation), lifecycle);
            if (policy != null) {
                ((ObjectNode) template.at("/template/settings")).put(Lifecycle.SETTING, policy);
            }
        }
        if (aliased) {
            ((ObjectNode) template.get("template")).putObject("aliases").putObject(kind.alias());
        }
        client.indices().putIndexTemplate(put -> put.name(kind.template(generation))
                .withJson(new StringReader(template.toString())));
    }

    private static boolean hasIndex(ElasticsearchClient client, DocumentKind kind, int generation) throws IOException {
        return client.indices()
                .exists(exists -> exists.index(kind.pattern(generation)).allowNoIndices(false))
                .value();
    }

    /**
     * So that the alias exists before the first document does. For a kind divided by month it is the present month's,
     * where documents are most likely to come.
     *
     * @return whether it was this call that created it, by the template
     */
    private static boolean createFirstIndex(ElasticsearchClient client, DocumentKind kind, int generation)
            throws IOException {
        if (hasIndex(client, kind, generation)) {
            return false;
        }
        String index = kind.index(generation, Instant.now());
        try {
            client.indices().create(create -> create.index(index));
            return true;
        } catch (ElasticsearchException e) {
            if (!"resource_already_exists_exception".equals(e.error().type())) {
                throw e;
            }
            return false;
        }
    }

    private static void putMapping(ElasticsearchClient client, DocumentKind kind, int generation) throws IOException {
        JsonNode mappings = templateOf(kind, generation).at("/template/mappings");
        try {
            client.indices().putMapping(put -> put.index(kind.pattern(generation))
                    .withJson(new StringReader(mappings.toString())));
        } catch (ElasticsearchException e) {
            if (e.status() != 400) {
                throw e;
            }
            throw new UnusableElasticsearchException(
                    "the mapping of " + kind.pattern(generation) + " contradicts the template ("
                            + e.error().reason() + "); fill a new generation: set elasticsearch.generation to "
                            + (generation + 1),
                    e);
        }
    }

    private static void putAlias(ElasticsearchClient client, DocumentKind kind, int generation) throws IOException {
        client.indices().putAlias(put -> put.index(kind.pattern(generation)).name(kind.alias()));
    }

    static Set<Integer> liveGenerations(ElasticsearchClient client, DocumentKind kind) throws IOException {
        if (!client.indices().existsAlias(exists -> exists.name(kind.alias())).value()) {
            return new TreeSet<>();
        }
        return client.indices().getAlias(get -> get.name(kind.alias())).result().keySet().stream()
                .map(GENERATION::matcher)
                .filter(Matcher::find)
                .map(matcher -> Integer.valueOf(matcher.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The template as kept in the resources, for one generation. */
    static ObjectNode templateOf(DocumentKind kind, int generation) throws IOException {
        String resource = "/templates/" + kind.word() + ".json";
        try (InputStream in = TemplateInstaller.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("resource " + resource + " is missing from the build");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return (ObjectNode) JSON.readTree(text.replace("${generation}", Integer.toString(generation)));
        }
    }

    private static void requireGeneration(int generation) {
        if (generation < 1) {
            throw new IllegalArgumentException("elasticsearch.generation must be at least 1, but is " + generation);
        }
    }
}
