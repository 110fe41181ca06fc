package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.experience.ExperienceConfig;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertConfigTest {
    private static final AlertConfig D = AlertConfig.DEFAULTS;
    private static final long DAY = Duration.ofDays(1).toMillis();

    @Test
    void watchesTheFourExpectations() {
        assertThat(D.rules())
                .extracting(AlertRule::ruleId)
                .containsExactly(
                        "low-satisfaction",
                        "strong-detractor",
                        "detractor",
                        "high-effort",
                        "complaint",
                        "repeated-errors",
                        "long-wait",
                        "gave-up-waiting",
                        "left-queue",
                        "negative-sentiment",
                        "repeat-contacts");
        assertThat(D.rules())
                .extracting(AlertRule::expectation)
                .contains("speed", "reliability", "interaction", "closure");
        assertThat(D.keepForMs()).isEqualTo(Duration.ofDays(45).toMillis());
        assertThat(D.resolveWithinMs()).isEqualTo(Duration.ofDays(7).toMillis());
        assertThat(D.resolvedBySatisfaction()).isEqualTo(75);
        assertThat(D.maxSignals()).isEqualTo(1_000);
        assertThat(D.maxEvidence()).isEqualTo(100);
    }

    @Test
    void namesTheRuleThatIsWrong() {
        Match match = Match.anyOf("complaint");
        assertThatThrownBy(() -> AlertRule.once("Bad Id", "x", "error", "closure", match, 0))
                .hasMessageContaining("alert.rules.Bad Id: rule_id must be lower-case");
        assertThatThrownBy(() -> AlertRule.once("a", "x", "fatal", "closure", match, 0))
                .hasMessageContaining("alert.rules.a: severity must be one of [critical, error, warning, info]");
        assertThatThrownBy(() -> AlertRule.once("a", "x", "error", "delight", match, 0))
                .hasMessageContaining("alert.rules.a: expectation must be one of");
        assertThatThrownBy(() -> AlertRule.once("a", "x", "error", "closure", Match.anyOf(), 0))
                .hasMessageContaining("alert.rules.a: match must name at least one condition");
        assertThatThrownBy(() -> new AlertRule("a", 1, "x", "error", "closure", match, 2, 0, 0, false, 0))
                .hasMessageContaining("alert.rules.a: within must be positive");
    }

    @Test
    void refusesTwoRulesOfOneNameAndARuleThatOutlivesMemory() {
        AlertRule rule = AlertRule.once("a", "x", "error", "closure", Match.anyOf("complaint"), 0);
        assertThatThrownBy(() -> D.withRules(List.of(rule, rule))).hasMessage("alert.rules names a twice");
        AlertRule endless = AlertRule.once("b", "x", "error", "closure", Match.anyOf("x"), D.keepForMs() + 1);
        assertThatThrownBy(() -> D.withRules(List.of(endless)))
                .hasMessage(
                        "alert.keep_for must be at least 45 d 1 ms for b: the rule's within and cool_down; was 45 d");
    }

    /** Else a late correction would be judged without all that counted. */
    @Test
    void aScoreNeedsAllThatCountsHeldForAsLongAsTouchpointsAreCorrected() {
        AlertRule drop = AlertRule.once("drop", "x", "error", "closure", Match.anyOf("x"), 0)
                .looking(new Pattern.Experience(20, null, 7 * DAY, 30 * DAY, ExperienceConfig.DEFAULTS));
        assertThatThrownBy(() -> D.withRules(List.of(drop)))
                .hasMessage(
                        "alert.keep_for must be at least 74 d for drop: the time in which touchpoints are corrected,"
                                + " and the rule's within and counts; was 45 d");
        AlertRule low = drop.looking(new Pattern.Experience(null, 20, 7 * DAY, 8 * DAY, ExperienceConfig.DEFAULTS));
        assertThat(D.withRules(List.of(low)).rules()).hasSize(1);
    }
}
