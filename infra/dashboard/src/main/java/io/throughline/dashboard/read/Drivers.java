package io.throughline.dashboard.read;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What moves with the answers to a survey, over everything.
 *
 * @param drivers the largest impact first, whichever way it goes; those of which none is published last
 */
public record Drivers(List<Driver> drivers) {

    /**
     * One factor of sessions, for example a long wait. A figure is null where it is not published.
     *
     * @param survey whose answers, csat or nps
     * @param effect the mean of answers about sessions with the factor less that of the others
     * @param share of the answers that are about sessions with it
     * @param impact by how much the mean of all is other than it would be without the factor
     */
    public record Driver(
            String survey, String factor, @Nullable Figure effect, @Nullable Figure share, @Nullable Figure impact) {

        double size() {
            return impact == null ? -1 : Math.abs(impact.value());
        }
    }

    /** One published value; fields as in the metric document. */
    public record Figure(
            String metricId,
            double value,
            String unit,
            long n,
            @Nullable Double ciLow,
            @Nullable Double ciHigh,
            boolean complete,
            Instant asOf) {}
}
