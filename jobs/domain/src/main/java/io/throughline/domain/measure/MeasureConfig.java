package io.throughline.domain.measure;

import java.io.Serializable;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is measured, over which windows, broken down by what. Keys are {@code measure.*}. Durations in
 * milliseconds.
 *
 * @param windows sliding, event time
 * @param publishEveryMs event time between two publications of one series; changed series only
 * @param dimensions combinations to break down by; the empty one is over everything
 * @param queues words before {@code _queued}, {@code _answered}, {@code _ended} and {@code _abandoned} in the kinds of
 *     what waits in a queue
 * @param serviceLevelThresholdMs T of the service level; a wait of exactly T is within it
 * @param serviceLevelVariant which of the formulas in use
 * @param metrics ids that are published
 */
public record MeasureConfig(
        List<Window> windows,
        long publishEveryMs,
        List<List<String>> dimensions,
        List<String> queues,
        long serviceLevelThresholdMs,
        ServiceLevel serviceLevelVariant,
        List<String> metrics)
        implements Serializable {

    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;

    /** What a touchpoint can be broken down by. */
    public static final Set<String> DIMENSIONS =
            Set.of("channel", "touchpoint", "stage", "topic", "segment", "location", "brand", "product", "experiment");

    public static final MeasureConfig DEFAULTS = new MeasureConfig(
            List.of(
                    new Window("1h", 60 * MINUTE, MINUTE),
                    new Window("24h", 24 * 60 * MINUTE, MINUTE),
                    new Window("7d", 7 * 24 * 60 * MINUTE, 15 * MINUTE),
                    new Window("30d", 30 * 24 * 60 * MINUTE, 15 * MINUTE)),
            5 * SECOND,
            List.of(
                    List.of(),
                    List.of("channel"),
                    List.of("touchpoint"),
                    List.of("stage"),
                    List.of("topic"),
                    List.of("segment"),
                    List.of("location"),
                    List.of("product"),
                    List.of("experiment")),
            List.of("call", "chat", "video"),
            20 * SECOND,
            ServiceLevel.ANSWERED_OF_OFFERED,
            Arrays.stream(Metric.values()).map(Metric::id).toList());

    public MeasureConfig {
        windows = List.copyOf(windows);
        dimensions = dimensions.stream().map(List::copyOf).toList();
        queues = List.copyOf(queues);
        metrics = List.copyOf(metrics);
        require(!windows.isEmpty(), "measure.windows must name at least one window");
        require(
                new HashSet<>(windows.stream().map(Window::name).toList()).size() == windows.size(),
                "measure.windows must not name a window twice, was " + windows);
        require(publishEveryMs >= 1, "measure.publish_every must be positive, was " + publishEveryMs + " ms");
        for (List<String> combination : dimensions) {
            require(
                    new HashSet<>(combination).size() == combination.size(),
                    "measure.dimensions must not name a dimension twice in one combination, was " + combination);
            for (String dimension : combination) {
                require(
                        DIMENSIONS.contains(dimension),
                        "measure.dimensions knows no " + dimension + "; it may name " + sorted(DIMENSIONS));
            }
        }
        require(
                dimensions.stream().map(HashSet::new).distinct().count() == dimensions.size(),
                "measure.dimensions must not name a combination twice, was " + dimensions);
        require(
                serviceLevelThresholdMs >= 0,
                "measure.service_level_threshold must not be negative, was " + serviceLevelThresholdMs + " ms");
        for (String metric : metrics) {
            require(
                    Arrays.stream(Metric.values()).anyMatch(known -> known.id().equals(metric)),
                    "measure.metrics knows no " + metric + "; docs/metrics.md lists what it may name");
        }
    }

    /** The same with windows that cover exactly (as_of - window, as_of], at the price of a pane per millisecond. */
    public MeasureConfig exact() {
        List<Window> exact = windows.stream()
                .map(window -> new Window(window.name(), window.lengthMs(), 1))
                .toList();
        return new MeasureConfig(
                exact, publishEveryMs, dimensions, queues, serviceLevelThresholdMs, serviceLevelVariant, metrics);
    }

    boolean publishes(Metric metric) {
        return metrics.contains(metric.id());
    }

    boolean publishes(Family family) {
        return family.metrics().stream().anyMatch(this::publishes);
    }

    private static List<String> sorted(Set<String> names) {
        return names.stream().sorted().toList();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
