package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.DateHistogramBucket;
import co.elastic.clients.elasticsearch._types.aggregations.StringTermsBucket;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import co.elastic.clients.json.JsonData;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How records ended, over time.
 *
 * @param stepMillis length of a step: an hour, for long periods a day
 * @param steps oldest first; those in which nothing was read are left out
 * @param processedByChannel records of the period that count, most first
 * @param remarks what such records lost or had changed, most first
 */
public record Quality(
        long stepMillis, List<Step> steps, Map<String, Long> processedByChannel, Map<String, Long> remarks) {

    /**
     * One step.
     *
     * @param until where it ends
     */
    public record Step(Instant until, long in, long processed, long rejected, long late, long duplicate, long erased) {}

    private static final List<String> COUNTS = List.of("in", "processed", "rejected", "late", "duplicate", "erased");

    private static final String CHANNELS = "processed_by_channel";
    private static final String REMARKS = "remarks";

    /** What the accounts grew by from step to step. */
    static final class Reading implements Panel<Quality> {
        private static final int SOURCES = 1_000;

        private final Period period;
        private final Duration step;

        Reading(Period period) {
            this.period = period;
            this.step = period.window().compareTo(Window.WEEK) >= 0 ? Duration.ofDays(1) : Duration.ofHours(1);
        }

        @Override
        public RequestItem search() {
            // What each account had come to before, however long nothing was added to it; the hour under way ends
            // later.
            Instant last = period.until().plus(Duration.ofHours(1));
            return Searches.search(Alias.QUALITY, body -> body.size(0)
                    .query(Searches.within("hour", Instant.EPOCH, last))
                    .aggregations("sources", sources -> sources.terms(
                                    terms -> terms.field("source").size(SOURCES))
                            .aggregations("before", before -> before.filter(
                                            Searches.within("hour", Instant.EPOCH, period.after()))
                                    .aggregations("last", last()))
                            .aggregations("since", since -> since.filter(Searches.within("hour", period.after(), last))
                                    .aggregations("steps", steps())
                                    .aggregations("last", last()))));
        }

        private static Aggregation last() {
            return Aggregation.of(last -> last.topHits(newest -> newest.size(1)
                    .sort(Searches.newestFirst("hour"))
                    .source(source ->
                            source.filter(fields -> fields.includes(COUNTS).includes(CHANNELS, REMARKS)))));
        }

        private Aggregation steps() {
            Map<String, Aggregation> counts = new HashMap<>();
            COUNTS.forEach(count -> counts.put(count, Aggregation.of(each -> each.max(max -> max.field(count)))));
            return Aggregation.of(steps -> steps.dateHistogram(histogram -> histogram
                            .field("hour")
                            .fixedInterval(interval -> interval.time(step.toHours() + "h"))
                            // An hour that ends at midnight is of the day that ends there.
                            .offset(offset -> offset.time("1ms"))
                            .minDocCount(1))
                    .aggregations(counts));
        }

        @Override
        public Quality read(ResponseBody<ObjectNode> answer) {
            Map<Long, long[]> sums = new TreeMap<>();
            Map<String, Long> channels = new HashMap<>();
            Map<String, Long> remarks = new HashMap<>();
            Aggregate sources = answer.aggregations().get("sources");
            if (sources != null && sources.isSterms()) {
                sources.sterms().buckets().array().forEach(source -> {
                    ObjectNode stood = last(source, "before");
                    ObjectNode stands = last(source, "since");
                    grow(channels, stands, stood, CHANNELS);
                    grow(remarks, stands, stood, REMARKS);
                    long[] before = stood == null ? null : counts(stood);
                    for (var bucket : steps(source)) {
                        long[] now = counts(bucket.aggregations());
                        add(sums, bucket.key() - 1 + step.toMillis(), now, before);
                        before = now;
                    }
                });
            }
            List<Step> steps = new ArrayList<>();
            sums.forEach((until, counts) -> {
                if (counts[0] != 0) {
                    steps.add(new Step(
                            Instant.ofEpochMilli(until),
                            counts[0],
                            counts[1],
                            counts[2],
                            counts[3],
                            counts[4],
                            counts[5]));
                }
            });
            return new Quality(step.toMillis(), steps, mostFirst(channels), mostFirst(remarks));
        }

        private static @Nullable ObjectNode last(StringTermsBucket source, String when) {
            Aggregate part = source.aggregations().get(when);
            Aggregate last = part == null || !part.isFilter()
                    ? null
                    : part.filter().aggregations().get("last");
            if (last == null || !last.isTopHits()) {
                return null;
            }
            for (var hit : last.topHits().hits().hits()) {
                JsonData document = hit.source();
                if (document != null) {
                    return document.to(ObjectNode.class);
                }
            }
            return null;
        }

        private static long[] counts(ObjectNode document) {
            return COUNTS.stream()
                    .mapToLong(count -> Searches.number(document, count))
                    .toArray();
        }

        /** From what it stood at before to what it stands at; counts that fell began anew, as below. */
        private static void grow(
                Map<String, Long> sums, @Nullable ObjectNode stands, @Nullable ObjectNode stood, String field) {
            if (stands == null) {
                return;
            }
            ObjectNode since =
                    stood != null && Searches.number(stands, "in") >= Searches.number(stood, "in") ? stood : null;
            stands.path(field).properties().forEach(count -> {
                long from = since == null
                        ? 0
                        : since.path(field).path(count.getKey()).asLong(0);
                sums.merge(count.getKey(), count.getValue().asLong() - from, Long::sum);
            });
        }

        private static Map<String, Long> mostFirst(Map<String, Long> counts) {
            Map<String, Long> sorted = new LinkedHashMap<>();
            counts.entrySet().stream()
                    .filter(count -> count.getValue() > 0)
                    .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .forEach(count -> sorted.put(count.getKey(), count.getValue()));
            return sorted;
        }

        private static List<DateHistogramBucket> steps(StringTermsBucket source) {
            Aggregate part = source.aggregations().get("since");
            Aggregate steps = part == null || !part.isFilter()
                    ? null
                    : part.filter().aggregations().get("steps");
            return steps == null || !steps.isDateHistogram()
                    ? List.of()
                    : steps.dateHistogram().buckets().array();
        }

        private static long[] counts(Map<String, Aggregate> aggregations) {
            long[] counts = new long[COUNTS.size()];
            for (int i = 0; i < counts.length; i++) {
                Aggregate found = aggregations.get(COUNTS.get(i));
                double value = found == null || !found.isMax() ? 0 : found.max().value();
                counts[i] = Double.isFinite(value) ? Math.round(value) : 0;
            }
            return counts;
        }

        /** Counts that fell began anew: a job that lost its state counts from nothing. */
        private static void add(Map<Long, long[]> sums, long until, long[] now, long @Nullable [] before) {
            long[] sum = sums.computeIfAbsent(until, key -> new long[COUNTS.size()]);
            long[] from = before == null || now[0] < before[0] ? new long[COUNTS.size()] : before;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += now[i] - from[i];
            }
        }
    }
}
