package io.throughline.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.MetricState;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ValueAlertsTest {
    private static final String[] WORDS = {"channel", "topic", "a=b", "{x}", "", "Grüße", "segment"};

    /** What is remembered of metrics is found by it, also what was remembered by another release. */
    @Test
    void theKeyIsTheMetricAndItsDimensionsInOrder() {
        Random random = new Random(1);
        for (int i = 0; i < 1_000; i++) {
            Map<String, String> dimensions = new HashMap<>();
            for (int more = random.nextInt(4); more > 0; more--) {
                dimensions.put(word(random), word(random));
            }
            assertThat(ValueAlerts.key(value("csat", dimensions))).isEqualTo("csat" + new TreeMap<>(dimensions));
            assertThat(ValueAlerts.key(value("csat", Map.copyOf(dimensions))))
                    .isEqualTo("csat" + new TreeMap<>(dimensions));
        }
    }

    /** The first is as it is for the metrics of every customer; the second pins what follows from having something to keep. */
    @Test
    void whatNoRuleLooksAtIsRememberedOnlyBesideWhatOneDoes() {
        ValueAlerts alerts = new ValueAlerts(AlertConfig.DEFAULTS, MeasureConfig.DEFAULTS.windows());
        MetricValue value = value("no_such_metric", Map.of());
        assertThat(alerts.on(null, value, 0).state()).isNull();
        assertThat(alerts.on(new MetricState(), value, 0).state())
                .isNotNull()
                .satisfies(state -> assertThat(state.values()).containsKey("1h"));
    }

    private static String word(Random random) {
        return WORDS[random.nextInt(WORDS.length)];
    }

    private static MetricValue value(String metric, Map<String, String> dimensions) {
        return new MetricValue(
                metric, 1, dimensions, "1h", 50, "percent", 10, null, null, true, "higher_is_better", 0, false, 0);
    }
}
