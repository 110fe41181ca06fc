package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Journeys that went on in a period: begun before its end, with a touchpoint after its beginning.
 *
 * @param byFurthest furthest stage reached to journeys
 * @param byStatus active, converted, abandoned or churned to journeys
 * @param medianConversionMillis half of the conversions took at most this long from the journey's beginning, roughly; null: none
 */
public record Arcs(
        long total, Map<String, Long> byFurthest, Map<String, Long> byStatus, @Nullable Double medianConversionMillis) {

    /** Counts them all. */
    static final class Reading implements Panel<Arcs> {
        private static final int VALUES = 30;

        private final Period period;
        private final @Nullable String channel;

        Reading(Period period, @Nullable String channel) {
            this.period = period;
            this.channel = channel;
        }

        @Override
        public RequestItem search() {
            BoolQuery.Builder query = new BoolQuery.Builder()
                    .mustNot(Searches.term("status", "absorbed"))
                    .filter(Searches.within("end", period.after(), null))
                    .filter(Searches.within("start", Instant.EPOCH, period.until()));
            if (channel != null) {
                query.filter(Searches.term("channels", channel));
            }
            return Searches.search(Alias.JOURNEYS, body -> body.size(0)
                    .trackTotalHits(total -> total.enabled(true))
                    .query(all -> all.bool(query.build()))
                    .aggregations(
                            "furthest",
                            by -> by.terms(
                                    terms -> terms.field("furthest_stage").size(VALUES)))
                    .aggregations(
                            "status",
                            by -> by.terms(terms -> terms.field("status").size(VALUES)))
                    .aggregations(
                            "conversion",
                            by -> by.percentiles(percentiles ->
                                    percentiles.field("conversion_ms").percents(50.0))));
        }

        @Override
        public Arcs read(ResponseBody<ObjectNode> answer) {
            Double median = null;
            var conversion = answer.aggregations().get("conversion");
            if (conversion != null && conversion.isTdigestPercentiles()) {
                var values = conversion.tdigestPercentiles().values();
                if (values.isKeyed()) {
                    String text = values.keyed().values().stream().findFirst().orElse(null);
                    median = text == null || text.equals("null") || text.equals("NaN") ? null : Double.valueOf(text);
                }
            }
            return new Arcs(
                    Searches.total(answer),
                    Searches.counts(answer.aggregations(), "furthest"),
                    Searches.counts(answer.aggregations(), "status"),
                    median);
        }
    }
}
