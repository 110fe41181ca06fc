package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any history of additions, corrections and wake-ups ends in what a naive batch computes from what counts in the end. */
class MeasuresPropertyTest {
    private static final long START = 1_795_392_000_000L;
    private static final MeasureConfig CONFIG = config(MeasureConfig.DEFAULTS).exact();
    private static final Map<String, Long> LENGTHS = lengths();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void endsWhereANaiveBatchEndsInAnyOrder(long seed) {
        History history = new History(new Random(seed));
        long asOf = START + Duration.ofDays(35).toMillis();
        Map<String, NaiveMeasures.Row> expected =
                new NaiveMeasures(history.owned(), history.sessions()).rows(asOf, LENGTHS);
        assertThat(expected).hasSizeGreaterThan(200);

        for (int order = 0; order < 4; order++) {
            List<Fact> facts = history.facts();
            Collections.shuffle(facts, new Random(seed * 31 + order));
            SeriesBench bounded = new SeriesBench(CONFIG).fold(facts).advanceTo(asOf);
            agrees(bounded.standing(), expected);

            SeriesBench live = new SeriesBench(CONFIG);
            Random wakeUps = new Random(seed * 37 + order);
            long now = START;
            for (Fact fact : facts) {
                live.fold(List.of(fact));
                if (wakeUps.nextInt(100) < 5) {
                    now += wakeUps.nextInt((int) Duration.ofHours(1).toMillis());
                    live.advanceTo(Math.min(now, asOf - 5_000));
                }
            }
            live.advanceTo(asOf);
            agrees(live.standing(), expected);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void leavesNothingBehindWhenEverythingIsUndone(long seed) {
        History history = new History(new Random(seed));
        List<Fact> facts = history.facts();
        history.facts().forEach(f -> facts.add(new Fact(f.family(), f.dimensions(), f.time(), -f.sign(), f.bin())));
        Collections.shuffle(facts, new Random(seed));
        SeriesBench bench = new SeriesBench(CONFIG);
        for (int i = 0; i < facts.size(); i++) {
            bench.fold(List.of(facts.get(i)));
            if (i % 1_000 == 0) {
                bench.advanceTo(START + i * 1_000L);
            }
        }
        bench.advanceTo(START + Duration.ofDays(35).toMillis());
        assertThat(bench.standing()).isEmpty();
        assertThat(bench.remembered()).isZero();
    }

    private static void agrees(Map<String, MetricValue> standing, Map<String, NaiveMeasures.Row> expected) {
        assertThat(standing.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        expected.forEach((id, row) -> {
            MetricValue value = standing.get(id);
            assertThat(value.n()).as(id).isEqualTo(row.n());
            double tolerance = value.unit().equals("ms") ? row.value() * 0.004 + 1 : 1e-9;
            assertThat(value.value()).as(id).isCloseTo(row.value(), within(tolerance));
            if (value.ciLow() != null) {
                assertThat(value.ciLow()).as(id).isLessThanOrEqualTo(value.value() + 1e-9);
                assertThat(value.ciHigh()).as(id).isGreaterThanOrEqualTo(value.value() - 1e-9);
            }
        });
    }

    /** A month of touchpoints and sessions of a few customers, some of which move, are replaced or change. */
    private static final class History {
        private final Facts facts = new Facts(CONFIG);
        private final List<Attribution> attributions = new ArrayList<>();
        private final List<SessionChange> changes = new ArrayList<>();
        private final Map<String, NaiveMeasures.Owned> owned = new HashMap<>();
        private final Map<String, Session> sessions = new HashMap<>();

        History(Random random) {
            for (int i = 0; i < 120; i++) {
                Touchpoint touchpoint = touchpoint("t" + i, random);
                String customer = "c" + random.nextInt(6);
                attributions.add(new Attribution(customer, touchpoint, 1, 1));
                for (int sequence = 2; random.nextInt(3) == 0; sequence++) {
                    attributions.add(new Attribution(customer, touchpoint, -1, sequence - 1));
                    customer = "c" + random.nextInt(6);
                    touchpoint = random.nextBoolean() ? touchpoint : touchpoint("t" + i, random);
                    attributions.add(new Attribution(customer, touchpoint, 1, sequence));
                }
                owned.put("t" + i, new NaiveMeasures.Owned(customer, touchpoint));
            }
            for (int i = 0; i < 30; i++) {
                Session before = null;
                for (int step = 0; step <= random.nextInt(3); step++) {
                    Session after = random.nextInt(5) == 0 ? null : session("s" + i, random);
                    changes.add(new SessionChange(before, after));
                    before = after;
                }
                if (before != null && before.status() != Session.Status.ABSORBED) {
                    sessions.put("s" + i, before);
                }
            }
        }

        List<Fact> facts() {
            List<Fact> all = new ArrayList<>();
            attributions.forEach(attribution -> all.addAll(facts.of(attribution)));
            changes.forEach(change -> all.addAll(facts.of(change)));
            return all;
        }

        List<NaiveMeasures.Owned> owned() {
            return List.copyOf(owned.values());
        }

        List<Session> sessions() {
            return List.copyOf(sessions.values());
        }

        private static long time(Random random) {
            long span = Duration.ofDays(35).toMillis();
            // Crowded towards the end, and often exactly on the edge of a window.
            return switch (random.nextInt(4)) {
                case 0 -> START + (long) (random.nextDouble() * span);
                case 1 ->
                    START + span - random.nextInt((int) Duration.ofHours(2).toMillis());
                case 2 -> START + span - random.nextInt((int) Duration.ofDays(2).toMillis());
                default -> {
                    Long[] lengths = LENGTHS.values().toArray(Long[]::new);
                    yield START + span - lengths[random.nextInt(lengths.length)] + random.nextInt(3) - 1;
                }
            };
        }

        private static Touchpoint touchpoint(String id, Random random) {
            String[] kinds = {"page_view", "call_queued", "call_answered", "call_ended", "survey_response", "error"};
            String channel = pick(random, "web", "call", "email");
            Touchpoint.Builder touchpoint = Touchpoint.of(id, time(random), channel, pick(random, kinds))
                    .topic(random.nextBoolean() ? pick(random, "billing", "delivery") : null)
                    .outcome(random.nextBoolean() ? "abandoned" : null)
                    .waitMs(random.nextBoolean() ? (long) random.nextInt(60_000) : null)
                    .handleMs(random.nextBoolean() ? (long) random.nextInt(3_600_000) : null);
            if (random.nextInt(3) > 0) {
                touchpoint.survey(survey(random));
            }
            Touchpoint built = touchpoint.build();
            // A queued call that was abandoned is told by its end here.
            return built.kind().equals("call_queued")
                    ? built.toBuilder().outcome(null).build()
                    : built;
        }

        private static Survey survey(Random random) {
            Survey.About about =
                    random.nextBoolean() ? null : new Survey.About("t0", pick(random, "call", "store"), null, null);
            return switch (random.nextInt(4)) {
                case 0 -> new Survey("nps", random.nextInt(8) == 0 ? 1 : 0, 10, true, half(random, 12), null, about);
                case 1 -> new Survey("csat", 1, random.nextInt(5) == 0 ? 7 : 5, true, random.nextInt(7), null, about);
                case 2 -> new Survey("ces", 1, 7, true, random.nextInt(9), null, about);
                default -> new Survey("ces", 1, 5, false, 1 + random.nextInt(5), null, about);
            };
        }

        private static double half(Random random, int bound) {
            return random.nextInt(6) == 0 ? random.nextInt(bound) + 0.5 : random.nextInt(bound);
        }

        private static Session session(String id, Random random) {
            long start = time(random);
            return new Session(
                    id,
                    "c0",
                    random.nextInt(6) == 0 ? Session.Status.ABSORBED : Session.Status.CLOSED,
                    start,
                    start,
                    List.of(),
                    1,
                    List.of(new Session.Step("t", start, pick(random, "web", "call"), "page_view", null, null)),
                    random.nextInt(4),
                    0,
                    Map.of(),
                    Session.CutCause.INACTIVITY,
                    null,
                    random.nextBoolean() ? List.of("billing") : List.of(),
                    List.of(),
                    Map.of(),
                    List.of(),
                    0,
                    0,
                    0,
                    HandoffKinds.NONE,
                    0,
                    List.of(),
                    1);
        }

        private static String pick(Random random, String... words) {
            return words[random.nextInt(words.length)];
        }
    }

    private static MeasureConfig config(MeasureConfig d) {
        return new MeasureConfig(
                d.windows(),
                d.publishEveryMs(),
                List.of(List.of(), List.of("channel"), List.of("topic")),
                d.queues(),
                d.serviceLevelThresholdMs(),
                d.serviceLevelVariant(),
                d.metrics());
    }

    private static Map<String, Long> lengths() {
        Map<String, Long> lengths = new TreeMap<>();
        lengths.put("1h", Duration.ofHours(1).toMillis());
        lengths.put("24h", Duration.ofHours(24).toMillis());
        lengths.put("7d", Duration.ofDays(7).toMillis());
        lengths.put("30d", Duration.ofDays(30).toMillis());
        return lengths;
    }
}
