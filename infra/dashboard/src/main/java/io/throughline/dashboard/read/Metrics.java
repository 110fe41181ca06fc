package io.throughline.dashboard.read;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The newest value of every metric of one view.
 *
 * @param firstKept where an end is chosen up to which there is no value: when the first one is of; null: there is none, or
 *     nobody has to know
 */
public record Metrics(List<Metric> metrics, @Nullable Instant firstKept) {

    Metrics(List<Metric> metrics) {
        this(metrics, null);
    }

    /**
     * One published value with what qualifies it; fields as in the metric document.
     *
     * @param series the metric id, with {@code /SCALE} where the value holds for the answers on one scale only
     * @param scale the survey scale, for example 1-7; null: the value does not depend on it, or there is one only
     * @param previous the value one window earlier, covering none of the same time; null where history does not reach back
     */
    public record Metric(
            String series,
            String metricId,
            @Nullable String scale,
            int formulaVersion,
            String window,
            double value,
            String unit,
            long n,
            @Nullable Double ciLow,
            @Nullable Double ciHigh,
            boolean complete,
            String direction,
            Instant asOf,
            boolean restated,
            Trends.@Nullable Point previous) {}
}
