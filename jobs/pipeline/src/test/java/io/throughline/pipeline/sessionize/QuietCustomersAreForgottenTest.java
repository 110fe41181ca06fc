package io.throughline.pipeline.sessionize;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.sessionize.CustomerInput;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.sessionize.SessionizeOutput;
import io.throughline.domain.sessionize.SessionizeRule;
import io.throughline.domain.sessionize.Transition;
import io.throughline.domain.sessionize.TransitionChange;
import io.throughline.domain.sessionize.TransitionRule;
import io.throughline.domain.sessionize.TransitionState;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.KeyedOperators;
import io.throughline.pipeline.kit.KeyedRuleFunction;
import io.throughline.pipeline.kit.LayoutType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** Nobody's state stays for ever: the operators, with their state and timers, once event time has passed the horizons. */
class QuietCustomersAreForgottenTest {
    private static final long START = 1_795_392_000_000L;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final int CUSTOMERS = 200;
    private static final SessionizeConfig CONFIG = SessionizeConfig.DEFAULTS;

    @Test
    void noKeyAndNoTimerIsLeft() throws Exception {
        List<TransitionChange> moves = new ArrayList<>();
        try (var customers = customers(moves);
                var transitions = transitions()) {
            customers.open();
            transitions.open();
            for (int i = 0; i < CUSTOMERS * 10; i++) {
                customers.processElement(CustomerInput.of(touch(i)), START + i * 60_000L);
                if (i % 100 == 0) {
                    customers.processWatermark(new Watermark(START + i * 60_000L - 5_000));
                }
            }
            long last = START + CUSTOMERS * 10 * 60_000L;
            customers.processWatermark(new Watermark(last + DAY));
            assertThat(customers.numKeyedStateEntries()).isPositive();
            for (TransitionChange move : moves) {
                transitions.processElement(move, last);
            }
            transitions.processWatermark(new Watermark(last + DAY));
            assertThat(transitions.extractOutputValues()).isNotEmpty();
            assertThat(transitions.numKeyedStateEntries()).isPositive();

            customers.processWatermark(new Watermark(last + CONFIG.lifetimeMs() + DAY));
            transitions.processWatermark(new Watermark(last + CONFIG.retentionMs() + CONFIG.maxLengthMs() + 2 * DAY));

            assertThat(customers.numKeyedStateEntries()).isZero();
            assertThat(customers.numEventTimeTimers()).isZero();
            assertThat(transitions.numKeyedStateEntries()).isZero();
            assertThat(transitions.numEventTimeTimers()).isZero();
        }
    }

    private static Attribution touch(int number) {
        return new Attribution(
                "c-" + number % CUSTOMERS,
                Touchpoint.of(
                                "t-" + number,
                                START + number * 60_000L,
                                number / CUSTOMERS % 2 == 0 ? "web" : "chat",
                                number % 3 == 0 ? "message" : "page_view")
                        .topic(number % 3 == 0 ? "billing" : null)
                        .stage(number / CUSTOMERS % 3 == 0 ? "support" : "engagement")
                        .build(),
                1,
                1);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, CustomerInput, TransitionChange> customers(
            List<TransitionChange> moves) throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                KeyedOperators.of(
                        new KeyedRuleFunction<String, CustomerState, CustomerInput, SessionizeOutput, TransitionChange>(
                                new SessionizeRule(CONFIG),
                                LayoutType.state(CustomerState.class, CustomerStateLayout.INSTANCE),
                                (output, main, side) -> {
                                    if (output instanceof SessionizeOutput.Moved moved) {
                                        moves.add(moved.change());
                                    }
                                })),
                CustomerInput::customerId,
                Types.STRING);
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, TransitionChange, Transition> transitions()
            throws Exception {
        return new KeyedOneInputStreamOperatorTestHarness<>(
                KeyedOperators.of(
                        new KeyedRuleFunction<String, TransitionState, TransitionChange, Transition, Transition>(
                                new TransitionRule(CONFIG),
                                LayoutType.of(TransitionState.class, TransitionStateLayout.INSTANCE),
                                KeyedRuleFunction.Forward.all())),
                change -> change.way().id(),
                Types.STRING);
    }
}
