package io.throughline.domain.measure;

/** What {@link SeriesRule} says. */
public sealed interface SeriesOutput {

    /** A value as of now, or what a slot of history should have said: {@link MetricValue#isCurrent}. */
    record Published(MetricValue value) implements SeriesOutput {}

    record HandedOver(SeriesInput.Inheritance inheritance) implements SeriesOutput {}
}
