package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which issues somebody asks for: those that began in the period, as metrics of issues count them.
 *
 * @param channel of the first contact
 * @param verdict one of {@link #verdicts}
 * @param measured one of {@link #measures}: counts in this metric
 */
public record IssueFilter(
        Period period,
        @Nullable String channel,
        @Nullable String segment,
        @Nullable String topic,
        @Nullable String status,
        @Nullable String customerId,
        @Nullable String verdict,
        @Nullable String measured) {

    /** Metrics, each with a field of its name in the issues that count in it. */
    private static final List<String> MEASURED = List.of("fcr_gross", "fcr_net", "fcr_behavioural");

    /** What an issue may have come to, to how that is seen. */
    private static final Map<String, Query> VERDICTS = Map.of(
            "first_contact", is("fcr_gross", true),
            "not_first_contact", is("fcr_gross", false),
            "not_resolved", is("resolved", false),
            "repeated", is("fcr_behavioural", false),
            "provisional", is("settled", false));

    public static List<String> verdicts() {
        return VERDICTS.keySet().stream().sorted().toList();
    }

    public static List<String> measures() {
        return MEASURED;
    }

    Query query() {
        BoolQuery.Builder query = new BoolQuery.Builder();
        if (status == null) {
            query.mustNot(Searches.term("status", "absorbed"));
        }
        if (customerId == null) {
            query.filter(period.over("start"));
        }
        also(query, "first_channel", channel);
        also(query, "segment", segment);
        also(query, "topic", topic);
        also(query, "status", status);
        also(query, "customer_id", customerId);
        Query cameTo = verdict == null ? null : VERDICTS.get(verdict);
        if (cameTo != null) {
            query.filter(cameTo);
        }
        if (measured != null) {
            query.filter(Searches.exists(measured));
        }
        return Query.of(all -> all.bool(query.build()));
    }

    private static void also(BoolQuery.Builder query, String field, @Nullable String value) {
        if (value != null) {
            query.filter(Searches.term(field, value));
        }
    }

    private static Query is(String field, boolean value) {
        return Query.of(query -> query.term(term -> term.field(field).value(value)));
    }
}
