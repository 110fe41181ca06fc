package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.AlertRule.Mode;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.touchpoint.Survey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found by the index is what asking each role of each rule finds. */
class RuleIndexTest {
    private static final List<Double> NUMBERS =
            List.of(-1.0, -0.5, -0.0, 0.0, 0.3, 50.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    private static final List<Long> WHOLES = List.of(0L, 1L, 3_000L, 5_000L, Long.MAX_VALUE, Long.MIN_VALUE);
    private static final List<String> TEXTS = List.of("", "a", "b", "c");
    private static final Reading TOPIC = new Reading("touchpoint.topic", Signal::topic);
    private static final Reading OUTBOUND = new Reading("touchpoint.outbound", Signal::outbound);

    /** A condition on what it needs and on something more; it counts how often it is asked. */
    private record Asking(List<Need> needs, int more, boolean looksAtTier, Map<Asking, Integer> asked)
            implements Condition {

        @Override
        public boolean holds(Signal signal, @Nullable String tier) {
            asked.merge(this, 1, Integer::sum);
            return needs.stream().allMatch(need -> need.holds(signal)) && also(signal, tier);
        }

        private boolean also(Signal signal, @Nullable String tier) {
            return (signal.touchpointId().hashCode() + (looksAtTier && tier != null ? 1 : 0)) % 3 != more;
        }

        @Override
        public Set<String> properties() {
            return Set.of();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Asking that
                    && that.needs.equals(needs)
                    && that.more == more
                    && that.looksAtTier == looksAtTier;
        }

        @Override
        public int hashCode() {
            return needs.hashCode() + more;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void findsWhatAskingEachRoleFinds(long seed) {
        Random random = new Random(seed);
        Map<Asking, Integer> asked = new HashMap<>();
        int found = 0;
        for (int i = 0; i < 30; i++) {
            List<AlertRule> rules = rules(random, 1 + random.nextInt(60), asked);
            RuleIndex index = new RuleIndex(rules);
            for (int j = 0; j < 60; j++) {
                Signal signal = signal(random);
                asked.clear();
                RuleIndex.Sight sight = index.see(signal);
                assertThat(asked.values()).as("each is asked once").allMatch(times -> times == 1);
                asked.keySet().forEach(each -> assertThat(each.needs()).allMatch(need -> need.holds(signal)));
                for (String tier : new String[] {null, "gold"}) {
                    List<Integer> looking = looking(rules, index, signal, tier, false);
                    assertThat(index.roles(signal, sight, tier))
                            .as("seed %d: %s of tier %s by %s", seed, signal, tier, rules)
                            .containsExactly(
                                    looking.stream().mapToInt(each -> each).toArray());
                    found += looking.size();
                }
                assertThat(sight.matters())
                        .as("seed %d: %s by %s", seed, signal, rules)
                        .isEqualTo(!looking(rules, index, signal, null, true).isEmpty());
            }
        }
        // Otherwise this would say little.
        assertThat(found).isGreaterThan(2_000);
    }

    @Test
    void whatAsksForManyThingsAtOnceIsFoundInFewPlaces() {
        Random random = new Random(1);
        List<AlertRule> rules = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Match match = new Match(
                    Match.Direction.ANY,
                    names(random, 30),
                    names(random, 6),
                    names(random, 20),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
            Need topic = new Need.AnyOf(TOPIC, Set.copyOf(names(random, 60)));
            Asking when = new Asking(List.of(topic), 7, false, new HashMap<>());
            rules.add(
                    AlertRule.once("rule-" + i, "Rule", "warning", "speed", i % 3 == 0 ? match : match.when(when), 1));
        }
        RuleIndex index = new RuleIndex(rules);
        assertThat(index.foundIn()).isLessThanOrEqualTo(40 * 64);
        int found = 0;
        for (int i = 0; i < 2_000; i++) {
            Signal signal = signal(
                    "t" + i,
                    1,
                    "name-" + random.nextInt(6),
                    "name-" + random.nextInt(30),
                    false,
                    "name-" + random.nextInt(60),
                    "name-" + random.nextInt(20),
                    null,
                    null,
                    null);
            List<Integer> looking = looking(rules, index, signal, null, false);
            assertThat(index.roles(signal, index.see(signal), null))
                    .containsExactly(looking.stream().mapToInt(each -> each).toArray());
            found += looking.size();
        }
        assertThat(found).isGreaterThan(2_000);
    }

    /** At least half of so many. */
    private static Set<String> names(Random random, int most) {
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < most; i++) {
            if (i % 2 == 0 || random.nextBoolean()) {
                names.add("name-" + i);
            }
        }
        return names;
    }

    @Test
    void whatStandsNoneOfItsNeedsIsNotAsked() {
        Map<Asking, Integer> asked = new HashMap<>();
        List<AlertRule> rules = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Need topic = new Need.AnyOf(TOPIC, Set.of("topic" + i % 10));
            Need wait = new Need.Beyond(Reading.WAIT, Need.Side.ABOVE, 1_000L * i);
            Match match = Match.anyOf().when(new Asking(List.of(wait, topic), 7, false, asked));
            rules.add(AlertRule.once("rule-" + i, "Rule", "warning", "speed", match, 1));
        }
        RuleIndex.Sight sight = new RuleIndex(rules).see(signal("t", "topic3", 24_000L));

        assertThat(sight.always()).containsExactly(3, 13, 23);
        assertThat(asked).hasSize(3);
    }

    /** @param mayEver whether expressions that look at the tier are taken to hold */
    private static List<Integer> looking(
            List<AlertRule> rules, RuleIndex index, Signal signal, @Nullable String tier, boolean mayEver) {
        List<Integer> looking = new ArrayList<>();
        int number = 0;
        for (int place = 0; place < rules.size(); place++) {
            AlertRule rule = rules.get(place);
            List<Match> roles =
                    rule.mode() == Mode.DISABLED ? List.of() : rule.pattern().roles();
            for (int role = 0; role < roles.size(); role++) {
                boolean expected = role == 1 && rule.pattern() instanceof Pattern.Absence;
                Match match = roles.get(role);
                if (signal.eventTime() >= index.heldFrom(place)
                        && (expected || signal.eventTime() < index.until(place))
                        && rule.pattern().admits(signal)
                        && match.fits(signal)
                        && (match.when() == null
                                || (mayEver && match.looksAtTier())
                                || match.when().holds(signal, tier))) {
                    looking.add(number);
                }
                number++;
            }
        }
        return looking;
    }

    private static List<AlertRule> rules(Random random, int count, Map<Asking, Integer> asked) {
        List<AlertRule> rules = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Pattern pattern =
                    switch (random.nextInt(6)) {
                        case 0 ->
                            new Pattern.Sequence(List.of(match(random, asked), match(random, asked)), null, 9, null);
                        case 1 -> new Pattern.Absence(match(random, asked), match(random, asked), 9, null, null);
                        case 2 -> new Pattern.Experience(5, null, 7, 30, ExperienceConfig.DEFAULTS);
                        default -> new Pattern.Count(match(random, asked), 2, 9, 0, null);
                    };
            AlertRule rule = AlertRule.once("rule-" + i, "Rule", "warning", "speed", Match.anyOf("kind"), 1)
                    .looking(pattern);
            rules.add(rule);
            if (random.nextInt(4) == 0) {
                // Alike but for what it counts.
                rules.add(AlertRule.once("rule-" + i + "-too", "Rule", "warning", "speed", rule.match(), 1)
                        .looking(new Pattern.Count(rule.match(), 7, 9, 0, null)));
            }
            if (random.nextInt(4) == 0) {
                rules.add(rule.looking(pattern)
                        .from(2, random.nextInt(100), random.nextInt(4) == 0 ? Mode.DISABLED : Mode.SHADOW));
            }
        }
        return rules;
    }

    private static Match match(Random random, Map<Asking, Integer> asked) {
        Match match = new Match(
                pick(random, List.of(Match.Direction.values())),
                some(random, 2),
                some(random, 3),
                some(random, 5),
                random.nextInt(6) == 0 ? pick(random, TEXTS) : null,
                random.nextInt(6) == 0 ? (Integer) random.nextInt(100) : null,
                random.nextInt(6) == 0 ? (Integer) random.nextInt(100) : null,
                random.nextInt(6) == 0 ? pick(random, NUMBERS) : null,
                random.nextInt(6) == 0 ? pick(random, WHOLES) : null,
                null);
        if (random.nextInt(3) == 0) {
            return match.equals(Match.anyOf()) ? Match.anyOf("a") : match;
        }
        List<Need> needs = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            needs.add(need(random));
        }
        return match.when(new Asking(List.copyOf(needs), random.nextInt(6), random.nextInt(5) == 0, asked));
    }

    private static Need need(Random random) {
        Need.Side side = pick(random, List.of(Need.Side.values()));
        return switch (random.nextInt(7)) {
            case 0 -> new Need.AnyOf(Reading.KIND, Set.copyOf(some(random, 1)));
            case 1 -> new Need.AnyOf(TOPIC, Set.copyOf(some(random, 1)));
            case 2 -> new Need.AnyOf(OUTBOUND, Set.of(random.nextBoolean()));
            case 3 -> new Need.AnyOf(Reading.SENTIMENT, Set.of(pick(random, List.of(0.0, -0.0, 0.3))));
            case 4 -> new Need.Beyond(Reading.SENTIMENT, side, pick(random, NUMBERS));
            case 5 -> new Need.Beyond(Reading.SATISFACTION, side, pick(random, NUMBERS));
            default -> new Need.Beyond(Reading.WAIT, side, pick(random, WHOLES));
        };
    }

    /** Texts, none of them once in so many times not asked for. */
    private static Set<String> some(Random random, int oneIn) {
        Set<String> some = new TreeSet<>();
        for (int i = random.nextInt(oneIn) == 0 ? 1 + random.nextInt(2) : 0; i > 0; i--) {
            some.add(pick(random, TEXTS));
        }
        return some;
    }

    private static Signal signal(Random random) {
        return signal(
                "t" + random.nextInt(1_000),
                random.nextInt(100),
                pick(random, TEXTS),
                pick(random, TEXTS),
                random.nextBoolean(),
                perhaps(random, TEXTS),
                perhaps(random, TEXTS),
                perhaps(random, WHOLES),
                perhaps(random, NUMBERS),
                random.nextInt(3) == 0
                        ? null
                        : new Survey(
                                pick(random, TEXTS),
                                0,
                                random.nextInt(4) == 0 ? 0 : 5,
                                random.nextBoolean(),
                                random.nextBoolean() ? random.nextInt(8) : pick(random, NUMBERS),
                                null,
                                null));
    }

    private static Signal signal(String id, String topic, long waitMs) {
        return signal(id, 1, "web", "kind", false, topic, null, waitMs, null, null);
    }

    private static Signal signal(
            String id,
            long time,
            String channel,
            String kind,
            boolean outbound,
            @Nullable String topic,
            @Nullable String outcome,
            @Nullable Long waitMs,
            @Nullable Double sentiment,
            @Nullable Survey survey) {
        return new Signal(
                id, time, channel, kind, outbound, null, topic, outcome, waitMs, sentiment, survey, null, null, null,
                null, null, null, null, null, Map.of());
    }

    private static <T> @Nullable T perhaps(Random random, List<T> among) {
        return random.nextInt(3) == 0 ? null : pick(random, among);
    }

    private static <T> T pick(Random random, List<T> among) {
        return among.get(random.nextInt(among.size()));
    }
}
