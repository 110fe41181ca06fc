package io.throughline.domain.alert;

import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.experience.ExperienceScore;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a rule looks for: in the touchpoints of one customer, or in the values of one metric. Durations in milliseconds of
 * event time.
 *
 * <p>{@code linkedBy} names what touchpoints must share to be looked at together: {@code topic}, {@code case_id},
 * {@code product}, {@code properties.NAME}, or null, the customer alone. A touchpoint without it is not looked at, but by an
 * {@link Absence} that is due.
 */
public sealed interface Pattern extends Serializable {

    /** What the touchpoints it looks at are to it; empty for patterns that look at metrics. */
    List<Match> roles();

    /** Whether a cause can be found where only this role looks at anything. */
    default boolean beginsWith(int role) {
        return role == 0;
    }

    /** Whether it looks at what matches one of its roles at all. */
    default boolean admits(Signal signal) {
        return true;
    }

    /** Longest time from the first touchpoint of a cause to when it opens. */
    long spanMs();

    default @Nullable String linkedBy() {
        return null;
    }

    /** The kinds that look at the touchpoints of one customer. */
    sealed interface OfCustomer extends Pattern {}

    /** The kinds that look at a metric. */
    sealed interface OfMetric extends Pattern {}

    /**
     * So many occurrences within a time; one is a threshold on a touchpoint.
     *
     * @param match which touchpoints count
     * @param count occurrences that complete the cause
     * @param withinMs longest time from the first of them to the last; a span of exactly this counts
     * @param separateByMs matches that follow each other within this time are one occurrence; 0: each is its own
     */
    record Count(Match match, int count, long withinMs, long separateByMs, @Nullable String linkedBy)
            implements OfCustomer {
        @Override
        public List<Match> roles() {
            return List.of(match);
        }

        @Override
        public long spanMs() {
            return withinMs;
        }
    }

    /**
     * A figure over a customer's recent matches that reaches a bound. A match without the field is not looked at.
     *
     * @param of what the figure is made of
     * @param minimum fewest matches that make a figure
     * @param withinMs longest time from the first match to the last
     * @param atMost the bound, or null; reached counts
     * @param atLeast the bound, or null; reached counts
     */
    record Aggregate(
            Match match,
            Figure figure,
            Field of,
            int minimum,
            long withinMs,
            @Nullable Double atMost,
            @Nullable Double atLeast,
            @Nullable String linkedBy)
            implements OfCustomer {
        @Override
        public List<Match> roles() {
            return List.of(match);
        }

        @Override
        public long spanMs() {
            return withinMs;
        }

        @Nullable
        Double bound() {
            return atMost != null ? atMost : atLeast;
        }

        boolean reached(double value) {
            return (atMost == null || value <= atMost + 1e-9) && (atLeast == null || value >= atLeast - 1e-9);
        }
    }

    /** What is made of several values, taken by event time. */
    enum Figure {
        SUM,
        AVERAGE,
        LOWEST,
        HIGHEST,
        /** The last less the first. */
        CHANGE
    }

    /** A number a touchpoint may carry. */
    enum Field {
        WAIT_MS,
        HANDLE_MS,
        SENTIMENT,
        SATISFACTION,
        VALUE;

        @Nullable
        Double of(Signal signal) {
            return switch (this) {
                case WAIT_MS -> signal.waitMs() == null ? null : (double) signal.waitMs();
                case HANDLE_MS -> signal.handleMs() == null ? null : (double) signal.handleMs();
                case SENTIMENT -> signal.sentiment();
                case SATISFACTION -> {
                    Double satisfaction = signal.satisfaction();
                    yield satisfaction == null ? null : 100 * satisfaction;
                }
                case VALUE -> signal.valueMicros() == null ? null : signal.valueMicros() / 1e6;
            };
        }
    }

    /**
     * The customer's experience score, fallen or low. It is looked at whenever something bad is experienced, as of then,
     * from all experiences of the time that {@code countsMs} is.
     *
     * @param fallsBy points by which it is below its highest of {@code withinMs} before, or null
     * @param atMost the bound, or null; reached counts
     * @param countsMs how long an experience counts
     * @param scale how experiences move the score
     */
    record Experience(
            @Nullable Integer fallsBy, @Nullable Integer atMost, long withinMs, long countsMs, ExperienceConfig scale)
            implements OfCustomer {
        private static final Match ANY = Match.anyOf().going(Match.Direction.ANY);

        /** Whether a score is too low, whatever it was before. */
        boolean isLow(double score) {
            return atMost != null && score <= atMost;
        }

        Experience scoredBy(ExperienceConfig other) {
            return new Experience(fallsBy, atMost, withinMs, countsMs, other);
        }

        /** One: what is an experience is for the score to say. */
        @Override
        public List<Match> roles() {
            return List.of(ANY);
        }

        @Override
        public boolean admits(Signal signal) {
            return ExperienceScore.counts(moment(signal), scale);
        }

        /** The highest score is looked for within a time, and looks back itself. */
        @Override
        public long spanMs() {
            return countsMs + (fallsBy == null ? 0 : withinMs);
        }

        /** The value that mattered, in words; null where the kind says it all. */
        @Nullable
        String detail(Signal signal) {
            boolean byKind = ExperienceScore.counts(
                    new ExperienceScore.Moment(signal.eventTime(), signal.kind(), null, null, null, null), scale);
            return byKind
                    ? ANY.detail(signal)
                    : Stream.of(
                                    ANY.withSatisfactionAtMost(100),
                                    Match.sentiment(1).going(Match.Direction.ANY),
                                    Match.waitAbove(scale.longWaitMs() - 1).going(Match.Direction.ANY),
                                    ANY.withOutcomes(Set.of("abandoned")))
                            .filter(match -> match.mayMatch(signal))
                            .findFirst()
                            .orElse(ANY)
                            .detail(signal);
        }

        static ExperienceScore.Moment moment(Signal signal) {
            return new ExperienceScore.Moment(
                    signal.eventTime(),
                    signal.kind(),
                    signal.outcome(),
                    signal.waitMs(),
                    signal.sentiment(),
                    signal.survey());
        }
    }

    /**
     * One after the other, within a time, and nothing of another kind between the first and the last.
     *
     * @param steps two or more, in their order
     * @param without what must not come between, or null
     * @param withinMs longest time from the first to the last
     */
    record Sequence(List<Match> steps, @Nullable Match without, long withinMs, @Nullable String linkedBy)
            implements OfCustomer {
        public Sequence {
            steps = List.copyOf(steps);
        }

        @Override
        public List<Match> roles() {
            List<Match> roles = new ArrayList<>(steps);
            if (without != null) {
                roles.add(without);
            }
            return roles;
        }

        @Override
        public long spanMs() {
            return withinMs;
        }
    }

    /**
     * Something that should have followed and did not.
     *
     * <p>Where {@code due} is given it is about promises, and all of a customer's are looked at together. What follows keeps
     * one of them, the earliest it can mean: {@code linkedBy} is then what names a promise, {@code promise_due} among
     * {@code after} moves one, {@code promise_broken} among it takes one back.
     *
     * @param after what it should have followed
     * @param of what should have followed
     * @param withinMs how long it may take; after the time promised where {@code due} is given
     * @param due property of {@code after} that holds the time promised, ISO 8601 with an offset or epoch milliseconds;
     *     where {@code after} lacks it, nothing is waited for
     */
    record Absence(Match after, Match of, long withinMs, @Nullable String due, @Nullable String linkedBy)
            implements OfCustomer {
        @Override
        public List<Match> roles() {
            return List.of(after, of);
        }

        @Override
        public long spanMs() {
            return withinMs;
        }
    }

    /**
     * A metric beyond a bound.
     *
     * @param series which series of the metric
     * @param window name of one of {@code measure.windows}
     * @param atMost the bound, or null; reached counts
     * @param atLeast the bound, or null; reached counts
     * @param minimum fewest observations
     * @param wholeInterval whether the whole confidence interval must lie beyond the bound
     * @param clear from where on it is over again, as it is when nothing is left to measure; null: as soon as it is no longer beyond the bound
     * @param lastingMs how long it must lie beyond before anybody is told
     */
    record Metric(
            Series series,
            String window,
            @Nullable Double atMost,
            @Nullable Double atLeast,
            long minimum,
            boolean wholeInterval,
            @Nullable Double clear,
            long lastingMs)
            implements OfMetric {
        @Override
        public List<Match> roles() {
            return List.of();
        }

        @Override
        public long spanMs() {
            return lastingMs;
        }
    }

    /**
     * A metric whose recent interval lies entirely on the worse side of the interval of a longer window. It is over when
     * the recent value is no longer worse than the longer one's, or nothing recent is left to measure.
     *
     * @param window the recent one
     * @param baseline the longer one
     * @param minimum fewest observations in each
     */
    record Worse(Series series, String window, String baseline, long minimum, long lastingMs) implements OfMetric {
        @Override
        public List<Match> roles() {
            return List.of();
        }

        @Override
        public long spanMs() {
            return lastingMs;
        }
    }

    /**
     * Series of one metric: those that have exactly these dimensions.
     *
     * @param dimensions name to value, {@code *} for any; empty: the one over everything
     */
    record Series(String metricId, Map<String, String> dimensions) implements Serializable {
        public Series {
            dimensions = new TreeMap<>(dimensions);
        }

        boolean has(String metric, Map<String, String> of) {
            return metricId.equals(metric)
                    && dimensions.keySet().equals(of.keySet())
                    && dimensions.entrySet().stream()
                            .allMatch(d ->
                                    d.getValue().equals("*") || d.getValue().equals(of.get(d.getKey())));
        }
    }

    /** What a touchpoint shares with those it is looked at together with; null where it lacks that. */
    static @Nullable String link(@Nullable String linkedBy, Signal signal) {
        if (linkedBy == null) {
            return "";
        }
        return switch (linkedBy) {
            case "topic" -> signal.topic();
            case "case_id" -> signal.caseId();
            case "product" -> signal.product();
            default -> signal.properties().get(linkedBy.substring(PROPERTY.length()));
        };
    }

    /** What names a property in {@code linkedBy}. */
    String PROPERTY = "properties.";
}
