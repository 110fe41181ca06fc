package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.touchpoint.Attribution;
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
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any order of attributions, moves between customers included, ends in the alerts of who owns what in the end. */
class AlertsPropertyTest {
    private static final long START = 1_795_392_000_000L;
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();

    private static final AlertConfig CONFIG = AlertConfig.DEFAULTS.withRules(List.of(
            AlertRule.once("one", "One", "error", "closure", Match.anyOf("complaint"), 30 * MINUTE),
            new AlertRule(
                    "some",
                    1,
                    "Some",
                    "warning",
                    "reliability",
                    Match.anyOf("error"),
                    3,
                    10 * MINUTE,
                    0,
                    false,
                    15 * MINUTE),
            new AlertRule(
                    "apart",
                    1,
                    "Apart",
                    "warning",
                    "closure",
                    Match.anyOf("message"),
                    2,
                    60 * MINUTE,
                    5 * MINUTE,
                    true,
                    20 * MINUTE)));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void endsTheSameInAnyOrder(long seed) {
        Random random = new Random(seed);
        List<Attribution> attributions = new ArrayList<>();
        Map<String, List<Touchpoint>> owned = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
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
        owned.forEach((customer, touchpoints) -> expected.addAll(naive(customer, touchpoints)));
        assertThat(expected).hasSizeGreaterThan(5);

        for (int order = 0; order < 10; order++) {
            Collections.shuffle(attributions, new Random(seed * 31 + order));
            Desk live = new Desk(CONFIG).advanceTo(START);
            Desk replay = new Desk(CONFIG);
            Desk both = new Desk(CONFIG);
            for (int i = 0; i < attributions.size(); i++) {
                live.take(attributions.get(i));
                replay.take(attributions.get(i));
                both.take(attributions.get(i));
                if (i == attributions.size() / 2) {
                    both.advanceTo(START + 100 * MINUTE);
                }
            }
            replay.advanceTo(START + 600 * MINUTE);
            both.advanceTo(START + 600 * MINUTE);
            assertThat(described(live)).isEqualTo(expected);
            assertThat(described(replay)).isEqualTo(expected);
            assertThat(described(both)).isEqualTo(expected);
            assertThat(replay.published()).hasSize(expected.size());
        }
    }

    private static Touchpoint touchpoint(String id, Random random) {
        String[] kinds = {"complaint", "error", "error", "error", "message", "message", "case_resolved", "page_view"};
        String kind = kinds[random.nextInt(kinds.length)];
        return Touchpoint.of(id, START + random.nextInt(300) * MINUTE, "web", kind)
                .topic(random.nextInt(4) == 0 ? null : "topic" + random.nextInt(2))
                .build();
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
                                .toList(),
                        alert.life().history().stream()
                                .map(turn -> turn.what() + " " + (turn.at() - START) / MINUTE)
                                .toList()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String describe(
            String rule, String customer, long openedAt, Long resolvedAt, List<String> evidence, List<String> turns) {
        return rule + " of " + customer + " at " + (openedAt - START) / MINUTE + " resolved "
                + (resolvedAt == null ? "never" : (resolvedAt - START) / MINUTE) + " by " + evidence
                + " after " + turns;
    }

    /** Straight from the words of the rules: find the first complete cause, take what follows, look at the rest. */
    private static Set<String> naive(String customer, List<Touchpoint> touchpoints) {
        Set<String> found = new TreeSet<>();
        List<Touchpoint> resolvers = of(touchpoints, "case_resolved", null);
        search("one", customer, of(touchpoints, "complaint", null), 1, 0, 0, 30 * MINUTE, resolvers, found);
        search("some", customer, of(touchpoints, "error", null), 3, 10 * MINUTE, 0, 15 * MINUTE, resolvers, found);
        for (String topic : List.of("topic0", "topic1")) {
            List<Touchpoint> messages = of(touchpoints, "message", topic);
            search("apart", customer, messages, 2, 60 * MINUTE, 5 * MINUTE, 20 * MINUTE, resolvers, found);
        }
        return found;
    }

    private static boolean follows(Touchpoint later, Touchpoint earlier) {
        return later.eventTime() > earlier.eventTime()
                || (later.eventTime() == earlier.eventTime()
                        && later.touchpointId().compareTo(earlier.touchpointId()) > 0);
    }

    private static Touchpoint firstAfter(Touchpoint evidence, List<Touchpoint> resolvers) {
        return resolvers.stream().filter(r -> follows(r, evidence)).findFirst().orElse(null);
    }

    private static void search(
            String rule,
            String customer,
            List<Touchpoint> matches,
            int count,
            long within,
            long apart,
            long coolDown,
            List<Touchpoint> resolvers,
            Set<String> found) {
        List<List<Touchpoint>> clusters = new ArrayList<>();
        for (Touchpoint match : matches) {
            List<Touchpoint> last = clusters.isEmpty() ? null : clusters.get(clusters.size() - 1);
            if (last != null
                    && apart > 0
                    && match.eventTime() - last.get(last.size() - 1).eventTime() <= apart) {
                last.add(match);
            } else {
                clusters.add(new ArrayList<>(List.of(match)));
            }
        }
        for (int k = count - 1; k < clusters.size(); k++) {
            long opens = clusters.get(k).get(0).eventTime();
            if (opens - clusters.get(k - count + 1).get(0).eventTime() <= within) {
                List<String> evidence = new ArrayList<>();
                for (int j = k - count + 1; j < k; j++) {
                    clusters.get(j).forEach(t -> evidence.add(t.touchpointId()));
                }
                evidence.add(clusters.get(k).get(0).touchpointId());
                List<Touchpoint> rest =
                        matches.subList(matches.indexOf(clusters.get(k).get(0)) + 1, matches.size());
                int taken = 0;
                List<String> turns = new ArrayList<>();
                Touchpoint last = clusters.get(k).get(0);
                while (taken < rest.size() && rest.get(taken).eventTime() <= opens + coolDown) {
                    Touchpoint further = rest.get(taken++);
                    evidence.add(further.touchpointId());
                    Touchpoint between = firstAfter(last, resolvers);
                    if (between != null && follows(further, between)) {
                        turns.add("resolved " + (between.eventTime() - START) / MINUTE);
                        turns.add("reopened " + (further.eventTime() - START) / MINUTE);
                    }
                    last = further;
                }
                Touchpoint resolved = firstAfter(last, resolvers);
                found.add(describe(
                        rule, customer, opens, resolved == null ? null : resolved.eventTime(), evidence, turns));
                search(
                        rule,
                        customer,
                        rest.subList(taken, rest.size()),
                        count,
                        within,
                        apart,
                        coolDown,
                        resolvers,
                        found);
                return;
            }
        }
    }

    private static List<Touchpoint> of(List<Touchpoint> touchpoints, String kind, String topic) {
        return touchpoints.stream()
                .filter(t -> t.kind().equals(kind) && (topic == null || topic.equals(t.topic())))
                .sorted((a, b) -> a.eventTime() != b.eventTime()
                        ? Long.compare(a.eventTime(), b.eventTime())
                        : a.touchpointId().compareTo(b.touchpointId()))
                .toList();
    }
}
