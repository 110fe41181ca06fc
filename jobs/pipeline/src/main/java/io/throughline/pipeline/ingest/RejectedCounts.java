package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.RejectReason;
import io.throughline.pipeline.kit.OperatorMetrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;

/** Rejected records by reason, all reasons from the start: whoever takes rates would miss the first of a counter that is new. */
final class RejectedCounts {
    private final Map<RejectReason, Counter> counters = new EnumMap<>(RejectReason.class);

    RejectedCounts(MetricGroup metrics) {
        for (RejectReason reason : RejectReason.values()) {
            counters.put(
                    reason,
                    metrics.addGroup(OperatorMetrics.REASON, reason.code()).counter(OperatorMetrics.REJECTED));
        }
    }

    void count(RejectReason reason) {
        Objects.requireNonNull(counters.get(reason)).inc();
    }
}
