package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.IssueChange;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.JourneyChange;
import io.throughline.domain.sessionize.Promise;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any history of additions, corrections and wake-ups ends in what a naive batch computes from what counts in the end. */
class MeasuresPropertyTest {
    private static final long START = 1_795_392_000_000L;
    private static final MeasureConfig CONFIG = config(MeasureConfig.DEFAULTS).exact();
    private static final MeasureConfig WITH_HISTORY = config(MeasureConfig.DEFAULTS);
    private static final Map<String, Long> LENGTHS = lengths();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void endsWhereANaiveBatchEndsInAnyOrder(long seed) {
        History history = new History(new Random(seed));
        long asOf = START + Duration.ofDays(35).toMillis();
        Map<String, NaiveMeasures.Row> expected = new NaiveMeasures(
                        history.owned(), history.sessions(), history.issues(), history.journeys())
                .rows(asOf, LENGTHS);
        assertThat(expected).hasSizeGreaterThan(1_000);

        for (int order = 0; order < 2; order++) {
            List<Fact> facts = history.facts(new Random(seed * 41 + order));
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
    @ValueSource(longs = {21, 22})
    void everySlotOfHistoryEndsWhereABatchOfThatTimeEndsInAnyOrder(long seed) {
        History history = new History(new Random(seed));
        long end = START + Duration.ofDays(35).toMillis();
        List<Fact> facts = history.facts(new Random(seed));

        SeriesBench inOrder = new SeriesBench(WITH_HISTORY).advanceTo(START);
        facts.sort(Comparator.comparingLong(Fact::time));
        for (Fact fact : facts) {
            if (fact.time() - 1 > START) {
                inOrder.advanceTo(Math.min(end, fact.time() - 1));
            }
            inOrder.fold(List.of(fact));
        }
        Map<String, Slot> expected = slots(inOrder, end);
        assertThat(expected).hasSizeGreaterThan(20_000);
        assertThat(inOrder.restated())
                .filteredOn(value -> value.asOf() > START + Duration.ofDays(1).toMillis())
                .as("nothing came late")
                .isEmpty();
        sameAsBatches(inOrder, history, end, new Random(seed));

        SeriesBench atOnce = new SeriesBench(WITH_HISTORY).fold(facts);
        same(slots(atOnce, end), expected);

        for (int order = 0; order < 2; order++) {
            Random random = new Random(seed * 31 + order);
            Collections.shuffle(facts, random);
            SeriesBench shuffled = new SeriesBench(WITH_HISTORY);
            long now = START;
            for (Fact fact : facts) {
                if (random.nextInt(10) == 0) {
                    now += random.nextInt((int) Duration.ofHours(20).toMillis());
                    shuffled.advanceTo(Math.min(now, end));
                }
                shuffled.fold(List.of(fact));
            }
            same(slots(shuffled, end), expected);
            assertThat(shuffled.restated()).hasSizeGreaterThan(1_000).allSatisfy(value -> {
                assertThat(value.restated()).isTrue();
                assertThat(value.revision()).isGreaterThan(value.asOf());
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {31, 32})
    void historyOfValuesThatLoseTheirPlaceBecomesThatOfOthersInAnyOrder(long seed) {
        MeasureConfig few = WITH_HISTORY.toBuilder().maxValues(2).build();
        History history = new History(new Random(seed));
        long end = START + Duration.ofDays(35).toMillis();
        List<Fact> facts = standing(history.facts(new Random(seed)));
        Map<String, Slot> expected = slots(new SeriesBench(few).fold(facts), end);
        assertThat(expected.keySet()).anyMatch(id -> id.contains("channel=(other)"));
        for (int order = 0; order < 3; order++) {
            Random random = new Random(seed * 31 + order);
            Collections.shuffle(facts, random);
            SeriesBench shuffled = new SeriesBench(few);
            long now = START;
            for (Fact fact : facts) {
                if (random.nextInt(10) == 0) {
                    now += random.nextInt((int) Duration.ofHours(20).toMillis());
                    shuffled.advanceTo(Math.min(now, end));
                }
                shuffled.fold(List.of(fact));
            }
            same(slots(shuffled, end), expected);
        }
    }

    /** What is left when everything is undone that is: beyond the limit, what was withdrawn keeps its place. */
    private static List<Fact> standing(List<Fact> facts) {
        Map<Fact, Integer> weights = new LinkedHashMap<>();
        facts.forEach(fact -> weights.merge(
                new Fact(fact.family(), fact.dimensions(), fact.time(), 1, fact.bin()), fact.weight(), Integer::sum));
        List<Fact> standing = new ArrayList<>();
        weights.forEach((fact, weight) -> {
            if (weight != 0) {
                standing.add(fact.times(weight));
            }
        });
        return standing;
    }

    /** What of a value may not differ between runs. */
    private record Slot(
            double value, long n, @Nullable Double ciLow, @Nullable Double ciHigh, boolean complete, long asOf) {
        static Slot of(MetricValue value) {
            return new Slot(value.value(), value.n(), value.ciLow(), value.ciHigh(), value.complete(), value.asOf());
        }
    }

    /** Every slot up to then. */
    private static Map<String, Slot> slots(SeriesBench bench, long end) {
        bench.advanceTo(end)
                .advanceTo(end + Duration.ofMinutes(1).toMillis())
                .advanceTo(end + Duration.ofMinutes(2).toMillis());
        Map<String, Slot> slots = new HashMap<>();
        bench.history().forEach((id, value) -> {
            if (value.asOf() <= end) {
                slots.put(id, Slot.of(value));
            }
        });
        return slots;
    }

    /** Tens of thousands of slots: what differs, and not all there is. */
    private static void same(Map<String, Slot> actual, Map<String, Slot> expected) {
        if (actual.equals(expected)) {
            return;
        }
        Set<String> ids = new TreeSet<>(expected.keySet());
        ids.addAll(actual.keySet());
        assertThat(ids.stream()
                        .filter(id -> !Objects.equals(actual.get(id), expected.get(id)))
                        .map(id -> id + ": " + actual.get(id) + " instead of " + expected.get(id))
                        .limit(10))
                .isEmpty();
    }

    /** Some slots of every window: computing all of them the slow way takes minutes. */
    private static void sameAsBatches(SeriesBench bench, History history, long end, Random random) {
        Map<Long, Map<String, MetricValue>> byEnd = new HashMap<>();
        bench.history().values().forEach(value -> byEnd.computeIfAbsent(value.asOf(), asOf -> new TreeMap<>())
                .put(value.seriesId(), value));
        for (int i = 0; i < 40; i++) {
            long slotMs = Duration.ofMinutes(List.of(5, 60, 1_440).get(i % 3)).toMillis();
            long back = i < 12 ? i : random.nextInt((int) Math.min(35 * 24 * 12L, (end - START) / slotMs));
            long asOf = end - back * slotMs;
            Map<String, Long> ending = new TreeMap<>(LENGTHS);
            ending.keySet().removeIf(w -> io.throughline.domain.measure.History.slotEnd(w, asOf) != asOf);
            agrees(
                    byEnd.getOrDefault(asOf, Map.of()),
                    new NaiveMeasures(history.owned(), history.sessions(), history.issues(), history.journeys())
                            .rows(asOf, ending));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void leavesNothingBehindWhenEverythingIsUndone(long seed) {
        History history = new History(new Random(seed));
        List<Fact> facts = history.facts(new Random(seed));
        List.copyOf(facts).forEach(fact -> facts.add(fact.undone()));
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
        if (!standing.keySet().equals(expected.keySet())) {
            // Says what is missing, by looking at each for each.
            assertThat(standing.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
        }
        expected.forEach((id, row) -> {
            MetricValue value = standing.get(id);
            assertThat(value.n()).as(id).isEqualTo(row.n());
            double tolerance = value.unit().equals("ms") ? row.value() * 0.004 + 1 : 1e-9;
            tolerance = value.metricId().startsWith("expectation") ? 0.5 : tolerance;
            assertThat(value.value()).as(id).isCloseTo(row.value(), within(tolerance));
            if (value.ciLow() != null) {
                assertThat(value.ciLow()).as(id).isLessThanOrEqualTo(value.value() + 1e-9);
                assertThat(value.ciHigh()).as(id).isGreaterThanOrEqualTo(value.value() - 1e-9);
            }
        });
    }

    /** A month of touchpoints, sessions and issues of a few customers, some of which move, are replaced or change. */
    private static final class History {
        private final Facts facts = new Facts(CONFIG);
        private final VisitFacts visitFacts = new VisitFacts(CONFIG);
        private final List<Attribution> attributions = new ArrayList<>();
        private final List<SessionChange> changes = new ArrayList<>();
        private final List<IssueChange> issueChanges = new ArrayList<>();
        private final Map<String, NaiveMeasures.Owned> owned = new HashMap<>();
        private final Map<String, Session> sessions = new HashMap<>();
        private final Map<String, Issue> issues = new HashMap<>();
        private final List<JourneyChange> journeyChanges = new ArrayList<>();
        private final Map<String, Journey> journeys = new HashMap<>();

        History(Random random) {
            for (int i = 0; i < 160; i++) {
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
            for (int i = 0; i < 60; i++) {
                Session before = null;
                String customer = "c" + random.nextInt(6);
                for (int step = 0; step <= random.nextInt(3); step++) {
                    Session after = random.nextInt(5) == 0 ? null : session("s" + i, customer, random);
                    changes.add(new SessionChange(before, after));
                    before = after;
                }
                if (before != null && before.status() != Session.Status.ABSORBED) {
                    sessions.put("s" + i, before);
                }
            }
            for (int i = 0; i < 40; i++) {
                Issue before = null;
                for (int step = 0; step <= random.nextInt(3); step++) {
                    Issue after = random.nextInt(5) == 0 ? null : issue("i" + i, random);
                    issueChanges.add(new IssueChange(before, after));
                    before = after;
                }
                if (before != null && !before.absorbed()) {
                    issues.put("i" + i, before);
                }
            }
            for (int i = 0; i < 40; i++) {
                Journey before = null;
                for (int step = 0; step <= random.nextInt(3); step++) {
                    Journey after = random.nextInt(5) == 0 ? null : journey("j" + i, random);
                    journeyChanges.add(new JourneyChange(before, after));
                    before = after;
                }
                if (before != null && before.status() != Journey.Status.ABSORBED) {
                    journeys.put("j" + i, before);
                }
            }
        }

        /** Visits are compared by a rule of their own, which hears a session's changes in order, all else in any. */
        List<Fact> facts(Random order) {
            List<Fact> all = new ArrayList<>();
            attributions.forEach(attribution -> all.addAll(FoundFacts.of(sink -> facts.find(attribution, sink))));
            changes.forEach(change -> all.addAll(FoundFacts.of(sink -> facts.find(change, sink))));
            issueChanges.forEach(change -> all.addAll(FoundFacts.of(sink -> facts.find(change, sink))));
            journeyChanges.forEach(change -> all.addAll(FoundFacts.of(sink -> facts.find(change, sink))));
            VisitRule rule = new VisitRule(CONFIG, Duration.ofDays(365).toMillis());
            Map<String, VisitState> states = new HashMap<>();
            List<Attribution> answers = new ArrayList<>(attributions);
            Collections.shuffle(answers, order);
            List<SessionChange> left = new ArrayList<>(changes);
            for (Attribution answer : answers) {
                learn(rule, visitFacts.of(answer), states, all);
                if (!left.isEmpty() && order.nextInt(2) == 0) {
                    learn(rule, visitFacts.of(left.remove(0)), states, all);
                }
            }
            left.forEach(change -> learn(rule, visitFacts.of(change), states, all));
            return all;
        }

        private static void learn(VisitRule rule, VisitInput input, Map<String, VisitState> states, List<Fact> all) {
            if (input != null) {
                var step = rule.on(states.get(input.customerId()), input, Long.MIN_VALUE);
                states.put(input.customerId(), step.state());
                all.addAll(step.out());
            }
        }

        List<NaiveMeasures.Owned> owned() {
            return List.copyOf(owned.values());
        }

        List<Session> sessions() {
            return List.copyOf(sessions.values());
        }

        List<Journey> journeys() {
            return List.copyOf(journeys.values());
        }

        List<Issue> issues() {
            return List.copyOf(issues.values());
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
            String channel = pick(random, "web", "call", "email", "social", "store");
            String kind = pick(
                    random,
                    "page_view",
                    "call_queued",
                    "call_answered",
                    "call_ended",
                    "survey_response",
                    "purchase",
                    "cancellation",
                    "message_opened",
                    "click");
            boolean odd = random.nextInt(10) == 0;
            Map<String, String> properties = new TreeMap<>(Map.of("campaign", pick(random, "spring", "autumn")));
            if (odd) {
                properties.put(pick(random, "dropped_wait_ms", "dropped_handle_ms", "dropped_sentiment"), "-1");
            }
            Touchpoint.Builder touchpoint = Touchpoint.of(id, time(random), channel, kind)
                    .outbound(random.nextInt(4) == 0)
                    .actor(pick(random, "customer", "agent", null))
                    .stage(pick(random, "awareness", "acquisition", "onboarding", "support", "elsewhere", null))
                    .topic(random.nextBoolean() ? pick(random, "billing", "delivery") : null)
                    // A queued call that was abandoned is told by its end here.
                    .outcome(random.nextBoolean() && !kind.equals("call_queued") ? "abandoned" : null)
                    .waitMs(!odd && random.nextBoolean() ? (long) random.nextInt(60_000) : null)
                    .handleMs(!odd && random.nextBoolean() ? (long) random.nextInt(3_600_000) : null)
                    .sentiment(!odd && random.nextBoolean() ? random.nextInt(5) / 2.0 - 1 : null)
                    .value(
                            random.nextBoolean()
                                    ? new Money(random.nextInt(90_000_000) - 5_000_000L, pick(random, "EUR", "USD"))
                                    : null)
                    .properties(properties);
            if (random.nextInt(3) > 0) {
                touchpoint.survey(survey(random));
            }
            return touchpoint.build();
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

        private static Session session(String id, String customer, Random random) {
            long start = time(random);
            List<Session.Step> path = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(4); i++) {
                path.add(new Session.Step(
                        "t",
                        start + i * 60_000L,
                        pick(random, "web", "call", "chat", "app"),
                        pick(random, "page_view", "message", "chat_answered", "transfer", "purchase"),
                        null,
                        null));
            }
            int switches = 0;
            for (int i = 1; i < path.size(); i++) {
                switches += path.get(i).channel().equals(path.get(i - 1).channel()) ? 0 : 1;
            }
            return new Session(
                    id,
                    customer,
                    random.nextInt(6) == 0 ? Session.Status.ABSORBED : Session.Status.CLOSED,
                    start,
                    start + path.size() * 60_000L,
                    path.stream().map(Session.Step::channel).distinct().sorted().toList(),
                    path.size(),
                    path,
                    switches,
                    random.nextInt(2),
                    Map.of(),
                    Session.CutCause.INACTIVITY,
                    null,
                    random.nextBoolean() ? List.of("billing") : List.of(),
                    List.of(),
                    Map.of(),
                    List.of(),
                    random.nextInt(2),
                    random.nextInt(2),
                    random.nextInt(240_000),
                    HandoffKinds.NONE,
                    random.nextInt(2),
                    List.of(),
                    null,
                    1);
        }

        private static Issue issue(String id, Random random) {
            List<Issue.Contact> contacts = new ArrayList<>();
            long start = time(random);
            for (int i = 0; i <= random.nextInt(3); i++) {
                contacts.add(new Issue.Contact(
                        id + i,
                        start + i * 3_600_000L,
                        start + i * 3_600_000L,
                        pick(random, "call", "chat"),
                        null,
                        null,
                        null,
                        null,
                        null,
                        Map.of(),
                        i > 0));
            }
            boolean resolved = random.nextBoolean();
            List<Promise> promises = new ArrayList<>();
            for (int i = 0; i < random.nextInt(3); i++) {
                Promise.Status status = Promise.Status.values()[random.nextInt(3)];
                promises.add(new Promise(id + "-" + i, null, start, null, null, false, status));
            }
            return new Issue(
                    id,
                    "c0",
                    pick(random, "billing", "delivery", null),
                    null,
                    random.nextInt(8) == 0,
                    false,
                    resolved,
                    random.nextInt(4) > 0,
                    start,
                    start,
                    List.of(),
                    contacts,
                    new HandoffKinds(random.nextInt(2), 0, random.nextInt(2)),
                    0,
                    random.nextInt(2),
                    random.nextBoolean() ? (long) random.nextInt(86_400_000) : null,
                    resolved ? (long) random.nextInt(500_000_000) : null,
                    random.nextInt(300_000_000),
                    promises,
                    0,
                    List.of(),
                    1);
        }

        private static Journey journey(String id, Random random) {
            long start = time(random);
            List<Journey.StageVisit> path = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                path.add(new Journey.StageVisit(
                        pick(random, "awareness", "support"),
                        start + i * 3_600_000L,
                        random.nextInt(2_000_000_000),
                        1));
            }
            return new Journey(
                    id,
                    "c0",
                    random.nextInt(8) == 0 ? Journey.Status.ABSORBED : Journey.Status.ACTIVE,
                    random.nextBoolean(),
                    Journey.EndCause.OPEN,
                    start,
                    start,
                    null,
                    pick(random, "billing", null),
                    null,
                    List.of(),
                    path,
                    Map.of(),
                    0,
                    random.nextBoolean() ? start + random.nextInt(2_000_000_000) : null,
                    null,
                    0,
                    null,
                    List.of(),
                    pick(random, "web", "call"),
                    1,
                    1,
                    List.of(),
                    List.of(),
                    1);
        }

        private static String pick(Random random, String... words) {
            return words[random.nextInt(words.length)];
        }
    }

    private static MeasureConfig config(MeasureConfig d) {
        return d.toBuilder()
                .dimensions(List.of(List.of(), List.of("channel"), List.of("topic")))
                .customerDimensions(List.of(List.of()))
                .build();
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
