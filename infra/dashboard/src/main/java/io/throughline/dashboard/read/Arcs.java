package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.BoolQuery;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Journeys that went on in a period: begun before its end, with a touchpoint after its beginning.
 *
 * @param stages that they touched, most journeys first; a journey need not have touched each stage before its furthest
 * @param byStatus active, converted, abandoned or churned to journeys
 * @param medianConversionMillis half of the conversions took at most this long from the journey's beginning, roughly; null: none
 */
public record Arcs(
        long total, List<Stage> stages, Map<String, Long> byStatus, @Nullable Double medianConversionMillis) {

    /**
     * One stage of the journey.
     *
     * @param journeys touched it
     * @param furthest of these touched no later one
     * @param ended of these have ended; the others may go on
     */
    public record Stage(String stage, long journeys, long furthest, long ended) {}

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
                            "stages",
                            by -> by.terms(terms -> terms.field("stages").size(VALUES)))
                    .aggregations("furthest", by -> by.terms(
                                    terms -> terms.field("furthest_stage").size(VALUES))
                            .aggregations(
                                    "ended",
                                    of -> of.filter(ended -> ended.term(
                                            term -> term.field("ended").value(true)))))
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
                // Where nothing converted the percentile is there, and null.
                for (String value : values.isKeyed() ? values.keyed().values() : List.<String>of()) {
                    median = value == null || value.equals("NaN") ? null : Double.valueOf(value);
                }
            }
            return new Arcs(
                    Searches.total(answer), stages(answer), Searches.counts(answer.aggregations(), "status"), median);
        }

        private static List<Stage> stages(ResponseBody<ObjectNode> answer) {
            Map<String, Long> furthest = Searches.counts(answer.aggregations(), "furthest");
            Map<String, Long> ended = new HashMap<>();
            var found = answer.aggregations().get("furthest");
            if (found != null && found.isSterms()) {
                found.sterms().buckets().array().forEach(bucket -> {
                    var of = bucket.aggregations().get("ended");
                    ended.put(
                            bucket.key().stringValue(),
                            of == null ? 0 : of.filter().docCount());
                });
            }
            List<Stage> stages = new ArrayList<>();
            Searches.counts(answer.aggregations(), "stages")
                    .forEach((stage, journeys) -> stages.add(new Stage(
                            stage, journeys, furthest.getOrDefault(stage, 0L), ended.getOrDefault(stage, 0L))));
            return stages;
        }
    }
}
