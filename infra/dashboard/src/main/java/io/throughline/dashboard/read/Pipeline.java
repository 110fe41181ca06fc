package io.throughline.dashboard.read;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether what the page shows can be trusted: how fresh it is and whether every record read is accounted for.
 *
 * @param touchpoints touchpoints in the index
 * @param newestEventTime largest event time of a touchpoint in the index
 * @param newestReceivedTime largest received time of a touchpoint in the index
 * @param newestMetric largest time a metric is true as of
 * @param generation which generation of indices is read; null while no touchpoint is in it
 * @param accounting null before the first account was published
 * @param rejected newest records that did not count
 */
public record Pipeline(
        long touchpoints,
        @Nullable Instant newestEventTime,
        @Nullable Instant newestReceivedTime,
        @Nullable Instant newestMetric,
        @Nullable Integer generation,
        @Nullable Account accounting,
        List<Rejection> rejected) {

    /**
     * The sum over all sources.
     *
     * @param balances whether every record read has exactly one fate, source by source
     * @param unbalanced sources whose fates do not add up to what was read
     * @param rejectedByReason most frequent first
     */
    public record Account(
            long sources,
            long in,
            long processed,
            long rejected,
            long late,
            long duplicate,
            long erased,
            boolean balances,
            List<String> unbalanced,
            Map<String, Long> rejectedByReason) {}

    /** One record that did not count; fields as in the rejected document. */
    public record Rejection(String origin, String reason, String detail, @Nullable Instant receivedTime) {}
}
