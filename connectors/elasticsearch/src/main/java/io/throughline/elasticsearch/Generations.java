package io.throughline.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which generations of indices there are, and the end of those that nobody needs any more. */
public final class Generations {

    private static final Pattern NAME = Pattern.compile("throughline-([a-z-]+)-g(\\d+)(?:-\\d{4}\\.\\d{2})?");

    private Generations() {}

    /**
     * One generation.
     *
     * @param documents how many of each kind; kinds without an index are absent
     * @param live kinds whose alias points at it
     */
    public record Generation(int number, Map<DocumentKind, Long> documents, Set<DocumentKind> live) {}

    /**
     * All generations there are an index of, lowest first.
     *
     * @throws UnusableElasticsearchException if Elasticsearch is unreachable or refuses
     */
    public static List<Generation> of(ElasticsearchClient client) {
        return ElasticsearchConnection.speaking(client, () -> {
            SortedMap<Integer, Map<DocumentKind, Long>> documents = new TreeMap<>();
            for (String index : client.indices()
                    .get(get -> get.index("throughline-*").allowNoIndices(true))
                    .result()
                    .keySet()) {
                Matcher name = NAME.matcher(index);
                DocumentKind kind = name.matches() ? kind(name.group(1)) : null;
                if (kind != null) {
                    long count = client.count(ask -> ask.index(index)).count();
                    documents
                            .computeIfAbsent(
                                    Integer.valueOf(name.group(2)), number -> new EnumMap<>(DocumentKind.class))
                            .merge(kind, count, Long::sum);
                }
            }
            List<Generation> all = new ArrayList<>();
            for (Map.Entry<Integer, Map<DocumentKind, Long>> each : documents.entrySet()) {
                Set<DocumentKind> live = new TreeSet<>();
                for (DocumentKind kind : DocumentKind.values()) {
                    if (TemplateInstaller.liveGenerations(client, kind).contains(each.getKey())) {
                        live.add(kind);
                    }
                }
                all.add(new Generation(each.getKey(), each.getValue(), live));
            }
            return all;
        });
    }

    /**
     * Deletes the indices and templates of a generation.
     *
     * @return how many indices there were
     * @throws IllegalArgumentException if an alias points at it
     * @throws UnusableElasticsearchException if Elasticsearch is unreachable or refuses
     */
    public static int delete(ElasticsearchClient client, int generation) {
        Set<DocumentKind> live = of(client).stream()
                .filter(each -> each.number() == generation)
                .flatMap(each -> each.live().stream())
                .collect(Collectors.toSet());
        if (!live.isEmpty()) {
            throw new IllegalArgumentException(
                    "generation " + generation + " is live; make another one live before deleting it");
        }
        return ElasticsearchConnection.speaking(client, () -> {
            int deleted = 0;
            for (DocumentKind kind : DocumentKind.values()) {
                List<String> indices = indices(client, kind, generation);
                if (!indices.isEmpty()) {
                    client.indices().delete(delete -> delete.index(indices));
                    deleted += indices.size();
                }
                String template = kind.template(generation);
                if (client.indices()
                        .existsIndexTemplate(exists -> exists.name(template))
                        .value()) {
                    client.indices().deleteIndexTemplate(delete -> delete.name(template));
                }
            }
            return deleted;
        });
    }

    private static List<String> indices(ElasticsearchClient client, DocumentKind kind, int generation)
            throws IOException {
        return List.copyOf(client.indices()
                .get(get -> get.index(kind.pattern(generation))
                        .ignoreUnavailable(true)
                        .allowNoIndices(true))
                .result()
                .keySet());
    }

    private static @Nullable DocumentKind kind(String word) {
        for (DocumentKind kind : DocumentKind.values()) {
            if (kind.word().equals(word)) {
                return kind;
            }
        }
        return null;
    }
}
