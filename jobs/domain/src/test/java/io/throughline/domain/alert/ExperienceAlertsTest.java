package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.experience.Experience;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
                            "Worse: experience score 39 after 2 bad experiences within 7 d, last complaint on email");
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
                                    + alert.context().measured()));
            expected = expected == null ? standing : expected;
            assertThat(standing).isEqualTo(expected);
            Collections.shuffle(touchpoints, random);
        }
        assertThat(expected).isNotEmpty();
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
