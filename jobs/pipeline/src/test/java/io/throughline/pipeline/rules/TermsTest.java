package io.throughline.pipeline.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.AlertRuleSet;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.Condition;
import io.throughline.domain.alert.Condition.Look;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.alert.Signal;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.settings.AlertRuleFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is plain Java means to the letter what the library makes of it. */
class TermsTest {
    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "ab",
            "call",
            "5",
            "-7",
            "+5",
            " 5",
            "5 ",
            "1e3",
            "0x1p3",
            "1d",
            "NaN",
            "Infinity",
            "-0.0",
            "9223372036854775807",
            "9223372036854775808",
            "-9223372036854775808",
            "٣",
            "é",
            "e\u0301",
            "\uffff",
            "\ud83d\ude00",
            "\ud83d",
            "a\ud83d\ude00b");
    private static final List<Long> WHOLES =
            List.of(0L, 1L, -1L, 2L, 7L, 60_000L, 9_007_199_254_740_993L, Long.MAX_VALUE, Long.MIN_VALUE);
    private static final List<Double> NUMBERS = List.of(
            0.0,
            -0.0,
            1.0,
            -0.5,
            0.1,
            7.0,
            1e300,
            9.223372036854775807e18,
            -9.223372036854775808e18,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            Double.MIN_VALUE);
    private static final List<String> OF_TEXT = List.of(
            "touchpoint.id",
            "touchpoint.channel",
            "touchpoint.kind",
            "touchpoint.actor",
            "touchpoint.touchpoint",
            "touchpoint.stage",
            "touchpoint.topic",
            "touchpoint.case_id",
            "touchpoint.product",
            "touchpoint.segment",
            "touchpoint.location",
            "touchpoint.outcome",
            "touchpoint.survey_metric",
            "customer.tier");
    private static final List<String> OF_NUMBER =
            List.of("touchpoint.sentiment", "touchpoint.value", "touchpoint.score", "touchpoint.satisfaction");
    private static final List<String> PROPERTIES = List.of("p", "q", "r");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void anyExpressionOnAnyTouchpointComesToWhatTheLibraryMakesOfIt(long seed) throws ExpressionException {
        Random random = new Random(seed);
        List<Signal> signals = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            signals.add(signal(random));
        }
        int plain = 0;
        int held = 0;
        int failed = 0;
        for (int i = 0; i < 300; i++) {
            String expression = truth(random, 1 + random.nextInt(4));
            if (expression.length() > 900) {
                continue;
            }
            CelCondition condition;
            try {
                condition = CelCondition.of(expression);
            } catch (ExpressionException e) {
                assertThat(e).as(expression).hasMessageContaining("costs too much");
                continue;
            }
            CelCondition library = CelCondition.byLibrary(expression);
            plain += condition.isPlain() ? 1 : 0;
            for (Signal signal : signals) {
                String tier = pick(random, null, "", "gold");
                String expected = verdict(library, signal, tier);
                held += expected.startsWith("true") ? 1 : 0;
                failed += expected.startsWith("false, ") ? 1 : 0;
                assertThat(verdict(condition, signal, tier))
                        .as("seed %d: %s on %s of tier %s", seed, expression, signal, tier)
                        .isEqualTo(expected);
            }
        }
        // Otherwise this would say little.
        assertThat(plain).isGreaterThan(250);
        assertThat(held).isGreaterThan(500);
        assertThat(failed).isGreaterThan(250);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whereANeedDoesNotHoldTheConditionNeitherHoldsNorFails(long seed) throws ExpressionException {
        Random random = new Random(seed);
        List<Signal> signals = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            signals.add(signal(random));
        }
        int needed = 0;
        int failed = 0;
        int held = 0;
        for (int i = 0; i < 300; i++) {
            String expression = joined(random);
            if (expression.length() > 900) {
                continue;
            }
            List<CelCondition> conditions;
            try {
                conditions = List.of(CelCondition.of(expression), CelCondition.byLibrary(expression));
            } catch (ExpressionException e) {
                assertThat(e).as(expression).hasMessageContaining("costs too much");
                continue;
            }
            for (CelCondition condition : conditions) {
                needed += condition.needs().size();
                for (Signal signal : signals) {
                    String tier = pick(random, null, "", "gold");
                    String verdict = verdict(condition, signal, tier);
                    held += verdict.startsWith("true") ? 1 : 0;
                    if (!condition.needs().stream().allMatch(need -> need.holds(signal))) {
                        assertThat(verdict)
                                .as(
                                        "seed %d: %s needs %s, on %s of tier %s",
                                        seed, expression, condition.needs(), signal, tier)
                                .isEqualTo("false");
                    } else if (verdict.startsWith("false, ")) {
                        failed++;
                    }
                }
            }
        }
        // Otherwise this would say little.
        assertThat(needed).isGreaterThan(400);
        assertThat(held).isGreaterThan(200);
        assertThat(failed).isGreaterThan(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            textBlock =
                    """
                    touchpoint.wait_ms > 3000 && touchpoint.topic == 'x' @ 2 @ both
                    3000 < touchpoint.wait_ms && touchpoint.topic in ['x', 'y'] @ 2 @ turned round, and one of several
                    touchpoint.wait_ms > 3000 || touchpoint.topic == 'x' @ 0 @ either will do
                    !(touchpoint.wait_ms > 3000) && touchpoint.topic != 'x' @ 0 @ denied
                    touchpoint.wait_ms in [dyn(1), 1.5] @ 0 @ numbers of different types may be equal
                    int(touchpoint.properties.p) > 5 && touchpoint.properties.q == 'x' @ 0 @ what comes before a property may fail
                    touchpoint.properties.q == 'x' && int(touchpoint.properties.p) > 5 @ 1 @ what fails comes after
                    int(touchpoint.properties.p) > 5 && touchpoint.topic == 'x' @ 1 @ an unknown variable goes before an error
                    touchpoint.channel.matches('c.*') && touchpoint.score <= 3.0 @ 1 @ also where the library evaluates
                    customer.tier == 'gold' && touchpoint.kind == 'x' @ 1 @ tiers are not of a touchpoint
                    """)
    void whatIsNeeded(String expression, int needs, String because) throws ExpressionException {
        assertThat(CelCondition.of(expression).needs()).as(because).hasSize(needs);
    }

    /** Alerts, what is remembered and what fails are the same whether rules are found by their needs or asked one by one. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void rulesFoundByTheirNeedsComeToTheSame(long seed) throws ExpressionException {
        Random random = new Random(seed);
        List<CelCondition> conditions = new ArrayList<>();
        List<CelCondition> onesAsked = new ArrayList<>();
        List<AlertRule> rules = new ArrayList<>();
        List<AlertRule> asked = new ArrayList<>();
        while (rules.size() < 60) {
            String expression = joined(random);
            if (expression.length() > 300) {
                continue;
            }
            conditions.add(CelCondition.of(expression));
            onesAsked.add(CelCondition.of(expression));
            String id = "rule-" + rules.size();
            int count = 1 + random.nextInt(2);
            Match match = (random.nextBoolean() ? Match.anyOf() : Match.anyOf("complaint", "transfer"))
                    .going(pick(random, List.of(Match.Direction.values())));
            rules.add(counting(id, match.when(conditions.get(conditions.size() - 1)), count));
            asked.add(counting(id, match.when(new Asked(onesAsked.get(onesAsked.size() - 1))), count));
        }
        AlertRuleSet found = new AlertRuleSet(AlertConfig.DEFAULTS.withRules(rules));
        AlertRuleSet oneByOne = new AlertRuleSet(AlertConfig.DEFAULTS.withRules(asked));
        AlertState state = null;
        AlertState other = null;
        int alerts = 0;
        for (int i = 0; i < 300; i++) {
            Attribution attribution = new Attribution("c", touchpoint(random, i), 1 + i, 1);
            Step<AlertState, Alert> step = found.on(state, attribution, i * 60_000L);
            Step<AlertState, Alert> expected = oneByOne.on(other, attribution, i * 60_000L);
            assertThat(step.out()).as("seed %d", seed).isEqualTo(expected.out());
            assertThat(step.wakeAt()).isEqualTo(expected.wakeAt());
            assertThat(step.state()).isEqualTo(expected.state());
            state = step.state();
            other = expected.state();
            alerts += step.out().size();
        }
        long failures = 0;
        for (int i = 0; i < conditions.size(); i++) {
            String expression = conditions.get(i).toString();
            failures += conditions.get(i).failures();
            assertThat(failuresOf(conditions, expression))
                    .as("seed %d: failures of %s", seed, expression)
                    .isEqualTo(failuresOf(onesAsked, expression));
        }
        assertThat(alerts).isGreaterThan(20);
        assertThat(failures).isGreaterThan(20);
    }

    /** One that does not say what it needs. */
    private record Asked(CelCondition condition) implements Condition {

        @Override
        public boolean holds(Signal signal, @Nullable String tier) {
            return condition.holds(signal, tier);
        }

        @Override
        public boolean looksAtTier() {
            return condition.looksAtTier();
        }

        @Override
        public List<Look> looks() {
            return condition.looks();
        }

        @Override
        public Set<String> properties() {
            return condition.properties();
        }
    }

    private static AlertRule counting(String id, Match match, int count) {
        return AlertRule.once(id, "Rule", "warning", "speed", match, 60_000L)
                .looking(new Pattern.Count(match, count, 600_000L, 0, null));
    }

    /** Of all of an expression: which of equal ones is asked is nobody's to rely on. */
    private static long failuresOf(List<CelCondition> conditions, String expression) {
        return conditions.stream()
                .filter(condition -> condition.toString().equals(expression))
                .mapToLong(CelCondition::failures)
                .sum();
    }

    private static Touchpoint touchpoint(Random random, int number) {
        Map<String, String> properties = new TreeMap<>();
        for (String property : PROPERTIES) {
            if (random.nextInt(3) > 0) {
                properties.put(property, pick(random, "5", "-7", "a", "call", ""));
            }
        }
        return Touchpoint.of(
                        "t" + number,
                        number * 60_000L,
                        pick(random, "call", "bot", "web"),
                        pick(random, "complaint", "transfer", "message"))
                .waitMs(perhaps(random, List.of(0L, 1L, 7L, 60_000L)))
                .topic(perhaps(random, List.of("a", "ab", "call", "5")))
                .sentiment(perhaps(random, List.of(-0.5, 0.0, -0.0, 0.1, 1.0)))
                .properties(properties)
                .build();
    }

    /** Several joined, most of them comparisons with constants. */
    private static String joined(Random random) {
        List<String> all = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            all.add(
                    switch (random.nextInt(8)) {
                        case 0 -> truth(random, 2);
                        case 1 ->
                            pick(
                                    random,
                                    "int(touchpoint.properties." + pick(random, PROPERTIES) + ") > 5",
                                    "touchpoint.channel.matches(touchpoint.properties." + pick(random, PROPERTIES)
                                            + ")");
                        case 2 ->
                            compared(random, "touchpoint.properties." + pick(random, PROPERTIES), constant(random));
                        case 3 -> "touchpoint.properties.p in ['5', 'a', '', '+5']";
                        case 4 -> compared(random, pick(random, OF_NUMBER), pick(random, "0.0", "-0.0", "0.1", "25.0"));
                        case 5 ->
                            compared(random, pick(random, "0", "1", "7", "60000"), pick(random, "touchpoint.wait_ms"));
                        case 6 -> "touchpoint.topic" + pick(random, " == ", " != ") + pick(random, "'a'", "'call'");
                        default -> "touchpoint.wait_ms in [0, 7, 60000]";
                    });
        }
        return String.join(" && ", all);
    }

    @Test
    void everyConditionOfTheLibraryOfRulesIsPlainAndMeansTheSame() throws ExpressionException {
        Random random = new Random(1);
        List<String> conditions = AlertRuleFile.library().stream()
                .flatMap(rule -> rule.pattern().roles().stream())
                .map(Match::when)
                .filter(CelCondition.class::isInstance)
                .map(Object::toString)
                .distinct()
                .toList();
        assertThat(conditions).hasSizeGreaterThan(4);
        for (String expression : conditions) {
            CelCondition condition = CelCondition.of(expression);
            CelCondition library = CelCondition.byLibrary(expression);
            assertThat(condition.isPlain()).as(expression).isTrue();
            for (int i = 0; i < 500; i++) {
                Signal signal = signal(random);
                String tier = pick(random, null, "gold");
                assertThat(verdict(condition, signal, tier))
                        .as("%s on %s of tier %s", expression, signal, tier)
                        .isEqualTo(verdict(library, signal, tier));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '@',
            quoteCharacter = '`',
            textBlock =
                    """
                    touchpoint.channel.matches('c.*') @ a regular expression
                    timestamp(touchpoint.properties.p) > timestamp('2026-01-01T00:00:00Z') @ a time
                    duration(touchpoint.properties.p) > duration('1h') @ a duration
                    uint(touchpoint.properties.p) > 5u @ a number without sign
                    touchpoint.kind in [touchpoint.topic, 'a'] @ a list of more than constants
                    [touchpoint.kind, 'a'] == ['b', 'a'] @ lists that are compared
                    dyn(touchpoint.kind) == 5 @ what has no type before it is there
                    string(touchpoint.value) == '1.0' @ a number as text
                    {'a': 1}['a'] == touchpoint.wait_ms @ a map
                    touchpoint.outbound || touchpoint.channel.matches('c.*') @ a part of the whole
                    """)
    void whatIsOfOtherFormsIsLeftToTheLibraryAsAWhole(String expression, String because) throws ExpressionException {
        assertThat(CelCondition.of(expression).isPlain()).as(because).isFalse();
    }

    /** Whether it holds, and how it failed. */
    private static String verdict(CelCondition condition, Signal signal, @Nullable String tier) {
        long before = condition.failures();
        boolean holds = condition.holds(signal, tier);
        long failures = condition.failures() - before;
        return holds + (failures == 0 ? "" : ", " + failures + " times " + condition.lastFailure());
    }

    private static String truth(Random random, int depth) {
        if (depth == 0) {
            return pick(
                    random,
                    "true",
                    "false",
                    "touchpoint.outbound",
                    "has(touchpoint.properties." + pick(random, PROPERTIES) + ")",
                    "('" + pick(random, PROPERTIES) + "' in touchpoint.properties)");
        }
        return "(" + composed(random, depth - 1) + ")";
    }

    private static String composed(Random random, int less) {
        return switch (random.nextInt(16)) {
            case 0, 1 -> truth(random, less) + " && " + truth(random, less);
            case 2, 3 -> truth(random, less) + " || " + truth(random, less);
            case 4 -> "!" + truth(random, less);
            case 5 -> truth(random, less) + " ? " + truth(random, less) + " : " + truth(random, less);
            case 6 -> compared(random, text(random, less), text(random, less));
            case 7, 8 -> compared(random, whole(random, less), whole(random, less));
            case 9, 10 -> compared(random, number(random, less), number(random, less));
            case 11 -> truth(random, less) + pick(random, " == ", " != ") + truth(random, less);
            case 12 ->
                text(random, less) + pick(random, ".contains(", ".startsWith(", ".endsWith(") + text(random, less)
                        + ")";
            case 13 ->
                pick(
                        random,
                        text(random, less) + " in [" + constant(random) + ", " + constant(random) + "]",
                        whole(random, less) + " in [0, 1, -1, 60000]",
                        number(random, less) + " in [0.0, 1.0, -0.5]",
                        text(random, less) + " in []");
            case 14 -> {
                String twice = number(random, 0);
                yield twice + pick(random, " == ", " != ", " <= ") + twice;
            }
            default -> truth(random, 0);
        };
    }

    private static String compared(Random random, String left, String right) {
        return left + pick(random, " == ", " != ", " < ", " <= ", " > ", " >= ") + right;
    }

    private static String text(Random random, int depth) {
        if (depth == 0) {
            return switch (random.nextInt(4)) {
                case 0 -> constant(random);
                case 1 -> "touchpoint.properties." + pick(random, PROPERTIES);
                case 2 -> "touchpoint.properties['" + pick(random, PROPERTIES) + "']";
                default -> pick(random, OF_TEXT);
            };
        }
        return switch (random.nextInt(4)) {
            case 0 -> "(" + text(random, depth - 1) + " + " + text(random, depth - 1) + ")";
            case 1 ->
                "(" + truth(random, depth - 1) + " ? " + text(random, depth - 1) + " : " + text(random, depth - 1)
                        + ")";
            default -> text(random, 0);
        };
    }

    private static String whole(Random random, int depth) {
        if (depth == 0) {
            return pick(
                    random,
                    Long.toString(pick(random, WHOLES)),
                    "touchpoint.wait_ms",
                    "touchpoint.handle_ms",
                    "int(touchpoint.properties." + pick(random, PROPERTIES) + ")");
        }
        int less = depth - 1;
        return switch (random.nextInt(8)) {
            case 0, 1 ->
                "(" + whole(random, less) + pick(random, " + ", " - ", " * ", " / ", " % ") + whole(random, less) + ")";
            case 2 -> "-(" + whole(random, less) + ")";
            case 3 -> "int(" + number(random, less) + ")";
            case 4 -> "int(" + text(random, less) + ")";
            case 5 -> pick(random, "size(" + text(random, less) + ")", text(random, less) + ".size()");
            case 6 -> "(" + truth(random, less) + " ? " + whole(random, less) + " : " + whole(random, less) + ")";
            default -> whole(random, 0);
        };
    }

    private static String number(Random random, int depth) {
        if (depth == 0) {
            return pick(
                    random,
                    pick(random, "0.0", "-0.0", "0.5", "-1.0", "25.0", "1e300"),
                    pick(random, OF_NUMBER),
                    pick(random, OF_NUMBER),
                    "double(touchpoint.properties." + pick(random, PROPERTIES) + ")");
        }
        int less = depth - 1;
        return switch (random.nextInt(7)) {
            case 0, 1 ->
                "(" + number(random, less) + pick(random, " + ", " - ", " * ", " / ") + number(random, less) + ")";
            case 2 -> "-(" + number(random, less) + ")";
            case 3 -> "double(" + whole(random, less) + ")";
            case 4 -> "double(" + pick(random, text(random, less), number(random, less)) + ")";
            case 5 -> "(" + truth(random, less) + " ? " + number(random, less) + " : " + number(random, less) + ")";
            default -> number(random, 0);
        };
    }

    /** A text of the language. */
    private static String constant(Random random) {
        String text = pick(random, TEXTS);
        // Half a character cannot be written in the language.
        return text.equals("\ud83d") ? "'\ufffe'" : "'" + text + "'";
    }

    private static Signal signal(Random random) {
        Map<String, String> properties = new TreeMap<>();
        for (String property : PROPERTIES) {
            if (random.nextInt(3) > 0) {
                properties.put(property, pick(random, TEXTS));
            }
        }
        return new Signal(
                pick(random, TEXTS),
                random.nextLong(),
                pick(random, "call", "bot", "web"),
                pick(random, "complaint", "transfer", "message"),
                random.nextBoolean(),
                perhaps(random, TEXTS),
                perhaps(random, TEXTS),
                perhaps(random, TEXTS),
                perhaps(random, WHOLES),
                perhaps(random, NUMBERS),
                random.nextInt(3) == 0
                        ? null
                        : new Survey(
                                "csat",
                                pick(random, 0.0, 1.0),
                                pick(random, 1.0, 5.0),
                                random.nextBoolean(),
                                random.nextBoolean() ? 1 + random.nextInt(5) : pick(random, NUMBERS),
                                null,
                                null),
                perhaps(random, TEXTS),
                perhaps(random, TEXTS),
                perhaps(random, TEXTS),
                perhaps(random, TEXTS),
                perhaps(random, TEXTS),
                perhaps(random, TEXTS),
                perhaps(random, WHOLES),
                perhaps(random, WHOLES),
                random.nextInt(4) == 0 ? Map.of() : random.nextBoolean() ? properties : new HashMap<>(properties));
    }

    private static <T> @Nullable T perhaps(Random random, List<T> among) {
        return random.nextInt(3) == 0 ? null : pick(random, among);
    }

    private static <T> T pick(Random random, List<T> among) {
        return among.get(random.nextInt(among.size()));
    }

    @SafeVarargs
    private static <T> T pick(Random random, T... among) {
        return among[random.nextInt(among.length)];
    }
}
