package io.throughline.pipeline.settings;

import io.throughline.domain.measure.Expectation;
import io.throughline.domain.measure.Expectation.Component;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.ServiceLevel;
import io.throughline.domain.measure.Window;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Reads {@code measure}. */
final class MeasureSettings {
    /** Beyond any value of any metric. */
    private static final double FAR = 1e15;

    /** @param correctable how long touchpoints are corrected, milliseconds */
    static MeasureConfig read(Section section, long correctable) {
        MeasureConfig defaults = MeasureConfig.DEFAULTS;
        MeasureConfig.Builder config = defaults.toBuilder()
                .windows(windows(section, defaults.windows()))
                .publishEveryMs(section.duration("publish_every", defaults.publishEveryMs()))
                .dimensions(section.lists("dimensions", defaults.dimensions()))
                .customerDimensions(section.lists("customer_dimensions", defaults.customerDimensions()))
                .maxValues(section.integer("max_values", defaults.maxValues(), 1))
                .keptValues(keptValues(section.section("kept_values")))
                .queues(section.names("queues", defaults.queues()))
                .serviceLevelThresholdMs(
                        section.durationOrZero("service_level_threshold", defaults.serviceLevelThresholdMs()))
                .serviceLevelVariant(
                        section.choice("service_level_variant", ServiceLevel.class, defaults.serviceLevelVariant()))
                .selfServiceChannels(section.names("self_service_channels", defaults.selfServiceChannels()))
                .assistedChannels(section.names("assisted_channels", defaults.assistedChannels()))
                .trafficChannels(section.names("traffic_channels", defaults.trafficChannels()))
                .purchaseKinds(section.names("purchase_kinds", defaults.purchaseKinds()))
                .cancellationKinds(section.names("cancellation_kinds", defaults.cancellationKinds()))
                .stages(section.names("stages", defaults.stages()))
                .failedSelfServiceMs(
                        section.durationOrZero("failed_self_service_within", defaults.failedSelfServiceMs()))
                .longWaitMs(section.duration("long_wait", defaults.longWaitMs()))
                .expectations(expectations(section, defaults.expectations()))
                .metrics(section.texts("metrics", defaults.metrics()))
                .correctHistoryMs(section.durationOrZero("correct_history_for", correctable));
        return section.build(config::build, defaults);
    }

    private static Map<String, List<String>> keptValues(Section section) {
        Map<String, List<String>> kept = new TreeMap<>();
        for (String dimension : new TreeSet<>(MeasureConfig.DIMENSIONS)) {
            List<String> values = Names.ARE_VALUES_OF.contains(dimension)
                    ? section.names(dimension, List.of())
                    : section.texts(dimension, List.of());
            if (!values.isEmpty()) {
                kept.put(dimension, values);
            }
        }
        return kept;
    }

    private static List<Window> windows(Section section, List<Window> defaults) {
        List<Section> items = section.items("windows");
        boolean byDefault = items == null;
        List<Window> windows = new ArrayList<>();
        Map<String, Integer> places = new HashMap<>();
        boolean sound = true;
        for (int i = 0; i < (items == null ? defaults.size() : items.size()); i++) {
            Section item = items == null ? section.defaultItem("windows", i) : items.get(i);
            Window fallback = byDefault ? defaults.get(i) : new Window("unnamed", 3_600_000, 60_000);
            String name = item.text("name", fallback.name());
            long length = item.duration("length", fallback.lengthMs());
            long pane = item.duration("pane", fallback.paneMs());
            if (!byDefault && !(item.has("name") && item.has("length") && item.has("pane"))) {
                item.problem("", "a window needs a name, a length and a pane");
                sound = false;
                continue;
            }
            Integer earlier = places.putIfAbsent(name, i);
            if (earlier != null) {
                item.problem("name", name + " is the name of measure.windows[" + earlier + "] already");
                sound = false;
            }
            Window window = item.build(() -> new Window(name, length, pane), fallback);
            sound &= byDefault || window != fallback;
            windows.add(window);
        }
        // What stands in for a window that is wrong must not be found wrong as well.
        return sound ? windows : defaults;
    }

    private static List<Expectation> expectations(Section section, List<Expectation> defaults) {
        List<String> known = Arrays.stream(Expectation.Kind.values())
                .map(Expectation.Kind::code)
                .toList();
        List<Expectation> expectations = new ArrayList<>();
        section.sections("expectations", known).forEach((name, of) -> {
            if (!known.contains(name)) {
                of.problem("", "is none of the expectations: " + String.join(", ", known));
                return;
            }
            Expectation fallback = defaults.get(known.indexOf(name));
            List<Component> components = components(of, fallback.components());
            expectations.add(of.build(() -> new Expectation(fallback.kind(), components), fallback));
        });
        return expectations;
    }

    private static List<Component> components(Section section, List<Component> defaults) {
        List<Section> items = section.items("components");
        List<Component> components = new ArrayList<>();
        boolean sound = true;
        for (int i = 0; i < (items == null ? defaults.size() : items.size()); i++) {
            Section item = items == null ? section.defaultItem("components", i) : items.get(i);
            Component fallback = defaults.get(items == null ? i : 0);
            String metric = item.text("metric", fallback.metric());
            double best = item.decimal("best", fallback.best(), -FAR, FAR);
            double worst = item.decimal("worst", fallback.worst(), -FAR, FAR);
            double weight = item.decimal("weight", items == null ? fallback.weight() : 1, -FAR, FAR);
            if (items != null && !(item.has("metric") && item.has("best") && item.has("worst"))) {
                item.problem("", "a component needs a metric, its best and its worst value");
            }
            Component component = item.build(() -> new Component(metric, best, worst, weight), fallback);
            sound &= items == null || component != fallback;
            components.add(component);
        }
        // What stands in for a component that is wrong must not be found wrong as well.
        return sound ? components : defaults;
    }

    private MeasureSettings() {}
}
