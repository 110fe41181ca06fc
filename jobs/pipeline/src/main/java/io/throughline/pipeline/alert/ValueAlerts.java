package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.MetricAlerts;
import io.throughline.domain.alert.MetricState;
import io.throughline.domain.alert.Ruled;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.measure.Window;
import io.throughline.domain.stage.Step;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link MetricAlerts} over values as they are published, translated where they are judged and not on a way of their own. */
final class ValueAlerts implements Ruled<MetricState, MetricValue> {
    private final MetricAlerts alerts;

    ValueAlerts(AlertConfig config, List<Window> windows) {
        this.alerts =
                new MetricAlerts(config, windows.stream().collect(Collectors.toMap(Window::name, Window::lengthMs)));
    }

    /** All windows of a metric and its dimensions together. */
    static String key(MetricValue value) {
        Map<String, String> dimensions = value.dimensions();
        switch (dimensions.size()) {
            case 0 -> {
                return value.metricId() + "{}";
            }
            case 1 -> {
                // Asked twice for every value there is, and nearly all are of one dimension.
                Map.Entry<String, String> only =
                        dimensions.entrySet().iterator().next();
                return value.metricId() + '{' + only.getKey() + '=' + only.getValue() + '}';
            }
            default -> {
                return value.metricId() + new TreeMap<>(dimensions);
            }
        }
    }

    @Override
    public Step<MetricState, Alert> on(@Nullable MetricState before, MetricValue value, long now) {
        if (before == null && !alerts.matters(value.metricId(), value.dimensions(), value.window())) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        return alerts.on(before, seen(value), now);
    }

    @Override
    public Step<MetricState, Alert> wake(@Nullable MetricState state, long now) {
        return alerts.wake(state, now);
    }

    @Override
    public Step<MetricState, Alert> ruled(MetricState state, long now) {
        return alerts.ruled(state, now);
    }

    private static MetricState.Value seen(MetricValue metric) {
        Boolean better =
                switch (metric.direction()) {
                    case "higher_is_better" -> (Boolean) true;
                    case "lower_is_better" -> (Boolean) false;
                    default -> null;
                };
        return new MetricState.Value(
                metric.metricId(),
                metric.dimensions(),
                metric.window(),
                metric.value(),
                metric.n(),
                metric.ciLow(),
                metric.ciHigh(),
                better,
                metric.asOf());
    }
}
