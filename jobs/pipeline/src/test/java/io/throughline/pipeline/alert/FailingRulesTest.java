package io.throughline.pipeline.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.throughline.domain.alert.Signal;
import io.throughline.pipeline.rules.CelCondition;
import io.throughline.pipeline.rules.ExpressionException;
import io.throughline.pipeline.wire.RuleError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one task says of rules whose conditions fail. */
class FailingRulesTest {

    private static final long START = 1_772_366_400_000L;

    private final FailingRules failing = new FailingRules(3);
    private final List<RuleError> said = new ArrayList<>();
    private CelCondition condition;

    @BeforeEach
    void oneRule() throws ExpressionException {
        condition = CelCondition.of("int(touchpoint.properties.price) > 100");
        failing.add("dear", condition);
    }

    @Test
    void whatFailsAsOftenAfterAChangeOfRulesAsBeforeItIsSaidAnew() throws ExpressionException {
        fails(1);
        failing.say(START, said::add);

        rulesChange();
        fails(1);
        failing.say(START + 1_000, said::add);

        assertThat(said)
                .extracting(RuleError::failures, RuleError::since, RuleError::lastAt)
                .containsExactly(tuple(1L, START, START), tuple(1L, START + 1_000, START + 1_000));
    }

    @Test
    void whatFailsMoreOftenAfterAChangeOfRulesThanBeforeItBeginsWithTheChange() throws ExpressionException {
        fails(1);
        failing.say(START, said::add);

        rulesChange();
        fails(5);
        failing.say(START + 1_000, said::add);
        fails(1);
        failing.say(START + 20_000, said::add);

        assertThat(said).extracting(RuleError::failures).containsExactly(1L, 5L, 6L);
        assertThat(said).extracting(RuleError::since).containsExactly(START, START + 1_000, START + 1_000);
    }

    @Test
    void whatFailsNoMoreAfterAChangeOfRulesIsTakenBackOnce() throws ExpressionException {
        fails(2);
        failing.say(START, said::add);

        rulesChange();
        failing.say(START + 1_000, said::add);
        rulesChange();
        failing.say(START + 2_000, said::add);

        assertThat(said).extracting(RuleError::failures).containsExactly(2L, 0L);
        assertThat(said.get(1).lastError()).isEmpty();
    }

    @Test
    void whatGoesOnFailingIsSaidAtMostEveryTenSeconds() {
        fails(1);
        failing.say(START, said::add);
        fails(1);
        failing.say(START + 9_999, said::add);
        assertThat(said).hasSize(1);

        failing.say(START + 10_000, said::add);
        assertThat(said).extracting(RuleError::failures).containsExactly(1L, 2L);
    }

    private void rulesChange() throws ExpressionException {
        failing.clear();
        condition = CelCondition.of("int(touchpoint.properties.price) > 200");
        failing.add("dear", condition);
    }

    private void fails(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(condition.holds(TOUCHPOINT, null)).isFalse();
        }
    }

    private static final Signal TOUCHPOINT = new Signal(
            "t1",
            5,
            "store",
            "return",
            false,
            null,
            null,
            null,
            null,
            null,
            null,
            "customer",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            Map.of("price", "a lot"));
}
