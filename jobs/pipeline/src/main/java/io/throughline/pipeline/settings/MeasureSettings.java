package io.throughline.pipeline.settings;

import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.ServiceLevel;
import io.throughline.domain.measure.Window;
import java.util.ArrayList;
import java.util.List;

/** Reads {@code measure}. */
final class MeasureSettings {

    static MeasureConfig read(Section section) {
        MeasureConfig defaults = MeasureConfig.DEFAULTS;
        List<Window> windows = windows(section, defaults.windows());
        long publishEvery = section.duration("publish_every", defaults.publishEveryMs());
        List<List<String>> dimensions = section.lists("dimensions", defaults.dimensions());
        List<String> queues = section.texts("queues", defaults.queues());
        long threshold = section.durationOrZero("service_level_threshold", defaults.serviceLevelThresholdMs());
        ServiceLevel variant =
                section.choice("service_level_variant", ServiceLevel.class, defaults.serviceLevelVariant());
        List<String> metrics = section.texts("metrics", defaults.metrics());
        return section.build(
                () -> new MeasureConfig(windows, publishEvery, dimensions, queues, threshold, variant, metrics),
                defaults);
    }

    private static List<Window> windows(Section section, List<Window> defaults) {
        List<Section> items = section.items("windows");
        boolean byDefault = items == null;
        List<Window> windows = new ArrayList<>();
        for (int i = 0; i < (items == null ? defaults.size() : items.size()); i++) {
            Section item = items == null ? section.defaultItem("windows", i) : items.get(i);
            Window window = byDefault ? defaults.get(i) : new Window("unnamed", 3_600_000, 60_000);
            String name = item.text("name", window.name());
            long length = item.duration("length", window.lengthMs());
            long pane = item.duration("pane", window.paneMs());
            if (!byDefault && !(item.has("name") && item.has("length") && item.has("pane"))) {
                item.problem("", "a window needs a name, a length and a pane");
            }
            windows.add(item.build(() -> new Window(name, length, pane), window));
        }
        return windows;
    }

    private MeasureSettings() {}
}
