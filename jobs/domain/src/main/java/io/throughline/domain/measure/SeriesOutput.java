package io.throughline.domain.measure;

/** What {@link SeriesRule} says. */
public sealed interface SeriesOutput {

    record Published(MetricValue value) implements SeriesOutput {}

    record HandedOver(SeriesInput.Inheritance inheritance) implements SeriesOutput {}
}
