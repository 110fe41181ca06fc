package io.throughline.pipeline.index;

import io.throughline.schemas.Metric;
import java.time.Duration;
import java.time.Instant;

/** How finely the history of a metric is kept: one document per series and slot, the newest value of the slot. */
final class MetricSlot {

    private MetricSlot() {}

    /** {@code SERIES@END}, where END is the end of the slot {@code as_of} lies in; an {@code as_of} on the border ends its slot. */
    static String idOf(Metric metric) {
        long length = lengthFor(metric.getWindow()).toMillis();
        long asOf = metric.getAsOf().toEpochMilli();
        long end = -Math.floorDiv(-asOf, length) * length;
        return metric.getSeriesId() + "@" + Instant.ofEpochMilli(end);
    }

    /** Five minutes for windows of an hour, an hour for a day, a day for all longer ones. */
    private static Duration lengthFor(String window) {
        return switch (window) {
            case "1h" -> Duration.ofMinutes(5);
            case "24h" -> Duration.ofHours(1);
            default -> Duration.ofDays(1);
        };
    }
}
