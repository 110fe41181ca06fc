package io.throughline.dashboard.read;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The published history of a view's metrics.
 *
 * @param trends metric id to its points, oldest first
 */
public record Trends(Map<String, List<Point>> trends) {

    /** One value of the past; fields as in the metric document. */
    public record Point(Instant asOf, double value, long n, @Nullable Double ciLow, @Nullable Double ciHigh) {}

    /** The newest point of a metric in (when - tolerance, when]; null where there is none. */
    @Nullable
    Point at(String metricId, Instant when, Duration tolerance) {
        Point found = null;
        for (Point point : trends.getOrDefault(metricId, List.of())) {
            if (!point.asOf().isAfter(when) && point.asOf().isAfter(when.minus(tolerance))) {
                found = point;
            }
        }
        return found;
    }
}
