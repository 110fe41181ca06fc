package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which issues somebody asks for: those that began in the period, as metrics of issues count them; by contacts those that
 * went on in it.
 *
 * @param channel of the first contact; by contacts of any
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

    /** Metrics of contacts, of which an issue may have several. */
    private static final String CONTACTS = "contacts";

    /** What an issue may have come to, to how that is seen. */
    private static final Map<String, Query> VERDICTS = Map.of(
            "first_contact",
            is("fcr_gross", true),
            "not_first_contact",
            is("fcr_gross", false),
            "not_resolved",
            is("resolved", false),
            "repeated",
            is("fcr_behavioural", false),
            "provisional",
            is("settled", false),
            "promise_broken",
            Searches.moreThanNone("promises_broken"),
            "promise_open",
            Searches.term("promises.status", "open"));

    public static List<String> verdicts() {
        return VERDICTS.keySet().stream().sorted().toList();
    }

    public static List<String> measures() {
        return Stream.concat(MEASURED.stream(), Stream.of(CONTACTS)).toList();
    }

    Query query() {
        BoolQuery.Builder query = new BoolQuery.Builder();
        if (status == null) {
            query.mustNot(Searches.term("status", "absorbed"));
        }
        boolean ofContacts = CONTACTS.equals(measured);
        if (customerId == null) {
            query.filter(period.over(ofContacts ? "contacts.start" : "start"));
        }
        Searches.also(query, ofContacts ? "contacts.channel" : "first_channel", channel);
        Searches.also(query, "segment", segment);
        Searches.also(query, "topic", topic);
        Searches.also(query, "status", status);
        Searches.also(query, "customer_id", customerId);
        Query cameTo = verdict == null ? null : VERDICTS.get(verdict);
        if (cameTo != null) {
            query.filter(cameTo);
        }
        if (measured != null && !ofContacts) {
            query.filter(Searches.exists(measured));
        }
        return Query.of(all -> all.bool(query.build()));
    }

    private static Query is(String field, boolean value) {
        return Query.of(query -> query.term(term -> term.field(field).value(value)));
    }
}
