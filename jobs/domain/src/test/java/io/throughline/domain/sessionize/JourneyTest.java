package io.throughline.domain.sessionize;

import static io.throughline.domain.sessionize.Touchpoints.at;
import static io.throughline.domain.sessionize.Touchpoints.touch;
import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.sessionize.Journey.EndCause;
import io.throughline.domain.sessionize.Journey.Status;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JourneyTest {
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private final Listening ada = new Listening(SessionizeConfig.DEFAULTS);

    @Test
    void fromTheMailToTheTillIsOneJourneyThroughThreeStages() {
        ada.hears(
                        touch("t1", "10:00", "email", "message_opened")
                                .stage("awareness")
                                .product("headphones")
                                .build(),
                        touch("t2", "10:10", "web", "page_view")
                                .stage("acquisition")
                                .product("headphones")
                                .build(),
                        touch("t3", "34:00", "store", "purchase")
                                .stage("acquisition")
                                .product("headphones")
                                .value(new Money(189_000_000, "EUR"))
                                .build(),
                        touch("t4", "34:30", "qr", "survey_response")
                                .stage("engagement")
                                .build())
                .reaches(at("40:00"));

        assertThat(ada.journeys().values()).singleElement().satisfies(journey -> {
            assertThat(journey.status()).isEqualTo(Status.CONVERTED);
            assertThat(journey.ended()).isFalse();
            assertThat(journey.product()).isEqualTo("headphones");
            assertThat(journey.stages()).containsExactly("awareness", "acquisition", "engagement");
            assertThat(journey.dwellMs())
                    .isEqualTo(Map.of(
                            "awareness", 10 * MINUTE, "acquisition", 24 * 60 * MINUTE + 20 * MINUTE, "engagement", 0L));
            assertThat(journey.convertedAt()).isEqualTo(at("34:00"));
            assertThat(journey.conversionChannel()).isEqualTo("store");
            assertThat(journey.sessionCount()).isEqualTo(2);
            assertThat(journey.value()).containsExactly(new Money(189_000_000, "EUR"));
            assertThat(journey.stepsBack()).isZero();
        });
        assertThat(ada.transitions())
                .containsEntry("stage|2026-03-01|awareness|acquisition", 1L)
                .containsEntry("stage|2026-03-02|acquisition|engagement", 1L)
                .containsEntry("channel|2026-03-01|email|web", 1L);
    }

    @Test
    void aJourneyNobodyGoesOnWithIsAbandonedAfterAMonth() {
        ada.hears(touch("t1", "10:00", "web", "page_view").stage("awareness").build())
                .reaches(at("10:00") + 30 * DAY - 1);
        assertThat(only().status()).isEqualTo(Status.ACTIVE);

        ada.reaches(at("10:00") + 30 * DAY);
        assertThat(only().status()).isEqualTo(Status.ABANDONED);
        assertThat(only().endCause()).isEqualTo(EndCause.QUIET);
    }

    @Test
    void aLateTouchpointTakesTheAbandonmentBack() {
        Touchpoint first =
                touch("t1", "10:00", "web", "page_view").stage("awareness").build();
        ada.hears(first).reaches(at("10:00") + 31 * DAY);
        assertThat(only().status()).isEqualTo(Status.ABANDONED);

        ada.hears(touch("t2", "10:00", "store", "purchase")
                .eventTime(at("10:00") + 29 * DAY)
                .build());
        assertThat(only().status()).isEqualTo(Status.CONVERTED);
        assertThat(only().ended()).isFalse();
    }

    @Test
    void whoLeavesAndComesBackBeginsAgain() {
        ada.hears(
                        touch("t1", "10:00", "web", "page_view").build(),
                        touch("t2", "11:00", "call", "cancellation").build(),
                        touch("t3", "12:00", "web", "page_view").build())
                .reaches(at("20:00"));

        assertThat(ada.journeys().values())
                .extracting(Journey::status)
                .containsExactlyInAnyOrder(Status.CHURNED, Status.ACTIVE);
    }

    @Test
    void aReversedPurchaseIsNoConversionAndIsFlagged() {
        ada.hears(touch("t1", "10:00", "web", "purchase")
                        .value(new Money(-5, "EUR"))
                        .build())
                .reaches(at("20:00"));

        assertThat(only().converted()).isFalse();
        assertThat(only().flags()).containsExactly("purchase_reversed");
    }

    @Test
    void theCompanysOwnWordsMoveNoStageAndBeginNoJourney() {
        ada.hears(touch("t1", "10:00", "email", "offer")
                        .outbound(true)
                        .stage("awareness")
                        .build())
                .reaches(at("20:00"));
        assertThat(ada.journeys()).isEmpty();
    }

    /** In order of event time and with stragglers, over many retentions: what was gathered outlives the touchpoints. */
    @ParameterizedTest
    @ValueSource(longs = {31, 32, 33})
    void aJourneyOutlivesItsTouchpoints(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            long retention = 300 * MINUTE;
            SessionizeConfig config = SessionizeConfig.DEFAULTS.toBuilder()
                    .gapMs(Map.of())
                    .defaultGapMs(20 * MINUTE)
                    .maxLengthMs(60 * MINUTE)
                    .retentionMs(retention)
                    .publishEveryMs(1_000)
                    .journey(new JourneyConfig(
                            (60 + random.nextInt(200)) * MINUTE,
                            JourneyConfig.DEFAULTS.conversionKinds(),
                            JourneyConfig.DEFAULTS.conversionOutcomes(),
                            JourneyConfig.DEFAULTS.churnKinds(),
                            JourneyConfig.DEFAULTS.churnOutcomes(),
                            random.nextInt(2) == 0 ? 5 : 100))
                    .build();
            Listening listening = new Listening(config);
            if (random.nextBoolean()) {
                listening.restarting();
            }
            List<Attribution> all = new ArrayList<>();
            long time = at("00:00");
            for (int i = 0; i < 120; i++) {
                time += random.nextInt(8) == 0 ? random.nextInt(250) * MINUTE : random.nextInt(20) * MINUTE;
                Touchpoint touchpoint = SessionizePropertyTest.touchpoint(random, "t" + i, 1).toBuilder()
                        .eventTime(time - random.nextInt(30) * MINUTE)
                        .build();
                all.add(new Attribution(Touchpoints.CUSTOMER, touchpoint, 1, 1));
                listening.reaches(time - 40 * MINUTE).hears(all.get(i));
            }
            long asOf = time + 10 * retention;
            listening.reaches(asOf);

            SessionizeOracle sessions = new SessionizeOracle(Touchpoints.CUSTOMER, all, config, asOf);
            SessionizePropertyTest.assertTheSame(
                    listening.journeys(),
                    new JourneyOracle(Touchpoints.CUSTOMER, sessions, config, asOf).journeys,
                    "seed " + seed + " round " + round);
            assertThat(listening.state.held).isEmpty();
            assertThat(listening.state.journeys).isEmpty();
            assertThat(listening.state.begun).isNull();
        }
    }

    private Journey only() {
        assertThat(ada.journeys()).hasSize(1);
        return ada.journeys().values().iterator().next();
    }
}
