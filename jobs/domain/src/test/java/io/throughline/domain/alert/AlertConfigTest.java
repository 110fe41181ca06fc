package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlertConfigTest {
    private static final AlertConfig D = AlertConfig.DEFAULTS;

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
                .hasMessageContaining("alert.keep_for must cover within and cool_down of b");
    }
}
