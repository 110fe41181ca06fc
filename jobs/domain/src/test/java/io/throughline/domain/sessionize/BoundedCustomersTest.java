package io.throughline.domain.sessionize;

import static io.throughline.domain.sessionize.Touchpoints.at;
import static io.throughline.domain.sessionize.Touchpoints.touch;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a customer takes is bounded, while busy and when quiet. */
class BoundedCustomersTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    @Test
    void ofACustomerWhoIsQuietOnlyTotalsAreLeftAfterARetentionAndNothingAfterALifetime() {
        SessionizeConfig config = SessionizeConfig.DEFAULTS;
        Listening ada = new Listening(config);
        for (int i = 0; i < 40; i++) {
            ada.hears(touch("t" + i, "10:00", i % 2 == 0 ? "web" : "chat", i % 3 == 0 ? "message" : "page_view")
                            .eventTime(at("10:00") + i * DAY / 4)
                            .topic(i % 3 == 0 ? "billing" : null)
                            .stage("support")
                            .build())
                    .reaches(at("10:00") + i * DAY / 4);
        }
        long last = at("10:00") + 39 * DAY / 4;

        ada.reaches(last + config.retentionMs() + config.journey().quietMs() + DAY);
        CustomerState.Memory left = ada.state.remember();
        assertThat(left.touches()).isEmpty();
        assertThat(left.sessions()).isEmpty();
        assertThat(left.issues()).isEmpty();
        assertThat(left.journeys()).isEmpty();
        assertThat(left.begun()).isNull();
        assertThat(left.sums().touchpoints()).isEqualTo(40);

        ada.reaches(last + config.lifetimeMs() + 1);
        assertThat(ada.state).isNull();
        assertThat(ada.wakeAt).isEqualTo(Step.NEVER);
    }

    @Test
    void whatACustomerAgreedToIsKnownAsLongAsTheCustomerAndNotWhenItWasSomebodyElses() {
        SessionizeConfig config = SessionizeConfig.DEFAULTS;
        Touchpoint agreed = touch("t1", "10:00", "web", "consent_given")
                .properties(Map.of("purpose", "marketing"))
                .build();
        Touchpoint withdrew = touch("t2", "11:00", "email", "consent_withdrawn")
                .properties(Map.of("purpose", "marketing"))
                .build();
        Listening ada = new Listening(config).hears(withdrew, agreed);
        ada.reaches(at("11:00") + config.retentionMs() + 2 * DAY);
        assertThat(ada.state.remember().touches()).isEmpty();

        Touchpoint later =
                touch("t3", "11:00", "web", "page_view").eventTime(ada.now).build();
        ada.hears(later).reaches(ada.now + DAY);
        assertThat(ada.customer.consents())
                .containsExactly(new Consent("marketing", false, at("11:00"), "t2", "email"));

        ada.loses(withdrew).reaches(ada.now + DAY);
        assertThat(ada.customer.consents()).isEmpty();
    }

    @Test
    void ofManyPurposesTheTwentySpokenOfLastAreTold() {
        Listening ada = new Listening(SessionizeConfig.DEFAULTS);
        for (int i = 0; i < 50; i++) {
            int purpose = i * 17 % 50;
            ada.hears(touch("t" + i, "10:00", "web", "consent_given")
                    .eventTime(at("10:00") + purpose)
                    .topic("purpose-" + purpose)
                    .build());
        }
        ada.reaches(at("10:00") + DAY);

        assertThat(ada.customer.consents())
                .extracting(Consent::eventTime)
                .containsExactlyInAnyOrderElementsOf(LongStream.range(at("10:00") + 30, at("10:00") + 50)
                        .boxed()
                        .toList());
    }

    /** A hundred thousand in five and a half hours; the millionth costs no more than the hundred-thousandth. */
    @Test
    void aBotTakesBoundedMemoryAndABoundedTimeForEachTouchpoint() {
        SessionizeConfig config = SessionizeConfig.DEFAULTS;
        SessionizeRule rule = new SessionizeRule(config);
        Step<CustomerState, SessionizeOutput> step = Step.of(null, List.of(), Step.NEVER);
        int touchpoints = 100_000;
        long published = 0;
        long began = processorMillis();
        for (int i = 0; i < touchpoints; i++) {
            long time = at("10:00") + 200L * i;
            if (step.wakeAt() <= time - 5_000) {
                step = rule.wake(step.state(), time - 5_000);
                published += step.out().size();
            }
            step = rule.on(
                    step.state(),
                    CustomerInput.of(new Attribution(
                            Touchpoints.CUSTOMER,
                            touch("t" + i, "10:00", i % 3 == 0 ? "web" : "app", i % 10 == 0 ? "message" : "page_view")
                                    .eventTime(time)
                                    .topic(i % 10 == 0 ? "billing" : null)
                                    .build(),
                            1,
                            1)),
                    time - 5_000);
            published += step.out().size();
        }
        long took = processorMillis() - began;

        assertThat(step.state().held.size()).isEqualTo(config.maxTouchpoints());
        assertThat(step.state().held.size() + step.state().totals.touchpoints)
                .as("none is lost")
                .isEqualTo(touchpoints);
        assertThat(published).as("every touchpoint is published").isGreaterThan(touchpoints);
        assertThat(took)
                .as("milliseconds, several times what an idle machine takes")
                .isLessThan(15_000);
    }

    private static long processorMillis() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1_000_000;
    }
}
