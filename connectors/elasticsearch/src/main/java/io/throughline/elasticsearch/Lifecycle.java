package io.throughline.elasticsearch;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.ElasticsearchException;
import co.elastic.clients.elasticsearch._types.Time;
import co.elastic.clients.elasticsearch.ilm.IlmPolicy;
import co.elastic.clients.elasticsearch.ilm.Phases;
import co.elastic.clients.transport.rest_client.RestClientTransport;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import org.elasticsearch.client.Request;
import org.elasticsearch.client.ResponseException;
import org.elasticsearch.client.RestClient;
import org.jspecify.annotations.Nullable;

/**
 * The months of touchpoints under Elasticsearch's index lifecycle management (ILM), where a server has it. ILM counts age
 * from when an index was made unless its setting {@code index.lifecycle.origination_date} says otherwise, which is set so
 * that a month goes when its last moment is as old as touchpoints are kept, however late it was filled in.
 *
 * <p>A month that Elasticsearch has just made by the template has no such date yet. It cannot have been made before the
 * month began, so the policy waits for {@link #LONGEST} longer than touchpoints are kept, and the date that is set later
 * lies as long before the month's end: until then the month stays a few days too long, never too short.
 */
public final class Lifecycle {

    /** The one policy, of every generation. */
    public static final String POLICY = "throughline-touchpoints";

    /** By which an index, or those a template makes, is under a policy. */
    static final String SETTING = "index.lifecycle.name";

    /** A month, and a day for clocks that are ahead and begin it early. */
    static final Duration LONGEST = Duration.ofDays(32);

    private static final DocumentKind KIND = DocumentKind.TOUCHPOINTS;

    /** What servers say that do not know the question: bare ones, and Elastic's serverless ones. */
    private static final Set<Integer> UNKNOWN = Set.of(400, 404, 405, 410);

    private static final int FORBIDDEN = 403;

    private Lifecycle() {}

    /** How a server stands to it. */
    public enum Standing {
        /** Months go by themselves. */
        RUNNING("Elasticsearch deletes them by its policy " + POLICY),
        /** Somebody stopped it: the policy is kept, nothing goes until it is started. */
        STOPPED("ILM is stopped on this server (POST _ilm/start starts it)"),
        /** The server may have it, but not for these credentials. */
        FORBIDDEN("these credentials may not use ILM (cluster privilege manage_ilm)"),
        /** A bare server. */
        ABSENT("this server has no ILM");

        private final String words;

        Standing(String words) {
            this.words = words;
        }

        /** The same for people. */
        public String words() {
            return words;
        }

        boolean takesPolicies() {
            return this == RUNNING || this == STOPPED;
        }
    }

    /**
     * Asks the server; changes nothing.
     *
     * @throws UnusableElasticsearchException if Elasticsearch is unreachable or fails to answer
     */
    public static Standing standing(ElasticsearchClient client) {
        return ElasticsearchConnection.speaking(client, () -> ask(client));
    }

    /**
     * Puts the policy where the server takes one, and every month there is under it that is under no other. May be repeated.
     *
     * @param keep how long after a month's last moment it goes; null: never
     * @return how the server stands to it; where it takes no policies nothing was changed
     * @throws UnusableElasticsearchException if Elasticsearch is unreachable or refuses
     */
    public static Standing apply(ElasticsearchClient client, @Nullable Duration keep) {
        return ElasticsearchConnection.speaking(client, () -> {
            Standing standing = putPolicy(client, keep);
            if (standing.takesPolicies()) {
                adoptMonths(client);
            }
            return standing;
        });
    }

    /** As {@link #apply}, without the months. */
    static Standing putPolicy(ElasticsearchClient client, @Nullable Duration keep) throws IOException {
        Standing standing = ask(client);
        if (!standing.takesPolicies()) {
            return standing;
        }
        try {
            client.ilm().putLifecycle(put -> put.name(POLICY).policy(policy(keep)));
        } catch (ElasticsearchException refused) {
            if (refused.status() == FORBIDDEN) {
                return Standing.FORBIDDEN;
            }
            throw refused;
        }
        return standing;
    }

    /** Says of every month from when its age counts, also of those that a template made without it. */
    static void adoptMonths(ElasticsearchClient client) throws IOException {
        for (Month month : Month.of(client, KIND)) {
            if (month.policy() != null && !month.policy().equals(POLICY)) {
                // Somebody has plans of their own for it.
                continue;
            }
            Long originationDate = month.end().minus(LONGEST).toEpochMilli();
            if (POLICY.equals(month.policy()) && originationDate.equals(month.originationDate())) {
                continue;
            }
            client.indices().putSettings(put -> put.index(month.index())
                    .ignoreUnavailable(true)
                    .settings(settings -> settings.lifecycle(
                            lifecycle -> lifecycle.name(POLICY).originationDate(originationDate))));
        }
    }

    /** How the server stands to the policy: where it has none of that name it takes part in nothing. */
    static Standing standingOfPolicy(ElasticsearchClient client) throws IOException {
        Standing standing = ask(client);
        if (!standing.takesPolicies()) {
            return standing;
        }
        try {
            return client.ilm().getLifecycle(get -> get.name(POLICY)).result().containsKey(POLICY)
                    ? standing
                    : Standing.ABSENT;
        } catch (ElasticsearchException none) {
            if (none.status() == FORBIDDEN) {
                return Standing.FORBIDDEN;
            }
            if (none.status() == 404) {
                return Standing.ABSENT;
            }
            throw none;
        }
    }

    /**
     * The policy that a template is to name, by which the months to come are under it: where the credentials may not say, the one
     * it names already, for somebody with more rights put it there.
     *
     * @return null: none
     */
    static @Nullable String policyOfTemplate(ElasticsearchClient client, String template, Standing standing)
            throws IOException {
        if (standing.takesPolicies()) {
            return POLICY;
        }
        if (standing != Standing.FORBIDDEN) {
            return null;
        }
        try (InputStream known = rest(client)
                .performRequest(new Request("GET", "/_index_template/" + template))
                .getEntity()
                .getContent()) {
            JsonNode policy = new ObjectMapper()
                    .readTree(known)
                    .at("/index_templates/0/index_template/template/settings/index/lifecycle/name");
            return policy.textValue();
        } catch (ResponseException refused) {
            if (refused.getResponse().getStatusLine().getStatusCode() == 404) {
                return null;
            }
            throw refused;
        }
    }

    private static IlmPolicy policy(@Nullable Duration keep) {
        // A phase that does nothing: with it indices are at its end, whether or not one to delete them follows.
        Phases.Builder phases = new Phases.Builder().hot(hot -> hot.actions(nothing -> nothing));
        if (keep != null) {
            // Elasticsearch knows no longer unit that every duration is a whole number of.
            String age = keep.plus(LONGEST).toMillis() + "ms";
            phases.delete(delete ->
                    delete.minAge(Time.of(time -> time.time(age))).actions(actions -> actions.delete(every -> every)));
        }
        return IlmPolicy.of(policy -> policy.phases(phases.build()));
    }

    private static Standing ask(ElasticsearchClient client) throws IOException {
        // Not by the typed client: what a bare server answers is not of its types.
        try (InputStream status = rest(client)
                .performRequest(new Request("GET", "/_ilm/status"))
                .getEntity()
                .getContent()) {
            String mode =
                    new ObjectMapper().readTree(status).path("operation_mode").asText();
            return switch (mode) {
                case "RUNNING" -> Standing.RUNNING;
                case "STOPPING", "STOPPED" -> Standing.STOPPED;
                default -> Standing.ABSENT;
            };
        } catch (ResponseException refused) {
            int code = refused.getResponse().getStatusLine().getStatusCode();
            if (code == FORBIDDEN) {
                return Standing.FORBIDDEN;
            }
            if (UNKNOWN.contains(code)) {
                return Standing.ABSENT;
            }
            throw refused;
        }
    }

    private static RestClient rest(ElasticsearchClient client) {
        return ((RestClientTransport) client._transport()).restClient();
    }
}
