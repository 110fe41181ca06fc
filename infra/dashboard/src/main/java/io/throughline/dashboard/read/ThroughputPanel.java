package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.aggregations.Aggregate;
import co.elastic.clients.elasticsearch._types.aggregations.Aggregation;
import co.elastic.clients.elasticsearch._types.aggregations.DateHistogramBucket;
import co.elastic.clients.elasticsearch.core.msearch.RequestItem;
import co.elastic.clients.elasticsearch.core.search.ResponseBody;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Touchpoints by channel over the last 15 minutes. */
final class ThroughputPanel implements Panel<Throughput> {

    static final Duration SPAN = Duration.ofMinutes(15);
    static final Duration STEP = Duration.ofSeconds(10);
    private static final int STEPS = (int) SPAN.dividedBy(STEP);
    /** More than the channels known by default; what is beyond goes into {@code other}. */
    private static final int CHANNELS = 24;

    private final long from;

    ThroughputPanel(Instant now) {
        long step = STEP.toMillis();
        this.from = Math.floorDiv(now.toEpochMilli(), step) * step - (STEPS - 1) * step;
    }

    @Override
    public RequestItem search() {
        Instant first = Instant.ofEpochMilli(from);
        Aggregation steps = Aggregation.of(aggregation -> aggregation.dateHistogram(histogram -> histogram
                .field("received_time")
                .fixedInterval(interval -> interval.time(STEP.toSeconds() + "s"))
                .minDocCount(1)));
        return Searches.search(Alias.TOUCHPOINTS, body -> body.size(0)
                .query(query -> query.range(range -> range.date(date -> date.field("received_time")
                        .gte(first.toString())
                        .lt(first.plus(SPAN).toString()))))
                .aggregations("steps", steps)
                .aggregations("channels", aggregation -> aggregation
                        .terms(terms -> terms.field("channel").size(CHANNELS))
                        .aggregations("steps", steps)));
    }

    @Override
    public Throughput read(ResponseBody<ObjectNode> answer) {
        long[] other = counts(answer.aggregations());
        List<Throughput.Channel> channels = new ArrayList<>();
        var byChannel = answer.aggregations().get("channels");
        if (byChannel != null && byChannel.isSterms()) {
            byChannel.sterms().buckets().array().forEach(bucket -> {
                long[] counts = counts(bucket.aggregations());
                for (int i = 0; i < STEPS; i++) {
                    other[i] = Math.max(0, other[i] - counts[i]);
                }
                channels.add(new Throughput.Channel(bucket.key().stringValue(), bucket.docCount(), listed(counts)));
            });
        }
        return new Throughput(Instant.ofEpochMilli(from), STEP.toMillis(), true, channels, listed(other));
    }

    private static List<Long> listed(long[] counts) {
        return Arrays.stream(counts).boxed().toList();
    }

    private long[] counts(Map<String, Aggregate> aggregations) {
        long[] counts = new long[STEPS];
        var steps = aggregations.get("steps");
        if (steps != null && steps.isDateHistogram()) {
            for (DateHistogramBucket bucket : steps.dateHistogram().buckets().array()) {
                long index = (bucket.key() - from) / STEP.toMillis();
                if (index >= 0 && index < STEPS) {
                    counts[(int) index] = bucket.docCount();
                }
            }
        }
        return counts;
    }
}
