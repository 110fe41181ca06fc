package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * How often customers went from one place to the next, exact over whole days (UTC).
 *
 * @param from the first day counted
 * @param flows empty where nothing is counted
 */
public record Transitions(Instant from, List<Flow> flows) {

    public record Flow(String from, String to, long count) {}

    static final Transitions NONE = new Transitions(Instant.EPOCH, List.of());

    /** Sums the days that the period touches. */
    static final class Reading implements Panel<Transitions> {
        private static final int PLACES = 60;

        private final Period period;
        private final String kind;

        /** @param kind channel, contact or stage */
        Reading(Period period, String kind) {
            this.period = period;
            this.kind = kind;
        }

        private Instant firstDay() {
            return period.after().truncatedTo(ChronoUnit.DAYS);
        }

        @Override
        public RequestItem search() {
            BoolQuery counted = BoolQuery.of(query -> query.filter(Searches.term("kind", kind))
                    .filter(Searches.within("day", firstDay().minusMillis(1), period.until())));
            return Searches.search(
                    Alias.TRANSITIONS,
                    body -> body.size(0).query(query -> query.bool(counted)).aggregations("from", from -> from.terms(
                                    terms -> terms.field("from").size(PLACES))
                            .aggregations("to", to -> to.terms(
                                            terms -> terms.field("to").size(PLACES))
                                    .aggregations("count", count -> count.sum(sum -> sum.field("count"))))));
        }

        @Override
        public Transitions read(ResponseBody<ObjectNode> answer) {
            List<Flow> flows = new ArrayList<>();
            var from = answer.aggregations().get("from");
            if (from != null && from.isSterms()) {
                from.sterms().buckets().array().forEach(left -> {
                    var to = left.aggregations().get("to");
                    if (to == null || !to.isSterms()) {
                        return;
                    }
                    to.sterms().buckets().array().forEach(right -> {
                        var count = right.aggregations().get("count");
                        long times = count == null ? 0 : Math.round(count.sum().value());
                        if (times > 0) {
                            flows.add(new Flow(
                                    left.key().stringValue(), right.key().stringValue(), times));
                        }
                    });
                });
            }
            return new Transitions(firstDay(), flows);
        }
    }
}
