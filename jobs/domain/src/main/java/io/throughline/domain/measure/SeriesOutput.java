package io.throughline.domain.measure;

/** What {@link SeriesRule} says. */
public sealed interface SeriesOutput {

    record Published(MetricValue value) implements SeriesOutput {}

    /** What a slot of history should have said, true as of the end of the slot; no news of now. */
    record Restated(MetricValue value) implements SeriesOutput {}

    record HandedOver(SeriesInput.Inheritance inheritance) implements SeriesOutput {}
}
