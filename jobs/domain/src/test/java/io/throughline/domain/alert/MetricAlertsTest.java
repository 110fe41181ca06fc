package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.throughline.domain.alert.MetricState.Value;
import io.throughline.domain.stage.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MetricAlertsTest {
    private static final long START = 1_795_392_000_000L;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final Map<String, Long> WINDOWS = Map.of(
            "1h",
            Duration.ofHours(1).toMillis(),
            "24h",
            Duration.ofDays(1).toMillis(),
            "30d",
            Duration.ofDays(30).toMillis());
    private static final Map<String, String> CALL = Map.of("channel", "call");

    private final List<Alert> said = new ArrayList<>();
    private MetricState state;
    private long wakeAt = Step.NEVER;

    @Test
    void tellsOfAMetricThatStaysBeyondItsBoundUntilItHasRecovered() {
        MetricAlerts rule = rule(new Pattern.Metric(
                new Pattern.Series("abandonment_rate", Map.of("channel", "*")),
                "1h",
                null,
                15.0,
                50,
                false,
                10.0,
                10 * MINUTE));
        on(rule, abandonment(20, 49, 0));
        assertThat(said).as("too few").isEmpty();
        on(rule, abandonment(20, 60, 1));
        on(rule, abandonment(14, 60, 5));
        on(rule, abandonment(16, 60, 6));
        on(rule, abandonment(17, 60, 15));
        assertThat(said).as("not yet for ten minutes on end").isEmpty();
        on(rule, abandonment(17, 60, 16));
        assertThat(said).singleElement().satisfies(alert -> {
            assertThat(alert.status()).isEqualTo(Alert.Status.OPEN);
            assertThat(alert.customerId()).isNull();
            assertThat(alert.openedAt()).isEqualTo(START + 16 * MINUTE);
            assertThat(alert.context().measured()).isEqualTo(17);
            assertThat(alert.context().bound()).isEqualTo(15);
            assertThat(alert.reason()).contains("abandonment rate of channel call: 17 over 1h with n 60");
        });
        on(rule, abandonment(12, 60, 20));
        assertThat(said).as("better, but not recovered").hasSize(1);
        on(rule, abandonment(10, 60, 21));
        assertThat(said).hasSize(2).last().satisfies(alert -> {
            assertThat(alert.status()).isEqualTo(Alert.Status.RESOLVED);
            assertThat(alert.resolvedAt()).isEqualTo(START + 21 * MINUTE);
        });
    }

    @Test
    void oneThatComesBackBeforeItHasCooledDownIsTheSameAlert() {
        MetricAlerts rule = rule(new Pattern.Metric(
                new Pattern.Series("abandonment_rate", Map.of("channel", "*")), "1h", null, 15.0, 1, false, null, 0));
        on(rule, abandonment(20, 60, 0));
        on(rule, abandonment(5, 60, 10));
        on(rule, abandonment(20, 60, 20));
        on(rule, abandonment(5, 60, 30));
        on(rule, abandonment(20, 60, 90));
        assertThat(said.stream().map(Alert::alertId).distinct()).hasSize(2);
        assertThat(said)
                .extracting(Alert::status)
                .containsExactly(
                        Alert.Status.OPEN,
                        Alert.Status.RESOLVED,
                        Alert.Status.OPEN,
                        Alert.Status.RESOLVED,
                        Alert.Status.OPEN);
        assertThat(said.subList(0, 4)).extracting(Alert::revision).containsExactly(1L, 2L, 3L, 4L);
    }

    @Test
    void oneThatCameBackSaysHowItWasOverAndCameBack() {
        MetricAlerts rule = rule(abandonmentOf(15.0));
        on(rule, abandonment(20, 60, 0));
        on(rule, abandonment(5, 60, 10));
        on(rule, abandonment(21, 60, 20));
        assertThat(said).last().satisfies(alert -> {
            assertThat(alert.resolvedAt()).isNull();
            assertThat(alert.life().history())
                    .extracting(Alert.Transition::what, Alert.Transition::at, Alert.Transition::because)
                    .containsExactly(
                            tuple("resolved", START + 10 * MINUTE, null),
                            tuple(
                                    "reopened",
                                    START + 20 * MINUTE,
                                    "it came back: abandonment rate of channel call: 21 over 1h with n 60, at least 15"));
        });
        on(rule, abandonment(5, 60, 30));
        assertThat(said).last().satisfies(alert -> {
            assertThat(alert.resolvedAt()).isEqualTo(START + 30 * MINUTE);
            assertThat(alert.life().history()).hasSize(2);
        });
    }

    @Test
    void oneThatKeepsComingBackIsAnotherAlertInTheEnd() {
        MetricAlerts rule = rule(abandonmentOf(15.0));
        for (int i = 0; i < 60; i++) {
            said.add(onlyOf(rule, 20, 2 * i));
            said.add(onlyOf(rule, 5, 2 * i + 1));
        }
        assertThat(said.stream().map(Alert::alertId).distinct()).hasSize(2);
        assertThat(said).allSatisfy(alert -> assertThat(alert.life().history()).hasSizeLessThanOrEqualTo(100));
    }

    @Test
    void saysTheWindowItLookedAt() {
        MetricAlerts rule = rule(new Pattern.Metric(
                new Pattern.Series("abandonment_rate", CALL), "1h", null, 15.0, 1, false, null, 10 * MINUTE));
        on(rule, abandonment(20, 60, 0));
        on(rule, abandonment(20, 60, 11));
        assertThat(said).singleElement().satisfies(alert -> {
            assertThat(alert.openedAt()).isEqualTo(START + 10 * MINUTE);
            assertThat(alert.context().windowStart())
                    .as("of the value it names")
                    .isEqualTo(START - 60 * MINUTE);
        });
    }

    @Test
    void isToldWithTheAlertsOfItsChannel() {
        NotifyConfig together = NotifyConfig.DEFAULTS.withGroupings(
                List.of(new Grouping("channel", Set.of(), "info", List.of(NotifyConfig.By.CHANNEL), MINUTE, MINUTE)));
        on(rule(abandonmentOf(15.0)), abandonment(20, 60, 0));
        assertThat(said).singleElement().satisfies(alert -> {
            assertThat(together.key(alert)).isEqualTo("grouping channel");
            assertThat(together.grouping(alert).shared(alert)).isEqualTo(CALL);
        });

        said.clear();
        state = null;
        on(
                rule(new Pattern.Metric(
                        new Pattern.Series("abandonment_rate", Map.of()), "1h", null, 15.0, 1, false, null, 0)),
                new Value("abandonment_rate", Map.of(), "1h", 20, 60, null, null, false, START));
        assertThat(said).singleElement().satisfies(alert -> assertThat(together.key(alert))
                .as("of no one channel")
                .isEqualTo("metric"));
    }

    @Test
    void namesNoWindowOfWhichItKnowsNoLength() {
        MetricAlerts rule = rule(new Pattern.Metric(
                new Pattern.Series("abandonment_rate", CALL), "a while", null, 15.0, 1, false, null, 0));
        on(rule, new Value("abandonment_rate", CALL, "a while", 20, 60, null, null, false, START));
        assertThat(said)
                .singleElement()
                .satisfies(alert -> assertThat(alert.context().windowStart()).isNull());
    }

    private Alert onlyOf(MetricAlerts rule, double value, int second) {
        long at = START + second * 1000L;
        Step<MetricState, Alert> step =
                rule.on(state, new Value("abandonment_rate", CALL, "1h", value, 60, null, null, false, at), at);
        state = step.state();
        return step.out().get(0);
    }

    @Test
    void isOverWhereNothingIsLeftToMeasureWhicheverWayIsGood() {
        MetricAlerts low =
                rule(new Pattern.Metric(new Pattern.Series("csat", CALL), "24h", 60.0, null, 1, false, 70.0, 0));
        on(low, new Value("csat", CALL, "24h", 50, 40, 35.0, 65.0, true, START));
        on(low, new Value("csat", CALL, "24h", 0, 0, null, null, true, START + 1));
        assertThat(said).extracting(Alert::status).containsExactly(Alert.Status.OPEN, Alert.Status.RESOLVED);

        said.clear();
        state = null;
        MetricAlerts worse = rule(new Pattern.Worse(new Pattern.Series("csat", CALL), "24h", "30d", 30, 0));
        on(worse, new Value("csat", CALL, "30d", 80, 900, 77.0, 83.0, true, START + 2));
        on(worse, new Value("csat", CALL, "24h", 62, 80, 54.0, 71.0, true, START + 3));
        on(worse, new Value("csat", CALL, "24h", 0, 0, null, null, true, START + 4));
        assertThat(said).extracting(Alert::status).containsExactly(Alert.Status.OPEN, Alert.Status.RESOLVED);
    }

    @Test
    void onlyAWholeIntervalBeyondCounts() {
        MetricAlerts rule =
                rule(new Pattern.Metric(new Pattern.Series("csat", Map.of()), "24h", 60.0, null, 1, true, null, 0));
        on(rule, new Value("csat", Map.of(), "24h", 50, 40, 35.0, 65.0, true, START));
        assertThat(said).isEmpty();
        on(rule, new Value("csat", Map.of(), "24h", 50, 400, 45.0, 55.0, true, START + 1));
        assertThat(said).hasSize(1);
    }

    @Test
    void aDropBeyondBothIntervalsIsWorse() {
        MetricAlerts rule =
                rule(new Pattern.Worse(new Pattern.Series("csat", Map.of("channel", "*")), "24h", "30d", 30, 0));
        on(rule, new Value("csat", CALL, "30d", 80, 900, 77.0, 83.0, true, START));
        on(rule, new Value("csat", CALL, "24h", 70, 40, 60.0, 78.0, true, START + 1));
        assertThat(said).as("the intervals touch").isEmpty();
        on(rule, new Value("csat", CALL, "24h", 62, 80, 54.0, 71.0, true, START + 2));
        assertThat(said).singleElement().satisfies(alert -> assertThat(alert.reason())
                .contains("csat of channel call: 62 over 24h with n 80, 80 over 30d"));
        on(rule, new Value("csat", CALL, "24h", 79, 80, 70.0, 86.0, true, START + 3));
        assertThat(said).as("still below").hasSize(1);
        on(rule, new Value("csat", CALL, "24h", 80, 80, 71.0, 87.0, true, START + 4));
        assertThat(said).hasSize(2);
    }

    @Test
    void otherSeriesAreNotRemembered() {
        MetricAlerts rule =
                rule(new Pattern.Worse(new Pattern.Series("csat", Map.of("channel", "*")), "24h", "30d", 30, 0));
        on(rule, new Value("csat", Map.of("stage", "support"), "24h", 1, 900, 0.0, 2.0, true, START));
        assertThat(state).isNull();
    }

    /** Published as the next version of one that looked at a figure. */
    @Test
    void isOverOnceTheNextVersionLooksAtTouchpoints() {
        AlertRule first = ofMetric(abandonmentOf(15.0));
        AlertRule second = AlertRule.once("metric", "Metric", "error", "speed", Match.anyOf("complaint"), 0)
                .from(2, START + 10 * MINUTE, AlertRule.Mode.ENABLED);
        MetricAlerts rule = new MetricAlerts(AlertConfig.DEFAULTS.withRules(List.of(first, second)), WINDOWS);
        on(rule, abandonment(20, 60, 0));
        assertThat(wakeAt).as("its figure may never be published again").isEqualTo(START + 10 * MINUTE);
        said.addAll(rule.wake(state, wakeAt).out());
        assertThat(said).extracting(Alert::status).containsExactly(Alert.Status.OPEN, Alert.Status.RESOLVED);
        on(rule, abandonment(20, 60, 20));
        assertThat(said).hasSize(2);
    }

    @Test
    void aStricterVersionOpensWhenItTakesOver() {
        AlertRule first = ofMetric(abandonmentOf(15.0));
        AlertRule second = ofMetric(abandonmentOf(10.0)).from(2, START + 10 * MINUTE, AlertRule.Mode.ENABLED);
        MetricAlerts rule = new MetricAlerts(AlertConfig.DEFAULTS.withRules(List.of(first, second)), WINDOWS);
        on(rule, abandonment(12, 60, 0));
        assertThat(wakeAt).as("its figure may never be published again").isEqualTo(START + 10 * MINUTE);
        apply(rule.wake(state, wakeAt));
        assertThat(said).singleElement().satisfies(alert -> {
            assertThat(alert.ruleVersion()).isEqualTo(2);
            assertThat(alert.openedAt()).isEqualTo(START + 10 * MINUTE);
        });
    }

    private static Pattern abandonmentOf(double atLeast) {
        return new Pattern.Metric(
                new Pattern.Series("abandonment_rate", Map.of("channel", "*")), "1h", null, atLeast, 1, false, null, 0);
    }

    private static Value abandonment(double value, long n, long minute) {
        return new Value("abandonment_rate", CALL, "1h", value, n, null, null, false, START + minute * MINUTE);
    }

    private static MetricAlerts rule(Pattern pattern) {
        return new MetricAlerts(AlertConfig.DEFAULTS.withRules(List.of(ofMetric(pattern))), WINDOWS);
    }

    private static AlertRule ofMetric(Pattern pattern) {
        return AlertRule.once(
                        "metric",
                        "Metric",
                        "error",
                        "speed",
                        Match.anyOf("x"),
                        Duration.ofHours(1).toMillis())
                .looking(pattern);
    }

    private void on(MetricAlerts rule, Value value) {
        if (wakeAt <= value.asOf()) {
            apply(rule.wake(state, wakeAt));
        }
        apply(rule.on(state, value, value.asOf()));
    }

    private void apply(Step<MetricState, Alert> step) {
        state = step.state();
        wakeAt = step.wakeAt();
        said.addAll(step.out());
    }
}
