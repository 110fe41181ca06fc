package io.throughline.domain.measure;

import java.util.Map;

/** What {@link SeriesRule} takes. */
public sealed interface SeriesInput permits Subtotal, SeriesInput.Eviction, SeriesInput.Inheritance {

    Family family();

    Map<String, String> dimensions();

    /** The series it counts in: family and dimensions, as text that no other series shares. */
    default String seriesKey() {
        return SeriesIds.key(family().name(), dimensions());
    }

    /** The series has lost its place to others: what it has counted is handed over to the one of all without a place. */
    record Eviction(Family family, Map<String, String> dimensions) implements SeriesInput {}

    /**
     * What an evicted series has counted, for the series of all without a place.
     *
     * @param dimensions of the heir
     * @param counted panes and what lies ahead; what was said of it is of no account
     */
    record Inheritance(Family family, Map<String, String> dimensions, SeriesState counted) implements SeriesInput {}
}
