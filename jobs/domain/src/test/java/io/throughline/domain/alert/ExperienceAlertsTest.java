package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.experience.Experience;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.experience.ExperienceScore;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExperienceAlertsTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long DAY = 24 * HOUR;
    private static final long START = 1_795_392_000_000L;

    private final Desk desk = new Desk(watching(20, null, ExperienceConfig.DEFAULTS)).advanceTo(START);

    @Test
    void tellsThatACustomersExperienceGotMuchWorse() {
        desk.sees("ada", praise("t1", START)).sees("ada", complaint("t2", START + DAY));
        assertThat(desk.standing()).as("from 70 to 55").isEmpty();
        desk.sees("ada", complaint("t3", START + 2 * DAY));
        assertThat(desk.standing().values()).singleElement().satisfies(alert -> {
            assertThat(alert.ruleId()).isEqualTo("experience-drop");
            assertThat(alert.openedAt()).isEqualTo(START + 2 * DAY);
            assertThat(alert.reason())
                    .isEqualTo(
                            "Worse: experience score 39, down from 70, after 2 bad experiences within 7 d, last complaint on email");
            assertThat(alert.context().bound()).as("what it fell from").isEqualTo(70.0);
            assertThat(alert.evidence())
                    .extracting(Alert.Evidence::touchpointId)
                    .containsExactly("t2", "t3");
        });
    }

    @Test
    void isSilentWhereTheSameHappensOverALongerTime() {
        desk.sees("ada", praise("t1", START)).sees("ada", complaint("t2", START + DAY));
        desk.advanceTo(START + 9 * DAY).sees("ada", complaint("t3", START + 9 * DAY));
        assertThat(desk.standing()).isEmpty();
    }

    @Test
    void aScoreFallsFromWhereItHadRecoveredTo() {
        Desk any = new Desk(with(80 * DAY, 1_000, drop(12, null, 0))).advanceTo(START);
        any.sees("ada", complaint("t1", START));
        // The first does not count any more: from 50 to 35, though seven days before the score stood at 41.
        any.sees("ada", complaint("t2", START + 31 * DAY));
        assertThat(any.standing().values().stream().map(Alert::openedAt))
                .containsExactlyInAnyOrder(START, START + 31 * DAY);
    }

    @Test
    void takesTheAlertBackWhenWhatWasBadTurnsOutToBeAnothers() {
        desk.sees("ada", complaint("t1", START)).sees("ada", complaint("t2", START + HOUR));
        assertThat(desk.standing()).hasSize(1);
        Touchpoint moved = complaint("t2", START + HOUR).build();
        desk.take(new Attribution("ada", moved, -1, 1)).take(new Attribution("bob", moved, 1, 2));
        assertThat(desk.standing()).isEmpty();
    }

    @Test
    void takesTheAlertBackWhenSomethingGoodArrivesLate() {
        Desk low = new Desk(watching(null, 35, ExperienceConfig.DEFAULTS)).advanceTo(START);
        low.sees("ada", complaint("t1", START));
        assertThat(low.standing()).hasSize(1);
        low.sees("ada", praise("t0", START - HOUR));
        assertThat(low.standing()).isEmpty();
    }

    @Test
    void looksAtTheScoreAsItIsConfigured() {
        Map<Experience, Integer> points = new TreeMap<>(ExperienceConfig.DEFAULTS.points());
        points.put(Experience.COMPLAINT, -30);
        Desk strict = new Desk(watching(20, null, new ExperienceConfig(50, DAY, points, 60_000, Map.of())));
        strict.advanceTo(START).sees("ada", complaint("t1", START));
        assertThat(strict.standing().values())
                .singleElement()
                .satisfies(alert -> assertThat(alert.context().measured()).isEqualTo(20.0));
    }

    @Test
    void saysHowLowIsTooLow() {
        Desk low = new Desk(watching(null, 40, ExperienceConfig.DEFAULTS)).advanceTo(START);
        low.sees("ada", complaint("t1", START));
        assertThat(low.standing().values()).singleElement().satisfies(alert -> {
            assertThat(alert.reason())
                    .isEqualTo(
                            "Worse: experience score 35, at most 40, after 1 bad experience within 7 d, last complaint on email");
            assertThat(alert.context().bound()).isEqualTo(40.0);
        });
    }

    @Test
    void saysAllThatIsWrongWithAScoreAtOnce() {
        assertThatThrownBy(() -> new ExperienceConfig(
                        101, 0, Map.of(Experience.ERROR, -101), 0, Map.of("silver", 5L, "gold", 5L)))
                .hasMessageContaining("experience.neutral")
                .hasMessageContaining("experience.half_life")
                .hasMessageContaining("experience.points.error")
                .hasMessageContaining("experience.long_wait")
                .hasMessageContaining("experience.tiers");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void endsTheSameInAnyOrder(long seed) {
        Random random = new Random(seed);
        List<Touchpoint> touchpoints = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long time = START + (long) (random.nextDouble() * 30 * DAY);
            touchpoints.add(
                    switch (random.nextInt(4)) {
                        case 0 -> praise("t" + i, time).build();
                        case 1 -> complaint("t" + i, time).build();
                        case 2 -> Touchpoint.of("t" + i, time, "web", "error").build();
                        default ->
                            Touchpoint.of("t" + i, time, "web", "purchase").build();
                    });
        }
        Map<String, String> expected = null;
        for (int order = 0; order < 5; order++) {
            Desk any = new Desk(watching(12, null, ExperienceConfig.DEFAULTS)).advanceTo(START);
            for (Touchpoint touchpoint : touchpoints) {
                any.take(new Attribution("ada", touchpoint, 1, 1));
            }
            any.advanceTo(START + 31 * DAY);
            Map<String, String> standing = new TreeMap<>();
            any.standing()
                    .forEach((id, alert) -> standing.put(
                            id,
                            alert.openedAt() + " " + alert.evidence() + " "
                                    + alert.context().measured() + " " + alert.reason()));
            expected = expected == null ? standing : expected;
            assertThat(standing).isEqualTo(expected);
            Collections.shuffle(touchpoints, random);
        }
        assertThat(expected).isNotEmpty();
    }

    /** The rule comes a minute from now, as published ones do; all the good came before it and may not have been held. */
    @Test
    void saysNothingOfAScoreMadeOnlyOfWhatCameAfterTheRule() {
        long published = START + 7 * DAY;
        AlertRule rule = drop(null, 40, DAY).from(1, published + 60_000, AlertRule.Mode.ENABLED);
        Desk desk = new Desk(with(80 * DAY, 1_000, rule)).advanceTo(START);
        desk.sees("ada", praise("t1", START)).sees("ada", praise("t2", START + HOUR));
        desk.advanceTo(published).sees("ada", complaint("t3", published + 120_000));
        assertThat(desk.published()).as("65 is not 35").isEmpty();

        long known = published + 31 * DAY;
        desk.advanceTo(known).sees("ada", complaint("t4", known)).sees("ada", complaint("t5", known + HOUR));
        assertThat(desk.standing().values())
                .as("all that counts came after the rule")
                .singleElement()
                .satisfies(alert -> assertThat(alert.openedAt()).isEqualTo(known));
    }

    @Test
    void theNextVersionKnowsWhatTheOneBeforeItHeld() {
        AlertRule first = drop(null, 10, DAY);
        AlertRule second = drop(null, 40, DAY).from(2, START + 8 * DAY, AlertRule.Mode.ENABLED);
        Desk desk = new Desk(with(80 * DAY, 1_000, first, second)).advanceTo(START);
        desk.sees("ada", praise("t1", START)).sees("ada", praise("t2", START + HOUR));
        desk.sees("ada", complaint("t3", START + 8 * DAY + HOUR));
        assertThat(desk.standing()).as("65").isEmpty();
        desk.sees("ada", complaint("t4", START + 9 * DAY)).sees("ada", complaint("t5", START + 10 * DAY));
        assertThat(desk.standing().values()).singleElement().satisfies(alert -> {
            assertThat(alert.ruleVersion()).isEqualTo(2);
            assertThat(alert.openedAt()).isEqualTo(START + 10 * DAY);
        });
    }

    /** Kept for ever or kept for as long as corrections last: the same alerts, and no more held than that. */
    @Test
    void settlesByAgeAlthoughThereIsAlwaysAnAlert() {
        Desk settling = new Desk(with(50 * DAY, 1_000, drop(null, 35, 7 * DAY))).advanceTo(START);
        Desk keeping = new Desk(with(1_000 * DAY, 1_000, drop(null, 35, 7 * DAY))).advanceTo(START);
        for (int day = 0; day < 300; day++) {
            long time = START + day * DAY;
            for (Desk desk : List.of(settling, keeping)) {
                desk.advanceTo(time).sees("ada", complaint("t" + day, time));
            }
        }
        assertThat(keeping.standing()).hasSizeGreaterThan(30);
        assertThat(settling.standing()).isEqualTo(keeping.standing());
        assertThat(settling.published()).noneMatch(alert -> alert.status() == Alert.Status.RETRACTED);
        assertThat(settling.state("ada").held()).hasSizeLessThan(70);
    }

    /** Too old to be judged again, and still to be taken back with the touchpoint it is about. */
    @Test
    void takesAnAlertBackThatIsTooOldToBeJudgedWhenItsEvidenceGoes() {
        Desk desk = new Desk(with(50 * DAY, 1_000, drop(null, 35, 7 * DAY))).advanceTo(START);
        desk.sees("ada", complaint("t0", START));
        desk.advanceTo(START + 40 * DAY).sees("ada", complaint("t1", START + 40 * DAY));
        desk.advanceTo(START + 62 * DAY).sees("ada", praise("t2", START + 62 * DAY));
        String alertId = AlertRuleSet.alertId(
                drop(null, 35, 7 * DAY),
                Signal.of(complaint("t1", START + 40 * DAY).build(), Set.of()));
        assertThat(desk.state("ada").settledBefore()).isGreaterThan(START);
        assertThat(desk.standing()).containsKey(alertId);
        desk.take(new Attribution("ada", complaint("t1", START + 40 * DAY).build(), -1, 1));
        assertThat(desk.standing()).doesNotContainKey(alertId);
    }

    /** What counts for the score counts for its rules: of every kind, also of queues nobody has named yet. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "complaint",
                "error",
                "transfer",
                "promise_kept",
                "promise_broken",
                "case_resolved",
                "purchase",
                "call_abandoned",
                "kiosk_abandoned",
                "page_view",
                "call_answered"
            })
    void holdsWhatMovesTheScoreAndNothingElse(String kind) {
        Touchpoint.Builder touchpoint = Touchpoint.of("t1", START, "call", kind);
        Signal signal = Signal.of(touchpoint.build(), Set.of());
        boolean moves = ExperienceScore.movedBy(Pattern.Experience.moment(signal), ExperienceConfig.DEFAULTS) != 0;
        desk.sees("ada", touchpoint);
        assertThat(desk.state("ada") != null).isEqualTo(moves);
    }

    @Test
    void tellsOfAQueueNobodyHasNamedYet() {
        for (int i = 0; i < 3; i++) {
            desk.sees("ada", Touchpoint.of("t" + i, START + i * HOUR, "kiosk", "kiosk_abandoned"));
        }
        assertThat(desk.standing()).hasSize(1);
    }

    @Test
    void saysWhatWasBadInTheWordsOfWhatItIs() {
        Desk low = new Desk(watching(null, 49, ExperienceConfig.DEFAULTS)).advanceTo(START);
        low.sees("ada", complaint("t1", START).topic("billing").sentiment(-0.5));
        low.sees("ada", Touchpoint.of("t2", START + 1, "call", "call_answered").waitMs(300_000L));
        low.sees("ada", Touchpoint.of("t3", START + 2, "chat", "message").sentiment(-0.5));
        assertThat(low.standing().values()).singleElement().satisfies(alert -> assertThat(alert.evidence())
                .extracting(Alert.Evidence::detail)
                .containsExactly("billing", "waited 5 min", "sentiment -0.5"));
    }

    /** Against the definition, made anew for every time: with no cool-down each bad experience is judged. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void opensWhereTheDefinitionSaysSo(long seed) {
        Random random = new Random(seed);
        List<Touchpoint> touchpoints = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            long time = START + (long) (random.nextDouble() * 60 * DAY);
            int of = random.nextInt(20);
            touchpoints.add(
                    of == 0
                            ? praise("t" + i, time).build()
                            : Touchpoint.of("t" + i, time, "web", of <= 10 ? "error" : "purchase")
                                    .build());
        }
        Set<Long> expected = new TreeSet<>();
        for (Touchpoint bad : touchpoints) {
            long time = bad.eventTime();
            int score = score(touchpoints, time);
            int highest = Math.max(score(touchpoints, time - 7 * DAY), score(touchpoints, time - 1));
            for (Touchpoint earlier : touchpoints) {
                if (earlier.eventTime() > time - 7 * DAY && earlier.eventTime() < time) {
                    highest = Math.max(highest, score(touchpoints, earlier.eventTime() - 1));
                    highest = Math.max(highest, score(touchpoints, earlier.eventTime()));
                }
            }
            if (bad.kind().equals("error") && (score <= 58 || highest - score >= 9)) {
                expected.add(time);
            }
        }
        Desk any = new Desk(with(80 * DAY, 1_000, drop(9, 58, 0))).advanceTo(START);
        touchpoints.forEach(touchpoint -> any.take(new Attribution("ada", touchpoint, 1, 1)));
        assertThat(any.standing().values().stream().map(Alert::openedAt))
                .isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    private static int score(List<Touchpoint> touchpoints, long at) {
        return ExperienceScore.of(
                        touchpoints.stream().filter(touchpoint -> touchpoint.eventTime() > at - 30 * DAY)::iterator,
                        at,
                        ExperienceConfig.DEFAULTS)
                .score();
    }

    @Test
    void settlesNoMoreThanIsTooMuch() {
        Desk desk = new Desk(with(80 * DAY, 200, drop(null, 35, 7 * DAY))).advanceTo(START);
        for (int i = 0; i <= 200; i++) {
            long time = START + i * DAY / 4;
            desk.advanceTo(time).sees("ada", complaint("t" + i, time));
        }
        assertThat(desk.state("ada").held()).hasSizeBetween(100, 200);
        assertThat(desk.state("ada").said()).isNotEmpty();
    }

    private static AlertRule drop(Integer fallsBy, Integer atMost, long coolDown) {
        return AlertRule.once("experience-drop", "Worse", "error", "interaction", Match.anyOf("complaint"), coolDown)
                .looking(new Pattern.Experience(fallsBy, atMost, 7 * DAY, 30 * DAY, ExperienceConfig.DEFAULTS));
    }

    private static AlertConfig with(long keepFor, int maxSignals, AlertRule... rules) {
        AlertConfig d = AlertConfig.DEFAULTS;
        return new AlertConfig(
                List.of(rules),
                d.resolvedByKinds(),
                d.resolvedBySatisfaction(),
                0,
                keepFor,
                7 * DAY,
                maxSignals,
                d.maxEvidence(),
                d.worth(),
                new CaseConfig(null, 2_000 * DAY),
                d.notifications(),
                ExperienceConfig.DEFAULTS);
    }

    private static AlertConfig watching(Integer fallsBy, Integer atMost, ExperienceConfig experience) {
        AlertConfig d = AlertConfig.DEFAULTS;
        Pattern pattern = new Pattern.Experience(fallsBy, atMost, 7 * DAY, 30 * DAY, ExperienceConfig.DEFAULTS);
        AlertRule rule = AlertRule.once(
                        "experience-drop", "Worse", "error", "interaction", Match.anyOf("complaint"), DAY)
                .looking(pattern);
        return new AlertConfig(
                List.of(rule),
                d.resolvedByKinds(),
                d.resolvedBySatisfaction(),
                0,
                80 * DAY,
                d.correctableMs(),
                d.maxSignals(),
                d.maxEvidence(),
                d.worth(),
                d.cases(),
                d.notifications(),
                experience);
    }

    private static Touchpoint.Builder complaint(String id, long time) {
        return Touchpoint.of(id, time, "email", "complaint");
    }

    private static Touchpoint.Builder praise(String id, long time) {
        return Touchpoint.of(id, time, "call", "survey_response").survey(new Survey("csat", 1, 5, true, 5, null, null));
    }
}
