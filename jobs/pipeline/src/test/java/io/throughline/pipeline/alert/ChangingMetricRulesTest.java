package io.throughline.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.MetricState;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.pipeline.kit.Backend;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.settings.AlertRuleFile;
import io.throughline.pipeline.wire.PublishedRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules about a figure that stays as it is, and so is not published again, change while the job runs or stands still. */
@ParameterizedClass
@EnumSource(Backend.class)
class ChangingMetricRulesTest {
    private static final long START = 1_795_392_000_000L;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final Backend backend;
    private AlertConfig files = AlertConfig.DEFAULTS.withRules(List.of());
    private final List<Alert> before = new ArrayList<>();

    private KeyedTwoInputStreamOperatorTestHarness<String, MetricValue, PublishedRule, Alert> harness;

    ChangingMetricRulesTest(Backend backend) {
        this.backend = backend;
    }

    @BeforeEach
    void open() throws Exception {
        harness = started(null);
        reach(0);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void aStricterVersionOpensWhenItTakesOver() throws Exception {
        published(1, 0, 15);
        abandonment("call", 12, 1);
        abandonment("chat", 11, 1);
        abandonment("store", 9, 1);
        reach(2);
        published(2, 3, 10);
        reach(2.9);
        assertThat(alerts()).isEmpty();
        reach(3);
        assertThat(alerts()).hasSize(2).allSatisfy(alert -> {
            assertThat(alert.ruleVersion()).isEqualTo(2);
            assertThat(alert.openedAt()).isEqualTo(START + 3 * MINUTE);
        });
    }

    @Test
    void aMilderVersionEndsWhatStoodWhenItTakesOver() throws Exception {
        published(1, 0, 15);
        abandonment("call", 20, 1);
        reach(2);
        published(2, 3, 30);
        reach(2.9);
        assertThat(alerts()).extracting(Alert::status).containsExactly(Alert.Status.OPEN);
        reach(3);
        assertThat(alerts()).last().satisfies(alert -> {
            assertThat(alert.status()).isEqualTo(Alert.Status.RESOLVED);
            assertThat(alert.resolvedAt()).isEqualTo(START + 3 * MINUTE);
        });
        reach(100);
        assertThat(alerts()).hasSize(2);
    }

    @Test
    void itDoesSoThoughTheJobStartsAgainBetweenItsPublicationAndItsTime() throws Exception {
        published(1, 0, 15);
        abandonment("call", 20, 1);
        abandonment("chat", 12, 1);
        reach(2);
        published(2, 3, 10);
        startAgain();
        reach(2.5);
        assertThat(alerts()).extracting(Alert::status).containsExactly(Alert.Status.OPEN);
        startAgain();
        reach(3);
        assertThat(alerts())
                .extracting(alert -> alert.status() + " " + alert.ruleVersion())
                .containsExactlyInAnyOrder("OPEN 1", "RESOLVED 1", "OPEN 2", "OPEN 2");
    }

    @Test
    void aVersionAddedToTheFilesTakesOverAfterTheRestart() throws Exception {
        files(rule(1, 0, 15));
        startAgain();
        reach(0.5);
        abandonment("call", 12, 1);
        reach(2);
        files(rule(1, 0, 15), rule(2, 3, 10));
        startAgain();
        reach(2.5);
        assertThat(alerts()).isEmpty();
        reach(3);
        assertThat(alerts()).singleElement().satisfies(alert -> assertThat(alert.ruleVersion())
                .isEqualTo(2));
        reach(100);
        assertThat(alerts()).hasSize(1);
    }

    @Test
    void oneThatWentFromTheFilesTakesItsAlertsWithItAfterTheRestart() throws Exception {
        files(rule(1, 0, 15));
        startAgain();
        reach(0.5);
        abandonment("call", 20, 1);
        files();
        startAgain();
        reach(2);
        assertThat(alerts()).last().satisfies(alert -> assertThat(alert.retractedBecause())
                .isEqualTo("rule abandoned is no longer configured"));
    }

    private void files(PublishedRule... rules) {
        files = files.withRules(List.of(rules).stream()
                .flatMap(each -> AlertRuleFile.parse(
                        "mine.yaml",
                        each.definition()
                                .replaceFirst(
                                        "\\{",
                                        "{version: " + each.version() + ", effective_from: "
                                                + Instant.ofEpochMilli(each.effectiveFrom()) + ", "))
                        .stream())
                .toList());
    }

    private void published(int version, long minute, double atLeast) throws Exception {
        harness.processElement2(new StreamRecord<>(rule(version, minute, atLeast)));
    }

    private static PublishedRule rule(int version, long minute, double atLeast) {
        return new PublishedRule(
                "abandoned",
                version,
                START + minute * MINUTE,
                "rules:\n  abandoned: {title: Abandoned, metric: {metric_id: abandonment_rate,"
                        + " dimensions: {channel: \"*\"}, window: 1h, at_least: " + atLeast + ", minimum: 1}}\n");
    }

    private void abandonment(String channel, double value, long minute) throws Exception {
        long at = START + minute * MINUTE;
        harness.processElement1(new StreamRecord<>(new MetricValue(
                "abandonment_rate",
                1,
                Map.of("channel", channel),
                "1h",
                value,
                "percent",
                60,
                null,
                null,
                true,
                "lower_is_better",
                at,
                false,
                at)));
    }

    private void reach(double minute) throws Exception {
        harness.processBothWatermarks(new Watermark(START + Math.round(minute * MINUTE)));
    }

    private void startAgain() throws Exception {
        OperatorSubtaskState snapshot = harness.snapshot(1, 1);
        before.addAll(harness.extractOutputValues());
        harness.close();
        harness = started(snapshot);
    }

    private List<Alert> alerts() {
        List<Alert> all = new ArrayList<>(before);
        all.addAll(harness.extractOutputValues());
        return all;
    }

    private KeyedTwoInputStreamOperatorTestHarness<String, MetricValue, PublishedRule, Alert> started(
            OperatorSubtaskState state) throws Exception {
        var function = new RuledFunction<String, MetricState, MetricValue>(
                files,
                config -> new ValueAlerts(config, MeasureConfig.DEFAULTS.windows()),
                LayoutType.state(MetricState.class, MetricLayouts.StateLayout.INSTANCE),
                false,
                true);
        var started = new KeyedTwoInputStreamOperatorTestHarness<String, MetricValue, PublishedRule, Alert>(
                function.operator(), ValueAlerts::key, rule -> "", Types.STRING);
        started.setStateBackend(backend.make());
        started.setup(LayoutType.of(Alert.class, AlertLayout.INSTANCE).createSerializer(null));
        if (state != null) {
            started.initializeState(state);
        }
        started.open();
        return started;
    }
}
