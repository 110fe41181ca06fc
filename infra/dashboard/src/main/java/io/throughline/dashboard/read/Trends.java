package io.throughline.dashboard.read;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The published history of a view's metrics. A value that did not change is not published again: each holds until the
 * next.
 *
 * @param trends series (as in {@link Metrics.Metric#series}) to its points, oldest first; n is 0 from where on there was
 *     nothing to measure
 */
public record Trends(Map<String, List<Point>> trends) {

    /** One value of the past; fields as in the metric document. */
    public record Point(
            Instant asOf, double value, long n, @Nullable Double ciLow, @Nullable Double ciHigh, boolean complete) {}

    /** What held at an instant, published at most {@code longest} before; null where nothing did. */
    @Nullable
    Point at(String series, Instant when, Duration longest) {
        Point found = null;
        for (Point point : trends.getOrDefault(series, List.of())) {
            if (!point.asOf().isAfter(when) && point.asOf().isAfter(when.minus(longest))) {
                found = point;
            }
        }
        return found == null || found.n() == 0 ? null : found;
    }
}
