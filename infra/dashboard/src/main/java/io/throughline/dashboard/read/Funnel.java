package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Customers and sessions by stage of the journey.
 *
 * @param customers with any session in the period
 * @param stages most sessions first
 */
public record Funnel(long customers, long sessions, List<Stage> stages) {

    /** @param customers with a session that touched the stage; counted within about one percent */
    public record Stage(String stage, long customers, long sessions) {}

    /** Counts over all sessions that match. */
    static final class Reading implements Panel<Funnel> {
        private static final int STAGES = 30;
        /** Up to here Elasticsearch counts all but exactly. */
        private static final int EXACT = 40_000;

        private final SessionFilter filter;

        Reading(SessionFilter filter) {
            this.filter = filter;
        }

        @Override
        public RequestItem search() {
            return Searches.search(Alias.SESSIONS, body -> body.size(0)
                    .trackTotalHits(total -> total.enabled(true))
                    .query(filter.query())
                    .aggregations(
                            "customers",
                            all -> all.cardinality(
                                    customers -> customers.field("customer_id").precisionThreshold(EXACT)))
                    .aggregations("stages", stages -> stages.terms(
                                    terms -> terms.field("stages").size(STAGES))
                            .aggregations(
                                    "customers",
                                    each -> each.cardinality(customers ->
                                            customers.field("customer_id").precisionThreshold(EXACT)))));
        }

        @Override
        public Funnel read(ResponseBody<ObjectNode> answer) {
            List<Stage> stages = new ArrayList<>();
            var found = answer.aggregations().get("stages");
            if (found != null && found.isSterms()) {
                found.sterms().buckets().array().forEach(bucket -> {
                    var customers = bucket.aggregations().get("customers");
                    stages.add(new Stage(
                            bucket.key().stringValue(),
                            customers == null ? 0 : customers.cardinality().value(),
                            bucket.docCount()));
                });
            }
            var customers = answer.aggregations().get("customers");
            return new Funnel(customers == null ? 0 : customers.cardinality().value(), Searches.total(answer), stages);
        }
    }
}
