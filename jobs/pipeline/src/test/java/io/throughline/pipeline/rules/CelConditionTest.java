package io.throughline.pipeline.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Signal;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CelConditionTest {

    private static final Signal CALL = new Signal(
            "t1",
            5,
            "call",
            "call_ended",
            false,
            null,
            "billing",
            "unresolved",
            61_000L,
            -0.5,
            new Survey("csat", 1, 5, true, 2, null, null),
            "customer",
            null,
            null,
            null,
            null,
            null,
            null,
            12_500_000L,
            Map.of("promise", "callback", "attempts", "3"));

    /** CALL waited, sounds so, was answered so: which of it mattered depends on what is compared, and whether that holds. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            textBlock =
                    """
                    touchpoint.satisfaction <= 25.0 @ csat 2 on 1-5
                    touchpoint.score == 2.0 @ csat 2 on 1-5
                    touchpoint.kind == 'complaint' || touchpoint.satisfaction <= 20.0 || touchpoint.sentiment <= -0.3 @ sentiment -0.5
                    touchpoint.kind == 'call_ended' || touchpoint.sentiment <= -0.7 @ billing
                    touchpoint.wait_ms > 60000 && touchpoint.outcome == 'unresolved' @ waited 1 min 1 s
                    touchpoint.outcome in ['unresolved', 'abandoned'] @ unresolved
                    touchpoint.outcome != 'resolved' @ unresolved
                    !(touchpoint.sentiment > 0.0) @ sentiment -0.5
                    touchpoint.value > 12.0 @ value 12.5
                    touchpoint.value * 2.0 > 24.0 @ value 12.5
                    touchpoint.properties.promise == 'callback' @ billing
                    """)
    void evidenceSaysWhatMadeItHold(String expression, String detail) throws ExpressionException {
        Touchpoint.Builder call = Touchpoint.of("t1", 5, "call", "call_ended")
                .topic("billing")
                .outcome("unresolved")
                .waitMs(61_000L)
                .sentiment(-0.5)
                .survey(new Survey("csat", 1, 5, true, 2, null, null))
                .value(new Money(12_500_000L, "EUR"))
                .properties(Map.of("promise", "callback"));
        AlertRuleSet rules = new AlertRuleSet(AlertConfig.DEFAULTS.withRules(List.of(AlertRule.once(
                "mine", "Mine", "error", "closure", Match.anyOf("call_ended").when(CelCondition.of(expression)), 0))));

        assertThat(rules.on(null, new Attribution("ada", call.build(), 1, 1), 5).out())
                .flatExtracting(Alert::evidence)
                .extracting(Alert.Evidence::detail)
                .containsExactly(detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            textBlock =
                    """
                    touchpoint.kind == 'call_ended' && touchpoint.wait_ms > 60000 @ true
                    touchpoint.sentiment <= -0.5 @ true
                    touchpoint.satisfaction <= 25.0 @ true
                    touchpoint.score == 2.0 && touchpoint.survey_metric == 'csat' @ true
                    touchpoint.value > 12.0 @ true
                    touchpoint.properties.promise == 'callback' @ true
                    int(touchpoint.properties['attempts']) >= 3 @ true
                    'promise' in touchpoint.properties @ true
                    has(touchpoint.properties.nothing) @ false
                    touchpoint.outbound @ false
                    touchpoint.case_id == 'x' @ false
                    touchpoint.case_id == 'x' || touchpoint.topic == 'billing' @ true
                    !(touchpoint.case_id == 'x') @ false
                    touchpoint.properties.nothing == '' @ false
                    customer.tier == 'top' @ true
                    touchpoint.channel.matches('(c|a)+ll') @ true
                    """)
    void sees(String expression, boolean holds) throws ExpressionException {
        CelCondition condition = CelCondition.of(expression);
        assertThat(condition.holds(CALL, "top")).isEqualTo(holds);
        assertThat(condition.failures()).isZero();
    }

    @Test
    void whatCannotBeEvaluatedDoesNotHoldAndIsCounted() throws ExpressionException {
        CelCondition condition = CelCondition.of("int(touchpoint.properties.promise) > 1");
        assertThat(condition.holds(CALL, null)).isFalse();
        assertThat(condition.holds(CALL, null)).isFalse();
        assertThat(condition.failures()).isEqualTo(2);
        assertThat(condition.lastFailure()).isEqualTo("text is not of the form it is converted from (BAD_FORMAT)");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            textBlock =
                    """
                    int(touchpoint.properties.secret) > 5
                    uint(touchpoint.properties.secret) > 5u
                    double(touchpoint.properties.secret) > 5.0
                    bool(touchpoint.properties.secret)
                    timestamp(touchpoint.properties.secret) > timestamp('2026-01-01T00:00:00Z')
                    duration(touchpoint.properties.secret) > duration('1h')
                    touchpoint.channel.matches(touchpoint.properties.secret)
                    1 / (touchpoint.wait_ms - touchpoint.wait_ms) > size(touchpoint.properties.secret)
                    touchpoint.wait_ms * 9223372036854775807 > size(touchpoint.properties.secret)
                    """)
    void aFailureIsTheKindOfErrorAndNeverWhatTheCustomerSaid(String expression) throws ExpressionException {
        for (String secret : List.of("secret\"*[(", "'secret' 'secret' *[(", "\n: secret *[(")) {
            CelCondition condition = CelCondition.of(expression);
            assertThat(condition.holds(with(secret), null)).isFalse();
            assertThat(condition.failures()).isEqualTo(1);
            assertThat(condition.lastFailure())
                    .isNotBlank()
                    .doesNotContain("secret", "*[(")
                    .doesNotContain("61000");
        }
    }

    private static Signal with(String secret) {
        return new Signal(
                "t2",
                5,
                "call",
                "call_ended",
                false,
                null,
                "billing",
                "unresolved",
                61_000L,
                -0.5,
                null,
                "customer",
                null,
                null,
                null,
                null,
                null,
                null,
                12_500_000L,
                Map.of("secret", secret));
    }

    @Test
    void namesWhatItLooksAt() throws ExpressionException {
        CelCondition condition = CelCondition.of(
                "touchpoint.properties.a == touchpoint.properties['b'] || 'c' in touchpoint.properties");
        assertThat(condition.properties()).containsExactly("a", "b", "c");
        assertThat(condition.looksAtTier()).isFalse();
        assertThat(CelCondition.of("customer.tier != ''").looksAtTier()).isTrue();
    }

    @Test
    void refusesWhatIsUnknownUntypedUnboundedOrTooDear() {
        assertThatThrownBy(() -> CelCondition.of("touchpoint.colour == 'blue'"))
                .hasMessageContaining("undeclared reference to 'touchpoint.colour'")
                .hasMessageContaining("touchpoint.wait_ms");
        assertThatThrownBy(() -> CelCondition.of("touchpoint.outbound &&\n  3 < customer.age"))
                .hasMessageContaining("undeclared reference to 'customer.age'");
        assertThatThrownBy(() -> CelCondition.of("touchpoint.wait_ms"))
                .hasMessageContaining("expected type 'bool' but found 'int'");
        assertThatThrownBy(() -> CelCondition.of("touchpoint.kind ==")).hasMessageContaining("mismatched input");
        assertThatThrownBy(() -> CelCondition.of("[1, 2].exists(x, x == 1)")).hasMessageContaining("undeclared");
        assertThatThrownBy(() -> CelCondition.of("touchpoint.properties[touchpoint.kind] == 'x'"))
                .hasMessageContaining("name the property that is looked at");
        assertThatThrownBy(() -> CelCondition.of("true" + " && true".repeat(60)))
                .hasMessageContaining("costs too much");
        assertThatThrownBy(() -> CelCondition.of("true || " + "touchpoint.outbound || ".repeat(100) + "true"))
                .hasMessageContaining("1000");
    }

    @Test
    void survivesBeingShipped() throws Exception {
        CelCondition condition = CelCondition.of("touchpoint.kind == 'call_ended'");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new ObjectOutputStream(bytes).writeObject(condition);
        Object shipped = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
        assertThat(shipped).isEqualTo(condition);
        assertThat(((CelCondition) shipped).holds(CALL, null)).isTrue();
    }
}
