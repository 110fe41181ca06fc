package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which sessions somebody asks for: those that began in the period and meet every condition that is set.
 *
 * @param channels touched all of these
 * @param stages touched all of these
 * @param trouble had any of these: a key of {@link #TROUBLE}
 */
public record SessionFilter(
        Period period,
        List<String> channels,
        List<String> stages,
        @Nullable String segment,
        @Nullable String topic,
        @Nullable String status,
        @Nullable String outcome,
        @Nullable String cutCause,
        @Nullable String customerId,
        List<String> trouble) {

    /** Names of trouble to the field that counts it. */
    public static final Map<String, String> TROUBLE = Map.of(
            "complaints", "complaints", "errors", "errors", "handoffs", "handoffs", "switches", "channel_switches");

    /** All sessions of a period, or those that touched a channel. */
    public static SessionFilter of(Period period, @Nullable String channel) {
        return new SessionFilter(
                period,
                channel == null ? List.of() : List.of(channel),
                List.of(),
                null,
                null,
                null,
                null,
                null,
                null,
                List.of());
    }

    /** The same with trouble of these kinds only. */
    SessionFilter with(List<String> kinds) {
        return new SessionFilter(
                period, channels, stages, segment, topic, status, outcome, cutCause, customerId, kinds);
    }

    Query query() {
        BoolQuery.Builder query = new BoolQuery.Builder();
        if (customerId == null) {
            query.filter(period.over("start"));
        }
        channels.forEach(channel -> query.filter(Searches.term("channels", channel)));
        stages.forEach(stage -> query.filter(Searches.term("stages", stage)));
        also(query, "segment", segment);
        also(query, "topics", topic);
        also(query, "outcome", outcome);
        also(query, "cut_cause", cutCause);
        also(query, "customer_id", customerId);
        if (status == null) {
            query.mustNot(Searches.term("status", "absorbed"));
        } else {
            query.filter(Searches.term("status", status));
        }
        if (!trouble.isEmpty()) {
            BoolQuery.Builder any = new BoolQuery.Builder().minimumShouldMatch("1");
            trouble.forEach(kind -> any.should(Searches.moreThanNone(TROUBLE.getOrDefault(kind, kind))));
            query.filter(filter -> filter.bool(any.build()));
        }
        return Query.of(all -> all.bool(query.build()));
    }

    private static void also(BoolQuery.Builder query, String field, @Nullable String value) {
        if (value != null) {
            query.filter(Searches.term(field, value));
        }
    }
}
