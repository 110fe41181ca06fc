package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Deduplicated.Changed;
import io.throughline.domain.ingest.Deduplicated.Counted;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeduplicateRuleTest {

    private static final long HORIZON = 1000;

    private final DeduplicateRule rule = new DeduplicateRule(HORIZON);

    @Test
    void theFirstRecordOfAnIdCounts() {
        Touchpoint touchpoint = touchpoint(100, 200, "a");

        Step<Winner, Deduplicated> step = rule.on(null, new Arrival(touchpoint, "p0"), 0);

        assertThat(step.out())
                .containsExactly(
                        new Changed(new TouchpointChange(touchpoint, +1, 1, "p0")),
                        new Counted("p0", Fate.PROCESSED, "web", +1));
        assertThat(step.wakeAt()).isEqualTo(100 + HORIZON + 1);
    }

    @Test
    void theSameRecordAgainChangesNothing() {
        Touchpoint touchpoint = touchpoint(100, 200, "a");
        Winner winner = rule.on(null, new Arrival(touchpoint, "p0"), 0).state();

        Step<Winner, Deduplicated> step = rule.on(winner, new Arrival(touchpoint, "p0"), 0);

        assertThat(step.state()).isEqualTo(winner);
        assertThat(step.out()).containsExactly(new Counted("p0", Fate.DUPLICATE, null, +1));
    }

    @Test
    void aRecordReceivedEarlierReplacesTheWinnerExactlyAsItWasAnnounced() {
        Touchpoint second = touchpoint(100, 200, "a");
        Touchpoint first = touchpoint(101, 199, "b");
        Winner winner = rule.on(null, new Arrival(second, "p0"), 0).state();

        Step<Winner, Deduplicated> step = rule.on(winner, new Arrival(first, "p1"), 0);

        assertThat(step.out())
                .containsExactly(
                        new Changed(new TouchpointChange(second, -1, 1, "p0")),
                        new Changed(new TouchpointChange(first, +1, 2, "p1")),
                        new Counted("p0", Fate.PROCESSED, "web", -1),
                        new Counted("p0", Fate.DUPLICATE, null, +1),
                        new Counted("p1", Fate.PROCESSED, "web", +1));
    }

    @Test
    void theSameRecordReadFromAnotherPlaceStandsForItWithoutAnythingElseChanging() {
        Touchpoint touchpoint = touchpoint(100, 200, "a");
        Winner winner = rule.on(null, new Arrival(touchpoint, "p1"), 0).state();

        Step<Winner, Deduplicated> step = rule.on(winner, new Arrival(touchpoint, "p0"), 0);

        assertThat(step.out())
                .containsExactly(
                        new Changed(new TouchpointChange(touchpoint, 0, 1, "p0", "p1")),
                        new Counted("p1", Fate.PROCESSED, "web", -1),
                        new Counted("p1", Fate.DUPLICATE, null, +1),
                        new Counted("p0", Fate.PROCESSED, "web", +1));
    }

    @Test
    void anIdIsRememberedAsLongAsADuplicateCouldBeOnTimeAndNotLonger() {
        Winner winner =
                rule.on(null, new Arrival(touchpoint(100, 1, "a"), "p0"), 0).state();
        Step<Winner, Deduplicated> step = rule.on(winner, new Arrival(touchpoint(400, 2, "a"), "p0"), 0);
        assertThat(step.wakeAt()).isEqualTo(1401);

        Lateness lateness = new Lateness(HORIZON);
        assertThat(lateness.isLate(400, 1400)).isFalse();
        assertThat(rule.wake(step.state(), 1400).state()).isNotNull();

        assertThat(lateness.isLate(400, 1401)).isTrue();
        Step<Winner, Deduplicated> forgotten = rule.wake(step.state(), 1401);
        assertThat(forgotten.state()).isNull();
        assertThat(forgotten.wakeAt()).isEqualTo(Step.NEVER);
        assertThat(forgotten.out()).isEmpty();
    }

    @Test
    void anyOrderOfAnyRecordsLeavesTheSameSurvivorsAndTheSameFates() {
        Random random = new Random(20261123);
        for (int round = 0; round < 300; round++) {
            List<Arrival> arrivals = anyArrivals(random);
            Outcome expected = null;
            for (int order = 0; order < 8; order++) {
                Collections.shuffle(arrivals, random);
                Outcome outcome = play(arrivals);
                assertThat(outcome.fates.values().stream()
                                .mapToInt(Integer::intValue)
                                .sum())
                        .as("in = processed + duplicate")
                        .isEqualTo(arrivals.size());
                assertThat(outcome.fates.entrySet().stream()
                                .filter(fate -> fate.getKey().endsWith("PROCESSED"))
                                .mapToInt(Map.Entry::getValue)
                                .sum())
                        .isEqualTo(outcome.survivors.size());
                if (expected != null) {
                    assertThat(outcome).isEqualTo(expected);
                }
                expected = outcome;
            }
        }
    }

    /** What counts after all changes, and how many records of each source ended how. */
    private record Outcome(Map<String, Surviving> survivors, Map<String, Integer> fates) {}

    /** @param source where the stages after it take the record to have been read */
    private record Surviving(Touchpoint touchpoint, String source) {}

    private Outcome play(List<Arrival> arrivals) {
        Map<String, Winner> winners = new HashMap<>();
        Map<String, Surviving> counting = new TreeMap<>();
        Map<String, Integer> fates = new TreeMap<>();
        for (Arrival arrival : arrivals) {
            String id = arrival.touchpoint().touchpointId();
            Step<Winner, Deduplicated> step = rule.on(winners.get(id), arrival, 0);
            winners.put(id, step.state());
            for (Deduplicated said : step.out()) {
                if (said instanceof Changed changed) {
                    apply(changed.change(), counting);
                } else if (said instanceof Counted counted) {
                    fates.merge(counted.source() + " " + counted.fate(), counted.delta(), Integer::sum);
                }
            }
        }
        fates.values().removeIf(count -> count == 0);
        return new Outcome(counting, fates);
    }

    private static void apply(TouchpointChange change, Map<String, Surviving> counting) {
        String id = change.touchpoint().touchpointId();
        Surviving before = new Surviving(change.touchpoint(), change.formerSource());
        if (change.sign() <= 0) {
            assertThat(counting.remove(id)).isEqualTo(before);
        }
        if (change.sign() >= 0) {
            assertThat(counting.put(id, new Surviving(change.touchpoint(), change.source())))
                    .isNull();
        }
    }

    private static List<Arrival> anyArrivals(Random random) {
        List<Arrival> arrivals = new ArrayList<>();
        int size = 1 + random.nextInt(12);
        for (int i = 0; i < size; i++) {
            Touchpoint touchpoint =
                    touchpoint(random.nextInt(3), random.nextInt(3), "topic" + random.nextInt(3)).toBuilder()
                            .properties(random.nextBoolean() ? Map.of() : Map.of("a", "1", "b", "2"))
                            .build();
            arrivals.add(new Arrival(named(touchpoint, "t" + random.nextInt(3)), "p" + random.nextInt(3)));
        }
        return arrivals;
    }

    private static Touchpoint named(Touchpoint touchpoint, String id) {
        return Touchpoint.of(id, touchpoint.eventTime(), touchpoint.channel(), touchpoint.kind())
                .receivedTime(touchpoint.receivedTime())
                .topic(touchpoint.topic())
                .properties(touchpoint.properties())
                .build();
    }

    private static Touchpoint touchpoint(long eventTime, long receivedTime, String topic) {
        return Touchpoint.of("t", eventTime, "web", "page_view")
                .receivedTime(receivedTime)
                .topic(topic)
                .build();
    }
}
