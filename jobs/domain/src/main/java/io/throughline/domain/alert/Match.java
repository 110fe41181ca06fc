package io.throughline.domain.alert;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which touchpoints of the customer a rule is about: all conditions that are set must hold. Empty sets and nulls are not
 * set. Outbound touchpoints match only where the direction says so.
 *
 * <p>Satisfaction is how far an answer lies from the worst (0) to the best (100) on its own scale and in its own
 * direction, so that one rule fits every scale: 2 on 1-5 is 25, an effort of 4 on 1-5 where low is good is 25 too.
 *
 * @param direction who contacted whom
 * @param kinds any of them
 * @param channels any of them
 * @param outcomes any of them
 * @param surveyMetric an answer, on its scale, to a question of this metric
 * @param satisfactionAtMost percent; a bound reached counts
 * @param satisfactionAbove percent; a bound reached does not count
 * @param sentimentAtMost from -1 to 1
 * @param waitAboveMs milliseconds
 * @param when an expression that must hold too
 */
public record Match(
        Direction direction,
        Set<String> kinds,
        Set<String> channels,
        Set<String> outcomes,
        @Nullable String surveyMetric,
        @Nullable Integer satisfactionAtMost,
        @Nullable Integer satisfactionAbove,
        @Nullable Double sentimentAtMost,
        @Nullable Long waitAboveMs,
        @Nullable Condition when)
        implements Serializable {

    /** Who contacted whom. */
    public enum Direction {
        INBOUND,
        OUTBOUND,
        ANY
    }

    private static final Match ANYTHING =
            new Match(Direction.INBOUND, Set.of(), Set.of(), Set.of(), null, null, null, null, null, null);

    public Match {
        kinds = new TreeSet<>(kinds);
        channels = new TreeSet<>(channels);
        outcomes = new TreeSet<>(outcomes);
    }

    public static Match anyOf(String... kinds) {
        return ANYTHING.withKinds(Set.of(kinds));
    }

    /** Answers to one metric, {@code above} excluded, {@code atMost} included, percent from worst to best. */
    public static Match answer(String metric, @Nullable Integer above, int atMost) {
        return new Match(Direction.INBOUND, Set.of(), Set.of(), Set.of(), metric, atMost, above, null, null, null);
    }

    public static Match sentiment(double atMost) {
        return new Match(Direction.INBOUND, Set.of(), Set.of(), Set.of(), null, null, null, atMost, null, null);
    }

    public static Match waitAbove(long ms) {
        return new Match(Direction.INBOUND, Set.of(), Set.of(), Set.of(), null, null, null, null, ms, null);
    }

    public Match withOutcomes(Set<String> any) {
        return new Match(
                direction,
                kinds,
                channels,
                any,
                surveyMetric,
                satisfactionAtMost,
                satisfactionAbove,
                sentimentAtMost,
                waitAboveMs,
                when);
    }

    Match withKinds(Set<String> any) {
        return new Match(
                direction,
                any,
                channels,
                outcomes,
                surveyMetric,
                satisfactionAtMost,
                satisfactionAbove,
                sentimentAtMost,
                waitAboveMs,
                when);
    }

    Match withSatisfactionAtMost(int percent) {
        return new Match(
                direction,
                kinds,
                channels,
                outcomes,
                surveyMetric,
                percent,
                satisfactionAbove,
                sentimentAtMost,
                waitAboveMs,
                when);
    }

    public Match going(Direction other) {
        return new Match(
                other,
                kinds,
                channels,
                outcomes,
                surveyMetric,
                satisfactionAtMost,
                satisfactionAbove,
                sentimentAtMost,
                waitAboveMs,
                when);
    }

    public Match when(@Nullable Condition condition) {
        return new Match(
                direction,
                kinds,
                channels,
                outcomes,
                surveyMetric,
                satisfactionAtMost,
                satisfactionAbove,
                sentimentAtMost,
                waitAboveMs,
                condition);
    }

    boolean isAnything() {
        return equals(ANYTHING);
    }

    boolean looksAtTier() {
        return when != null && when.looksAtTier();
    }

    /** What it needs at least: with its direction all it asks, but for its expression and for what {@link #rest} says. */
    List<Need> needs() {
        List<Need> needs = new ArrayList<>();
        if (!kinds.isEmpty()) {
            needs.add(new Need.AnyOf(Reading.KIND, Set.copyOf(kinds)));
        }
        if (!channels.isEmpty()) {
            needs.add(new Need.AnyOf(Reading.CHANNEL, Set.copyOf(channels)));
        }
        if (!outcomes.isEmpty()) {
            needs.add(new Need.AnyOf(Reading.OUTCOME, Set.copyOf(outcomes)));
        }
        if (surveyMetric != null) {
            needs.add(new Need.AnyOf(Reading.SURVEY_METRIC, Set.of(surveyMetric)));
        }
        if (waitAboveMs != null) {
            needs.add(new Need.Beyond(Reading.WAIT, Need.Side.ABOVE, waitAboveMs));
        }
        if (sentimentAtMost != null) {
            needs.add(new Need.Beyond(Reading.SENTIMENT, Need.Side.AT_MOST, sentimentAtMost));
        }
        if (satisfactionAtMost != null) {
            needs.add(new Need.Beyond(Reading.SATISFACTION, Need.Side.AT_MOST, satisfactionAtMost + ROUNDING));
        }
        if (satisfactionAbove != null) {
            needs.add(new Need.Beyond(Reading.SATISFACTION, Need.Side.ABOVE, satisfactionAbove + ROUNDING));
        }
        return needs;
    }

    /** Itself, where it asks more than its needs say: an answer must lie on its scale. Null: nothing more. */
    @Nullable
    Match rest() {
        return surveyMetric == null ? null : this;
    }

    /** Whether it matches, whatever the customer's value tier may become. */
    boolean mayMatch(Signal signal) {
        return fits(signal) && (when == null || when.looksAtTier() || when.holds(signal, null));
    }

    /** Whether all but the expression holds. */
    boolean fits(Signal signal) {
        return goes(signal)
                && (kinds.isEmpty() || kinds.contains(signal.kind()))
                && (channels.isEmpty() || channels.contains(signal.channel()))
                && (outcomes.isEmpty() || (signal.outcome() != null && outcomes.contains(signal.outcome())))
                && (waitAboveMs == null || (signal.waitMs() != null && signal.waitMs() > waitAboveMs))
                && (sentimentAtMost == null || (signal.sentiment() != null && signal.sentiment() <= sentimentAtMost))
                && answers(signal);
    }

    /** Whether it goes in the direction asked for. */
    boolean goes(Signal signal) {
        return direction == Direction.ANY || signal.outbound() == (direction == Direction.OUTBOUND);
    }

    private boolean answers(Signal signal) {
        if (surveyMetric == null && satisfactionAtMost == null && satisfactionAbove == null) {
            return true;
        }
        Double satisfaction = signal.satisfaction();
        return satisfaction != null
                && signal.survey() != null
                && (surveyMetric == null || surveyMetric.equals(signal.survey().metric()))
                && (satisfactionAtMost == null || 100 * satisfaction <= satisfactionAtMost + ROUNDING)
                && (satisfactionAbove == null || 100 * satisfaction > satisfactionAbove + ROUNDING);
    }

    /** A bound such as 30 % must hold for 3 on 0-10 although neither is exact in binary. */
    private static final double ROUNDING = 1e-9;

    /**
     * The value that mattered, in words; null where the kind says it all. Of what its keys ask for; else of what its expression
     * compares with constants, where that holds; else of what its expression looks at in another way.
     */
    @Nullable
    String detail(Signal signal) {
        for (Telling value : TELLING) {
            String told = asksFor(value) ? value.words.apply(signal) : null;
            if (told != null) {
                return told;
            }
        }
        String told = when == null ? null : told(signal, when.looks());
        if (told != null) {
            return told;
        }
        return signal.topic() != null ? signal.topic() : signal.touchpoint();
    }

    private boolean asksFor(Telling value) {
        return switch (value) {
            case ANSWER -> surveyMetric != null || satisfactionAtMost != null;
            case WAIT -> waitAboveMs != null;
            case SENTIMENT -> sentimentAtMost != null;
            case OUTCOME -> !outcomes.isEmpty();
            case HANDLING, VALUE -> false;
        };
    }

    private static @Nullable String told(Signal signal, List<Condition.Look> looks) {
        String otherwise = null;
        for (Telling value : TELLING) {
            for (Condition.Look look : looks) {
                if (!value.of.contains(look.of())) {
                    continue;
                }
                if (look.by() == null) {
                    otherwise = otherwise == null ? value.words.apply(signal) : otherwise;
                } else if (look.by().holds(signal)) {
                    return value.words.apply(signal);
                }
            }
        }
        return otherwise;
    }

    /** What evidence tells of a touchpoint, the first of these that mattered; null words where the touchpoint lacks it. */
    private enum Telling {
        ANSWER(Set.of(Reading.SATISFACTION, Reading.SCORE, Reading.SURVEY_METRIC), Telling::answer),
        WAIT(
                Set.of(Reading.WAIT),
                signal -> signal.waitMs() == null ? null : "waited " + AlertRule.about(signal.waitMs())),
        SENTIMENT(
                Set.of(Reading.SENTIMENT),
                signal -> signal.sentiment() == null ? null : "sentiment " + number(signal.sentiment())),
        OUTCOME(Set.of(Reading.OUTCOME), Signal::outcome),
        HANDLING(
                Set.of(Reading.HANDLING),
                signal -> signal.handleMs() == null ? null : "handled " + AlertRule.about(signal.handleMs())),
        VALUE(
                Set.of(Reading.VALUE),
                signal -> signal.valueMicros() == null ? null : "value " + number(signal.valueMicros() / 1e6));

        private final Set<Reading> of;
        private final Function<Signal, @Nullable String> words;

        Telling(Set<Reading> of, Function<Signal, @Nullable String> words) {
            this.of = of;
            this.words = words;
        }

        private static @Nullable String answer(Signal signal) {
            return signal.survey() == null
                    ? null
                    : signal.survey().metric()
                            + " " + number(signal.survey().score())
                            + " on " + number(signal.survey().scaleMin())
                            + "-" + number(signal.survey().scaleMax())
                            + (signal.survey().higherIsBetter() ? "" : ", low is good");
        }
    }

    private static final List<Telling> TELLING = List.of(Telling.values());

    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
