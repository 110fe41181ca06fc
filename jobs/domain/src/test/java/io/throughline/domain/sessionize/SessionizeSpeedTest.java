package io.throughline.domain.sessionize;

import static io.throughline.domain.sessionize.Touchpoints.at;
import static io.throughline.domain.sessionize.Touchpoints.touch;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Processor time, and several times what an idle machine takes: tests run without the optimising compiler and on
 * machines whose caches others use, too.
 */
class SessionizeSpeedTest {
    private final SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);

    @Test
    void twentyThousandTouchpointsOfAThousandCustomersTakeASecond() {
        CustomerState[] states = new CustomerState[1_000];
        long[] wakes = new long[states.length];
        long published = 0;
        long began = processorMillis();
        for (int i = 0; i < 20_000; i++) {
            int customer = i * 7919 % states.length;
            long now = at("10:00") + 1_000L * i;
            Touchpoint touchpoint = Touchpoint.of("t" + i, now + 500, i % 3 == 0 ? "web" : "app", "page_view")
                    .identifiers(List.of(new Identifier("email", "e" + customer)))
                    .build();
            CustomerState state = states[customer];
            if (state != null && wakes[customer] <= now) {
                Step<CustomerState, SessionizeOutput> woken = rule.wake(state, now);
                state = woken.state();
                published += woken.out().size();
            }
            Step<CustomerState, SessionizeOutput> step =
                    rule.on(state, CustomerInput.of(new Attribution("c" + customer, touchpoint, 1, 1)), now);
            states[customer] = step.state();
            wakes[customer] = step.wakeAt();
            published += step.out().size();
        }
        long took = processorMillis() - began;

        assertThat(published).isGreaterThan(20_000);
        assertThat(took).as("milliseconds").isLessThan(2_500);
    }

    @Test
    void aBotThatFillsSessionAfterSessionCostsALinearPriceForEachTouchpoint() {
        CustomerState state = null;
        long published = 0;
        long began = processorMillis();
        for (int i = 0; i < 3_000; i++) {
            Touchpoint touchpoint = touch("t" + i, "10:00", "web", "page_view")
                    .eventTime(at("10:00") + 2_000L * i)
                    .build();
            Step<CustomerState, SessionizeOutput> step = rule.on(
                    state,
                    CustomerInput.of(new Attribution(Touchpoints.CUSTOMER, touchpoint, 1, 1)),
                    touchpoint.eventTime() - 500);
            state = step.state();
            published += step.out().size();
        }
        long took = processorMillis() - began;

        assertThat(published).isGreaterThan(9_000);
        assertThat(took).as("milliseconds").isLessThan(6_000);
    }

    private static long processorMillis() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000;
    }
}
