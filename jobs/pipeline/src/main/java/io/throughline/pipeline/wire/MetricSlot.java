package io.throughline.pipeline.wire;

import io.throughline.domain.measure.History;
import io.throughline.schemas.Metric;
import java.time.Instant;

/**
 * The place of a metric value in its history: the key of its record, so that compaction keeps the newest value of every
 * slot, and the id of its document, so that an index built from the topic is the one built while it was written.
 */
public final class MetricSlot {

    /** {@code SERIES@END}, where END is the end of the slot {@code as_of} lies in; an {@code as_of} on the border ends its slot. */
    public static String idOf(Metric metric) {
        long end = History.slotEnd(metric.getWindow(), metric.getAsOf().toEpochMilli());
        return metric.getSeriesId() + "@" + Instant.ofEpochMilli(end);
    }

    private MetricSlot() {}
}
