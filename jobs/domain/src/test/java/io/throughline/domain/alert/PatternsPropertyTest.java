package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sequences, absences and figures: any order of attributions, moves between customers included, ends in what a plain reading
 * of each rule's words finds in the sorted timeline of who owns what in the end.
 */
class PatternsPropertyTest {
    private static final long START = 1_795_392_000_000L;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long END = START + 700 * MINUTE;
    /** A change of rules in the middle of it all. */
    private static final long CHANGE = START + 150 * MINUTE;

    private static final AlertRule SEQUENCE = AlertRule.once(
                    "seq", "Seq", "warning", "interaction", Match.anyOf("a"), 20 * MINUTE)
            .looking(new Pattern.Sequence(
                    List.of(Match.anyOf("a"), Match.anyOf("b"), Match.anyOf("c")),
                    Match.anyOf("d"),
                    90 * MINUTE,
                    null));
    private static final AlertRule PAIR = AlertRule.once("pair", "Pair", "warning", "interaction", Match.anyOf("a"), 0)
            .looking(new Pattern.Sequence(List.of(Match.anyOf("a"), Match.anyOf("b")), null, 40 * MINUTE, "topic"));
    private static final AlertRule ABSENCE = AlertRule.once(
                    "none", "None", "error", "closure", Match.anyOf("a"), 30 * MINUTE)
            .looking(new Pattern.Absence(
                    Match.anyOf("a"), Match.anyOf("b", "d").going(Match.Direction.ANY), 60 * MINUTE, null, null));
    private static final AlertRule PROMISE = AlertRule.once(
                    "promise", "Promise", "error", "reliability", Match.anyOf("p"), 10 * MINUTE)
            .looking(new Pattern.Absence(Match.anyOf("p"), Match.anyOf("k"), 5 * MINUTE, "due", "topic"));
    private static final AlertRule OWED = AlertRule.once(
                    "owed", "Owed", "error", "reliability", Match.anyOf("p"), 10 * MINUTE)
            .looking(new Pattern.Absence(
                    Match.anyOf("p", "promise_due", "promise_broken"),
                    Match.anyOf("k"),
                    5 * MINUTE,
                    "due",
                    "properties.name"));
    private static final AlertRule FIGURE = AlertRule.once(
                    "sum", "Sum", "warning", "speed", Match.anyOf("c"), 25 * MINUTE)
            .looking(new Pattern.Aggregate(
                    Match.anyOf("c", "d"),
                    Pattern.Figure.SUM,
                    Pattern.Field.WAIT_MS,
                    2,
                    60 * MINUTE,
                    null,
                    20.0,
                    null));
    private static final AlertRule SLIDE = AlertRule.once(
                    "slide", "Slide", "warning", "interaction", Match.anyOf("c"), 0)
            .looking(new Pattern.Aggregate(
                    Match.anyOf("b", "c", "d"),
                    Pattern.Figure.CHANGE,
                    Pattern.Field.WAIT_MS,
                    3,
                    120 * MINUTE,
                    -6.0,
                    null,
                    null));
    private static final AlertRule OLD =
            AlertRule.once("changed", "Changed", "info", "speed", Match.anyOf("d"), 15 * MINUTE);
    private static final AlertRule CHANGED = OLD.looking(new Pattern.Count(Match.anyOf("k"), 2, 30 * MINUTE, 0, null))
            .from(2, CHANGE, AlertRule.Mode.ENABLED);

    private static final AlertConfig CONFIG = AlertConfig.DEFAULTS.withRules(
            List.of(SEQUENCE, PAIR, ABSENCE, PROMISE, OWED, FIGURE, SLIDE, OLD, CHANGED));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void endsTheSameInAnyOrder(long seed) {
        Random random = new Random(seed);
        List<Attribution> attributions = new ArrayList<>();
        Map<String, List<Touchpoint>> owned = new TreeMap<>();
        for (int i = 0; i < 70; i++) {
            Touchpoint touchpoint = touchpoint("t" + i, random);
            String customer = "c" + random.nextInt(3);
            attributions.add(new Attribution(customer, touchpoint, 1, 1));
            for (int sequence = 2; random.nextInt(3) == 0; sequence++) {
                attributions.add(new Attribution(customer, touchpoint, -1, sequence - 1));
                customer = "c" + random.nextInt(3);
                touchpoint = random.nextInt(3) > 0 ? touchpoint : touchpoint("t" + i, random);
                attributions.add(new Attribution(customer, touchpoint, 1, sequence));
            }
            owned.computeIfAbsent(customer, c -> new ArrayList<>()).add(touchpoint);
        }
        Set<String> expected = new TreeSet<>();
        owned.forEach((customer, touchpoints) -> expected.addAll(naive(customer, sorted(touchpoints))));
        assertThat(expected).hasSizeGreaterThan(10);

        for (int order = 0; order < 8; order++) {
            Collections.shuffle(attributions, new Random(seed * 31 + order));
            Desk live = new Desk(CONFIG).advanceTo(START);
            Desk replay = new Desk(CONFIG);
            for (int i = 0; i < attributions.size(); i++) {
                live.take(attributions.get(i));
                replay.take(attributions.get(i));
                if (i % 20 == 0) {
                    live.advanceTo(START + i * 3 * MINUTE);
                }
            }
            live.advanceTo(END);
            replay.advanceTo(END);
            assertThat(described(replay)).isEqualTo(expected);
            assertThat(described(live)).isEqualTo(expected);
            assertThat(replay.published()).hasSize(expected.size());
        }
    }

    /** Nothing is missing before it is due, and all that is missing by then is found, event time going on in any steps. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatIsMissingIsFoundWhenItIsDue(long seed) {
        Random random = new Random(seed);
        List<Touchpoint> touchpoints = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            touchpoints.add(touchpoint("t" + i, random));
        }
        Desk desk = new Desk(CONFIG).advanceTo(START);
        touchpoints.forEach(touchpoint -> desk.take(new Attribution("c0", touchpoint, 1, 1)));
        for (long now = START; now < END; now += (1 + random.nextInt(40)) * MINUTE) {
            desk.advanceTo(now);
            long reached = now;
            Set<String> due = naive("c0", sorted(touchpoints)).stream()
                    .filter(alert ->
                            !(alert.startsWith("none ") || alert.startsWith("promise ") || alert.startsWith("owed "))
                                    || openedAt(alert) <= reached)
                    .map(PatternsPropertyTest::withoutTheRest)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<String> found = new TreeSet<>();
            described(desk).forEach(alert -> found.add(withoutTheRest(alert)));
            assertThat(found).isEqualTo(due);
        }
    }

    private static long openedAt(String alert) {
        return START + Long.parseLong(alert.replaceAll(".* at (-?\\d+) .*", "$1")) * MINUTE;
    }

    /** What becomes evidence while it cools down, and what ends it, may still come. */
    private static String withoutTheRest(String alert) {
        return alert.replaceAll(" resolved .*", "");
    }

    private static Touchpoint touchpoint(String id, Random random) {
        String[] kinds = {
            "a",
            "a",
            "b",
            "b",
            "c",
            "c",
            "d",
            "p",
            "p",
            "k",
            "k",
            "promise_due",
            "promise_broken",
            "case_resolved",
            "page_view"
        };
        long time = START + random.nextInt(300) * MINUTE;
        long due = time + (random.nextInt(60) - 5) * MINUTE;
        String kind = kinds[random.nextInt(kinds.length)];
        return Touchpoint.of(id, time, "web", kind)
                .topic(random.nextInt(4) == 0 ? null : "topic" + random.nextInt(2))
                .waitMs(random.nextInt(5) == 0 ? null : (Long) (long) random.nextInt(15))
                .caseId(random.nextInt(2) == 0 ? null : "case" + random.nextInt(2))
                .properties(properties(kind, due, random))
                .build();
    }

    private static Map<String, String> properties(String kind, long due, Random random) {
        Map<String, String> properties = new TreeMap<>();
        if ((kind.equals("p") || kind.equals("promise_due")) && random.nextInt(6) > 0) {
            properties.put("due", written(due, random));
        }
        if (random.nextInt(2) == 0) {
            properties.put("name", "name" + random.nextInt(2));
        }
        return properties;
    }

    /** All the ways in which a time is accepted. */
    private static String written(long time, Random random) {
        Instant instant = Instant.ofEpochMilli(time);
        return switch (random.nextInt(3)) {
            case 0 -> Long.toString(time);
            case 1 -> instant.atOffset(ZoneOffset.ofHours(2)).toString();
            default -> instant.toString();
        };
    }

    private static long read(String time) {
        return time.contains("T") ? OffsetDateTime.parse(time).toInstant().toEpochMilli() : Long.parseLong(time);
    }

    private static Set<String> described(Desk desk) {
        return desk.standing().values().stream()
                .map(alert -> describe(
                        alert.ruleId(),
                        alert.customerId(),
                        alert.openedAt(),
                        alert.resolvedAt(),
                        alert.evidence().stream()
                                .map(Alert.Evidence::touchpointId)
                                .toList()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String describe(
            String rule, String customer, long openedAt, Long resolvedAt, List<String> evidence) {
        return rule + " of " + customer + " at " + (openedAt - START) / MINUTE + " by " + evidence.get(0) + " resolved "
                + (resolvedAt == null ? "never" : (resolvedAt - START) / MINUTE) + " with " + evidence;
    }

    // The oracle. Everything below reads the rules' words over one sorted list, in quadratic time, and shares no code.

    private record Found(String rule, List<Touchpoint> evidence, long openedAt, Long ended) {}

    private static Set<String> naive(String customer, List<Touchpoint> all) {
        List<Found> found = new ArrayList<>();
        sequence("seq", all, List.of("a", "b", "c"), "d", 90, 20, found);
        for (String topic : List.of("topic0", "topic1")) {
            sequence("pair", about(all, topic), List.of("a", "b"), "", 40, 0, found);
        }
        promises("promise", all, Set.of("p"), Touchpoint::topic, found);
        promises(
                "owed",
                all,
                Set.of("p", "promise_due", "promise_broken"),
                t -> t.properties().get("name"),
                found);
        absence("none", all, "a", Set.of("b", "d"), 60, 30, found);
        figure("sum", all, Set.of("c", "d"), 2, 60, 25, true, found);
        figure("slide", all, Set.of("b", "c", "d"), 3, 120, 0, false, found);
        count("changed", all.stream().filter(t -> t.eventTime() < CHANGE).toList(), "d", 1, 0, 15, found);
        count("changed", all.stream().filter(t -> t.eventTime() >= CHANGE).toList(), "k", 2, 30, 15, found);
        Set<String> described = new TreeSet<>();
        for (Found each : found) {
            Touchpoint last = each.evidence.get(each.evidence.size() - 1);
            long from = Math.max(last.eventTime(), each.openedAt);
            Long resolved = each.ended;
            for (Touchpoint t : all) {
                if (t.kind().equals("case_resolved") && after(t, last) && t.eventTime() >= from) {
                    resolved = resolved == null ? (Long) t.eventTime() : (Long) Math.min(resolved, t.eventTime());
                    break;
                }
            }
            described.add(describe(
                    each.rule,
                    customer,
                    each.openedAt,
                    resolved,
                    each.evidence.stream().map(Touchpoint::touchpointId).toList()));
        }
        return described;
    }

    private static void sequence(
            String rule,
            List<Touchpoint> all,
            List<String> kinds,
            String unwanted,
            long withinMin,
            long coolMin,
            List<Found> found) {
        long quietUntil = Long.MIN_VALUE;
        for (Touchpoint begin : all) {
            if (!begin.kind().equals(kinds.get(0)) || begin.eventTime() <= quietUntil) {
                continue;
            }
            List<Touchpoint> chain = new ArrayList<>(List.of(begin));
            boolean spoilt = false;
            for (Touchpoint t : all) {
                if (after(t, begin) && chain.size() < kinds.size()) {
                    if (t.kind().equals(unwanted)) {
                        spoilt = true;
                    }
                    if (t.kind().equals(kinds.get(chain.size()))
                            && t.eventTime() <= begin.eventTime() + withinMin * MINUTE) {
                        chain.add(t);
                    }
                }
            }
            if (chain.size() == kinds.size() && !spoilt) {
                Touchpoint end = chain.get(chain.size() - 1);
                quietUntil = end.eventTime() + coolMin * MINUTE;
                for (Touchpoint t : all) {
                    if (t.kind().equals(kinds.get(kinds.size() - 1)) && after(t, end) && t.eventTime() <= quietUntil) {
                        chain.add(t);
                    }
                }
                found.add(new Found(rule, chain, end.eventTime(), null));
            }
        }
    }

    private record Late(Touchpoint trigger, long deadline, Long came) {}

    private static void absence(
            String rule,
            List<Touchpoint> all,
            String after,
            Set<String> of,
            long withinMin,
            long coolMin,
            List<Found> found) {
        List<Late> late = new ArrayList<>();
        for (Touchpoint trigger : all) {
            if (!trigger.kind().equals(after)) {
                continue;
            }
            long deadline = trigger.eventTime() + withinMin * MINUTE;
            Touchpoint came = all.stream()
                    .filter(t -> of.contains(t.kind()) && after(t, trigger))
                    .findFirst()
                    .orElse(null);
            if (came == null || came.eventTime() > deadline) {
                late.add(new Late(trigger, deadline, came == null ? null : (Long) came.eventTime()));
            }
        }
        alert(rule, late, coolMin, found);
    }

    /** One thing that is owed: who promised it, who said when, who ended it. */
    private static final class Debt {
        Touchpoint made;
        Touchpoint dated;
        Long due;
        Touchpoint settled;
    }

    private static void promises(
            String rule, List<Touchpoint> all, Set<String> says, Function<Touchpoint, String> name, List<Found> found) {
        List<Debt> debts = new ArrayList<>();
        for (Touchpoint t : all) {
            if (!says.contains(t.kind()) && !t.kind().equals("k")) {
                continue;
            }
            String due = t.properties().get("due");
            Debt debt = t.kind().equals("p")
                    ? null
                    : Stream.concat(
                                    debts.stream().filter(d -> sameSubject(d.made, t)),
                                    debts.stream().filter(d -> maySubject(d.made, t)))
                            .filter(d -> d.settled == null)
                            .filter(d -> name.apply(t) == null || name.apply(t).equals(name.apply(d.made)))
                            .findFirst()
                            .orElse(null);
            if (debt == null && Set.of("p", "promise_due").contains(t.kind())) {
                Debt made = new Debt();
                made.made = t;
                made.dated = t;
                made.due = due == null ? null : (Long) read(due);
                debts.add(made);
            } else if (debt != null && t.kind().equals("promise_due")) {
                if (due != null && (debt.due == null || read(due) != debt.due)) {
                    debt.due = read(due);
                    debt.dated = t;
                }
            } else if (debt != null) {
                debt.settled = t;
            }
        }
        Map<String, List<Late>> late = new TreeMap<>();
        for (Debt debt : debts) {
            Long kept =
                    debt.settled == null || !debt.settled.kind().equals("k") ? null : (Long) debt.settled.eventTime();
            if (debt.due == null || (debt.dated == debt.made && debt.due + 5 * MINUTE < debt.made.eventTime())) {
                continue;
            }
            long deadline = Math.max(debt.due + 5 * MINUTE, debt.dated.eventTime());
            if (kept == null || kept > deadline) {
                String named = name.apply(debt.made);
                late.computeIfAbsent(named == null ? "" : named, key -> new ArrayList<>())
                        .add(new Late(debt.dated, deadline, kept));
            }
        }
        late.values().forEach(each -> alert(rule, each, 10, found));
    }

    private static boolean sameSubject(Touchpoint one, Touchpoint other) {
        return (one.topic() != null && one.topic().equals(other.topic()))
                || (one.caseId() != null && one.caseId().equals(other.caseId()));
    }

    /** Neither says anything that the other contradicts. */
    private static boolean maySubject(Touchpoint one, Touchpoint other) {
        return (one.topic() == null || other.topic() == null) && (one.caseId() == null || other.caseId() == null);
    }

    private static void alert(String rule, List<Late> late, long coolMin, List<Found> found) {
        late.sort(Comparator.comparingLong(Late::deadline)
                .thenComparing(l -> l.trigger().eventTime())
                .thenComparing(l -> l.trigger().touchpointId()));
        for (int i = 0; i < late.size(); ) {
            Late first = late.get(i);
            List<Touchpoint> evidence = new ArrayList<>();
            boolean allCame = true;
            long last = Long.MIN_VALUE;
            while (i < late.size() && late.get(i).deadline <= first.deadline + coolMin * MINUTE) {
                Late each = late.get(i++);
                evidence.add(each.trigger);
                allCame &= each.came != null;
                last = each.came == null ? last : Math.max(last, each.came);
            }
            found.add(new Found(rule, evidence, first.deadline, allCame ? (Long) last : null));
        }
    }

    private static void figure(
            String rule,
            List<Touchpoint> all,
            Set<String> kinds,
            int minimum,
            long withinMin,
            long coolMin,
            boolean sum,
            List<Found> found) {
        List<Touchpoint> matches = all.stream()
                .filter(t -> kinds.contains(t.kind()) && t.waitMs() != null)
                .toList();
        int from = 0;
        for (int i = 0; i < matches.size(); i++) {
            Touchpoint last = matches.get(i);
            List<Touchpoint> window = matches.subList(from, i + 1).stream()
                    .filter(t -> t.eventTime() >= last.eventTime() - withinMin * MINUTE)
                    .toList();
            double total = window.stream().mapToDouble(Touchpoint::waitMs).sum();
            double change = last.waitMs() - window.get(0).waitMs();
            if (window.size() >= minimum && (sum ? total >= 20 : change <= -6)) {
                List<Touchpoint> evidence = new ArrayList<>(window);
                while (i + 1 < matches.size()
                        && matches.get(i + 1).eventTime() <= last.eventTime() + coolMin * MINUTE) {
                    evidence.add(matches.get(++i));
                }
                from = i + 1;
                found.add(new Found(rule, evidence, last.eventTime(), null));
            }
        }
    }

    private static void count(
            String rule,
            List<Touchpoint> all,
            String kind,
            int count,
            long withinMin,
            long coolMin,
            List<Found> found) {
        List<Touchpoint> matches =
                all.stream().filter(t -> t.kind().equals(kind)).toList();
        int from = 0;
        for (int i = 0; i < matches.size(); i++) {
            Touchpoint last = matches.get(i);
            if (i - from + 1 >= count
                    && last.eventTime() - matches.get(i - count + 1).eventTime() <= withinMin * MINUTE) {
                List<Touchpoint> evidence = new ArrayList<>(matches.subList(i - count + 1, i + 1));
                while (i + 1 < matches.size()
                        && matches.get(i + 1).eventTime() <= last.eventTime() + coolMin * MINUTE) {
                    evidence.add(matches.get(++i));
                }
                from = i + 1;
                found.add(new Found(rule, evidence, last.eventTime(), null));
            }
        }
    }

    private static boolean after(Touchpoint t, Touchpoint other) {
        return t.eventTime() > other.eventTime()
                || (t.eventTime() == other.eventTime() && t.touchpointId().compareTo(other.touchpointId()) > 0);
    }

    private static List<Touchpoint> about(List<Touchpoint> all, String topic) {
        return all.stream().filter(t -> topic.equals(t.topic())).toList();
    }

    private static List<Touchpoint> sorted(List<Touchpoint> touchpoints) {
        return touchpoints.stream()
                .sorted(Comparator.comparingLong(Touchpoint::eventTime).thenComparing(Touchpoint::touchpointId))
                .toList();
    }
}
