package io.throughline.domain.measure;

import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is measured, over which windows, broken down by what. Keys are {@code measure.*}.
 *
 * @param windows sliding, event time
 * @param publishEvery event time between two publications of one series; changed series only
 * @param dimensions combinations to break down by; the empty one is over everything
 * @param queues words before {@code _queued}, {@code _answered}, {@code _ended} and {@code _abandoned} in the kinds of
 *     what waits in a queue
 * @param serviceLevelThreshold T of the service level; a wait of exactly T is within it
 * @param serviceLevelVariant which of the formulas in use
 * @param repeatWindow a contact about the same topic within it is a repeat; a wait of exactly this long still is
 * @param metrics ids that are published
 */
public record MeasureConfig(
        List<Window> windows,
        Duration publishEvery,
        List<List<String>> dimensions,
        List<String> queues,
        Duration serviceLevelThreshold,
        ServiceLevel serviceLevelVariant,
        Duration repeatWindow,
        List<String> metrics)
        implements Serializable {

    /** What a touchpoint can be broken down by. */
    public static final Set<String> DIMENSIONS =
            Set.of("channel", "touchpoint", "stage", "topic", "segment", "location", "brand", "product", "experiment");

    public static final MeasureConfig DEFAULTS = new MeasureConfig(
            List.of(
                    new Window("1h", Duration.ofHours(1), Duration.ofMinutes(1)),
                    new Window("24h", Duration.ofHours(24), Duration.ofMinutes(1)),
                    new Window("7d", Duration.ofDays(7), Duration.ofMinutes(15)),
                    new Window("30d", Duration.ofDays(30), Duration.ofMinutes(15))),
            Duration.ofSeconds(5),
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
            Duration.ofSeconds(20),
            ServiceLevel.ANSWERED_OF_OFFERED,
            Duration.ofDays(7),
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
        require(publishEvery.toMillis() >= 1, "measure.publish_every must be at least 1 ms, was " + publishEvery);
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
                !serviceLevelThreshold.isNegative(),
                "measure.service_level_threshold must not be negative, was " + serviceLevelThreshold);
        require(repeatWindow.toMillis() >= 1, "measure.repeat_window must be at least 1 ms, was " + repeatWindow);
        for (String metric : metrics) {
            require(
                    Arrays.stream(Metric.values()).anyMatch(known -> known.id().equals(metric)),
                    "measure.metrics knows no " + metric + "; docs/metrics.md lists what it may name");
        }
    }

    /** The same with windows that cover exactly (as_of - window, as_of], at the price of a pane per millisecond. */
    public MeasureConfig exact() {
        List<Window> exact = windows.stream()
                .map(window -> new Window(window.name(), window.length(), Duration.ofMillis(1)))
                .toList();
        return new MeasureConfig(
                exact,
                publishEvery,
                dimensions,
                queues,
                serviceLevelThreshold,
                serviceLevelVariant,
                repeatWindow,
                metrics);
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
