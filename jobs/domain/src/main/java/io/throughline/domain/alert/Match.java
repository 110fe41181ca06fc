package io.throughline.domain.alert;

import java.io.Serializable;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which touchpoints of the customer a rule is about: all conditions that are set must hold. Empty sets and nulls are not
 * set. Outbound touchpoints never match.
 *
 * <p>Satisfaction is how far an answer lies from the worst (0) to the best (100) on its own scale and in its own
 * direction, so that one rule fits every scale: 2 on 1-5 is 25, an effort of 4 on 1-5 where low is good is 25 too.
 *
 * @param kinds any of them
 * @param channels any of them
 * @param outcomes any of them
 * @param surveyMetric an answer, on its scale, to a question of this metric
 * @param satisfactionAtMost percent; a bound reached counts
 * @param satisfactionAbove percent; a bound reached does not count
 * @param sentimentAtMost from -1 to 1
 * @param waitAboveMs milliseconds
 */
public record Match(
        Set<String> kinds,
        Set<String> channels,
        Set<String> outcomes,
        @Nullable String surveyMetric,
        @Nullable Integer satisfactionAtMost,
        @Nullable Integer satisfactionAbove,
        @Nullable Double sentimentAtMost,
        @Nullable Long waitAboveMs)
        implements Serializable {

    private static final Match ANYTHING = new Match(Set.of(), Set.of(), Set.of(), null, null, null, null, null);

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
        return new Match(Set.of(), Set.of(), Set.of(), metric, atMost, above, null, null);
    }

    public static Match sentiment(double atMost) {
        return new Match(Set.of(), Set.of(), Set.of(), null, null, null, atMost, null);
    }

    public static Match waitAbove(long ms) {
        return new Match(Set.of(), Set.of(), Set.of(), null, null, null, null, ms);
    }

    public Match withOutcomes(Set<String> any) {
        return new Match(
                kinds,
                channels,
                any,
                surveyMetric,
                satisfactionAtMost,
                satisfactionAbove,
                sentimentAtMost,
                waitAboveMs);
    }

    private Match withKinds(Set<String> any) {
        return new Match(
                any,
                channels,
                outcomes,
                surveyMetric,
                satisfactionAtMost,
                satisfactionAbove,
                sentimentAtMost,
                waitAboveMs);
    }

    boolean isAnything() {
        return equals(ANYTHING);
    }

    boolean test(Signal signal) {
        return !signal.outbound()
                && (kinds.isEmpty() || kinds.contains(signal.kind()))
                && (channels.isEmpty() || channels.contains(signal.channel()))
                && (outcomes.isEmpty() || (signal.outcome() != null && outcomes.contains(signal.outcome())))
                && (waitAboveMs == null || (signal.waitMs() != null && signal.waitMs() > waitAboveMs))
                && (sentimentAtMost == null || (signal.sentiment() != null && signal.sentiment() <= sentimentAtMost))
                && answers(signal);
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

    /** The value that mattered, in words; null where the kind says it all. */
    @Nullable
    String detail(Signal signal) {
        if (signal.survey() != null && (surveyMetric != null || satisfactionAtMost != null)) {
            return signal.survey().metric()
                    + " " + number(signal.survey().score())
                    + " on " + number(signal.survey().scaleMin())
                    + "-" + number(signal.survey().scaleMax())
                    + (signal.survey().higherIsBetter() ? "" : ", low is good");
        }
        if (waitAboveMs != null && signal.waitMs() != null) {
            return "waited " + AlertRule.words(signal.waitMs());
        }
        if (sentimentAtMost != null && signal.sentiment() != null) {
            return "sentiment " + number(signal.sentiment());
        }
        if (!outcomes.isEmpty()) {
            return signal.outcome();
        }
        return signal.topic() != null ? signal.topic() : signal.touchpoint();
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
