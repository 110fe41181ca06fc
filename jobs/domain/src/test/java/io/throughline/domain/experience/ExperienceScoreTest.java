package io.throughline.domain.experience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExperienceScoreTest {
    private static final long NOW = 1_795_392_000_000L;
    private static final long DAY = Duration.ofDays(1).toMillis();
    private static final ExperienceConfig CONFIG = ExperienceConfig.DEFAULTS;

    @Test
    void beginsNeutral() {
        ExperienceScore score = score(touchpoint("t1", NOW, "page_view").build());
        assertThat(score.score()).isEqualTo(50);
        assertThat(score.reasons()).isEmpty();
    }

    @Test
    void fallsWithAComplaintWhichFades() {
        Touchpoint complaint = touchpoint("t1", NOW, "complaint").build();
        assertThat(score(complaint).score()).isEqualTo(35);
        assertThat(ExperienceScore.of(List.of(complaint), NOW + 30 * DAY, CONFIG)
                        .score())
                .as("a half-life later, 7.5 points are left, rounded up")
                .isEqualTo(43);
        assertThat(ExperienceScore.of(List.of(complaint), NOW + 600 * DAY, CONFIG)
                        .score())
                .isEqualTo(50);
    }

    @Test
    void goesByWhereAnAnswerLiesOnItsOwnScale() {
        assertThat(score(answer("csat", 1, 5, true, 5)).score()).isEqualTo(70);
        assertThat(score(answer("csat", 1, 5, true, 3)).score()).isEqualTo(50);
        assertThat(score(answer("ces", 1, 5, false, 5)).score())
                .as("much effort")
                .isEqualTo(30);
        assertThat(score(answer("nps", 0, 10, true, 10)).score()).isEqualTo(70);
        assertThat(score(answer("nps", 0, 10, true, 11)).score())
                .as("off its scale")
                .isEqualTo(50);
    }

    @Test
    void namesWhatMovedItMost() {
        ExperienceScore score = score(
                touchpoint("t1", NOW, "complaint").build(),
                touchpoint("t2", NOW, "error").build(),
                touchpoint("t3", NOW, "error").build(),
                touchpoint("t4", NOW, "purchase").build(),
                touchpoint("t5", NOW, "call_queued")
                        .waitMs(200_000L)
                        .outcome("abandoned")
                        .build());
        assertThat(score.score()).isEqualTo(50 - 15 - 8 + 3 - 8 - 6);
        assertThat(score.reasons())
                .containsExactly(
                        new ExperienceScore.Reason(Experience.COMPLAINT, -15_000, 1),
                        new ExperienceScore.Reason(Experience.ERROR, -8_000, 2),
                        new ExperienceScore.Reason(Experience.ABANDONED, -8_000, 1));
    }

    @Test
    void staysWithinItsScaleAndDoesNotCountWhatHasNotHappened() {
        List<Touchpoint> complaints = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            complaints.add(touchpoint("t" + i, NOW, "complaint").build());
        }
        assertThat(ExperienceScore.of(complaints, NOW, CONFIG).score()).isZero();
        assertThat(ExperienceScore.of(complaints, NOW - 1, CONFIG).score()).isEqualTo(50);
    }

    @Test
    void doesNotDependOnTheOrderOfExperiences() {
        Random random = new Random(20261125);
        List<Touchpoint> touchpoints = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String[] kinds = {"complaint", "error", "purchase", "promise_kept", "case_resolved", "transfer"};
            touchpoints.add(
                    touchpoint("t" + i, NOW - random.nextInt(1_000_000_000), kinds[random.nextInt(kinds.length)])
                            .sentiment(random.nextDouble() * 2 - 1)
                            .build());
        }
        ExperienceScore first = ExperienceScore.of(touchpoints, NOW, CONFIG);
        for (int i = 0; i < 20; i++) {
            Collections.shuffle(touchpoints, random);
            assertThat(ExperienceScore.of(touchpoints, NOW, CONFIG)).isEqualTo(first);
        }
    }

    /** Touchpoints that cannot are left out of what scores are made of. */
    @Test
    void aTouchpointCanBeAnExperienceWhereItCountsWithTheShortestLongWait() {
        ExperienceConfig shortest = new ExperienceConfig(50, 1, Map.of(), 1, Map.of());
        Random random = new Random(20261126);
        String[] kinds = {
            "call_abandoned",
            "case_resolved",
            "complaint",
            "error",
            "message",
            "page_view",
            "promise_broken",
            "promise_kept",
            "purchase",
            "transfer"
        };
        Long[] waits = {null, null, Long.MIN_VALUE, -5L, -1L, 0L, 1L, 2L, 120_000L};
        String[] outcomes = {null, null, "abandoned", "solved"};
        int can = 0;
        for (int i = 0; i < 10_000; i++) {
            String kind = random.nextBoolean() ? "page_view" : kinds[random.nextInt(kinds.length)];
            Touchpoint touchpoint = touchpoint("t", NOW, kind)
                    .waitMs(waits[random.nextInt(waits.length)])
                    .outcome(outcomes[random.nextInt(outcomes.length)])
                    .sentiment(random.nextInt(4) == 0 ? (Double) (random.nextInt(3) - 1.0) : null)
                    .survey(
                            random.nextInt(4) == 0
                                    ? new Survey("csat", 1, 1 + random.nextInt(2), true, random.nextInt(4), null, null)
                                    : null)
                    .build();
            ExperienceScore.Moment moment = new ExperienceScore.Moment(
                    touchpoint.eventTime(),
                    touchpoint.kind(),
                    touchpoint.outcome(),
                    touchpoint.waitMs(),
                    touchpoint.sentiment(),
                    touchpoint.survey());

            boolean concerns = ExperienceScore.concerns(touchpoint);

            assertThat(concerns).as("%s", touchpoint).isEqualTo(ExperienceScore.counts(moment, shortest));
            can += concerns ? 1 : 0;
        }
        assertThat(can).isBetween(2_000, 9_000);
    }

    @Test
    void aTierIsReachedInOneCurrency() {
        assertThat(ValueTier.of(List.of(), CONFIG)).isNull();
        assertThat(ValueTier.of(List.of(new Money(499_990_000L, "EUR")), CONFIG))
                .isNull();
        assertThat(ValueTier.of(List.of(new Money(500_000_000L, "EUR")), CONFIG))
                .isEqualTo("silver");
        assertThat(ValueTier.of(List.of(new Money(1_900_000_000L, "EUR"), new Money(2_000_000_000L, "USD")), CONFIG))
                .isEqualTo("gold");
        assertThat(ValueTier.of(List.of(new Money(Long.MAX_VALUE, "EUR")), CONFIG))
                .isEqualTo("platinum");
    }

    @Test
    void namesWhatIsWrongWithIt() {
        assertThatThrownBy(() -> new ExperienceConfig(101, 1, Map.of(), 1, Map.of()))
                .hasMessage("experience.neutral must be from 0 to 100, was 101");
        assertThatThrownBy(() -> new ExperienceConfig(50, 0, Map.of(), 1, Map.of()))
                .hasMessage("experience.half_life must be positive, was 0 ms");
    }

    private static ExperienceScore score(Touchpoint... touchpoints) {
        return ExperienceScore.of(List.of(touchpoints), NOW, CONFIG);
    }

    private static Touchpoint answer(String metric, int min, int max, boolean higherIsBetter, double score) {
        return touchpoint("t1", NOW, "survey_response")
                .survey(new Survey(metric, min, max, higherIsBetter, score, null, null))
                .build();
    }

    private static Touchpoint.Builder touchpoint(String id, long time, String kind) {
        return Touchpoint.of(id, time, "web", kind);
    }
}
