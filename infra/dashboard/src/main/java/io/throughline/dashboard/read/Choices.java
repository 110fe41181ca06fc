package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.TreeSet;

/**
 * What can be chosen to look at.
 *
 * @param channels with metrics of their own, by name
 * @param segments with metrics of their own, by name
 */
public record Choices(List<String> channels, List<String> segments) {

    /** Reads them from the metrics, which have a series for each. */
    static final class Reading implements Panel<Choices> {
        private static final int VALUES = 60;

        @Override
        public RequestItem search() {
            return Searches.search(Alias.METRICS, body -> body.size(0)
                    .query(Searches.term("metric_id", "touchpoints"))
                    .aggregations(
                            "channels",
                            by -> by.terms(
                                    terms -> terms.field("dimensions.channel").size(VALUES)))
                    .aggregations(
                            "segments",
                            by -> by.terms(
                                    terms -> terms.field("dimensions.segment").size(VALUES))));
        }

        @Override
        public Choices read(ResponseBody<ObjectNode> answer) {
            return new Choices(values(answer, "channels"), values(answer, "segments"));
        }

        private static List<String> values(ResponseBody<ObjectNode> answer, String aggregation) {
            return List.copyOf(new TreeSet<>(
                    Searches.counts(answer.aggregations(), aggregation).keySet()));
        }
    }
}
