package io.throughline.domain.measure;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One rolling metric of one series and window, true as of {@code asOf}: over event times in (asOf - window, asOf].
 * {@code revision} is the event time it was computed at: later than {@code asOf} where history is restated.
 *
 * @param dimensions name to value; empty: over everything
 * @param window 1h, 24h, 7d or 30d
 * @param unit percent, points, score, ms or count
 * @param n observations behind the value
 * @param ciLow lower bound of the 95 % interval; null where none is defined
 * @param complete whether the whole window lies after the pipeline's first event time
 * @param direction higher_is_better, lower_is_better or neutral
 * @param restated whether a correction changed a value published before
 */
public record MetricValue(
        String metricId,
        int formulaVersion,
        Map<String, String> dimensions,
        String window,
        double value,
        String unit,
        long n,
        @Nullable Double ciLow,
        @Nullable Double ciHigh,
        boolean complete,
        String direction,
        long asOf,
        boolean restated,
        long revision) {

    /** Metric, dimensions and window, as {@code csat|channel=call|24h}; a hash of them where that would be long. */
    public String seriesId() {
        return SeriesIds.document(metricId, dimensions, window);
    }

    /** Whether it is news of now. Otherwise it is what a slot of history should have said. */
    public boolean isCurrent() {
        return asOf == revision;
    }
}
