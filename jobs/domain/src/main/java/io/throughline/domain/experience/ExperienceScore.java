package io.throughline.domain.experience;

import io.throughline.domain.touchpoint.Promised;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one customer's experience stands, from 0 to 100: a neutral start moved by what the customer experienced, each
 * experience fading with a half-life. Contributions are whole thousandths of a point, so neither the order of experiences
 * nor rounding on the way can matter.
 *
 * @param score 0 to 100
 * @param asOf event time it is evaluated at, epoch milliseconds
 * @param reasons what moved it most, at most {@value #MOST_REASONS}, strongest first
 */
public record ExperienceScore(int score, long asOf, List<Reason> reasons) {
    private static final int MOST_REASONS = 3;
    private static final int THOUSANDTHS = 1_000;

    /**
     * All experiences of one kind.
     *
     * @param thousandths what they add up to as of the evaluation, thousandths of a point
     */
    public record Reason(Experience experience, long thousandths, int count) {}

    /** What of a touchpoint may be an experience. */
    public record Moment(
            long eventTime,
            String kind,
            @Nullable String outcome,
            @Nullable Long waitMs,
            @Nullable Double sentiment,
            @Nullable Survey survey) {}

    /** @param touchpoints in any order; later ones than {@code asOf} do not count */
    public static ExperienceScore of(Iterable<Touchpoint> touchpoints, long asOf, ExperienceConfig config) {
        List<Moment> moments = new ArrayList<>();
        touchpoints.forEach(t -> moments.add(momentOf(t)));
        return of(moments, asOf, config);
    }

    /** @param moments in any order; later ones than {@code asOf} do not count */
    public static ExperienceScore of(List<Moment> moments, long asOf, ExperienceConfig config) {
        Sums sums = new Sums(asOf, config);
        for (Moment moment : moments) {
            if (moment.eventTime() <= asOf) {
                sums.add(moment);
            }
        }
        long total = 0;
        List<Reason> reasons = new ArrayList<>();
        for (Map.Entry<Experience, long[]> sum : sums.byExperience.entrySet()) {
            total += sum.getValue()[0];
            if (sum.getValue()[0] != 0) {
                reasons.add(new Reason(sum.getKey(), sum.getValue()[0], (int) sum.getValue()[1]));
            }
        }
        reasons.sort(Comparator.comparingLong((Reason reason) -> -Math.abs(reason.thousandths()))
                .thenComparing(Reason::experience));
        long score = config.neutral() + Math.floorDiv(total + THOUSANDTHS / 2, THOUSANDTHS);
        return new ExperienceScore(
                (int) Math.max(0, Math.min(100, score)),
                asOf,
                List.copyOf(reasons.subList(0, Math.min(MOST_REASONS, reasons.size()))));
    }

    private static Moment momentOf(Touchpoint t) {
        return new Moment(t.eventTime(), t.kind(), t.outcome(), t.waitMs(), t.sentiment(), t.survey());
    }

    /**
     * Whether it can be an experience, under any configuration: most touchpoints cannot. Says of each of {@link #experiences}
     * whether there is one, without a moment made for every touchpoint there is.
     */
    public static boolean concerns(Touchpoint touchpoint) {
        Survey survey = touchpoint.survey();
        return (survey != null && survey.onScale())
                || touchpoint.sentiment() != null
                || isWait(touchpoint.waitMs(), ExperienceConfig.SHORTEST_LONG_WAIT)
                || named(touchpoint.kind()) != null
                || isAbandoned(touchpoint.kind(), touchpoint.outcome());
    }

    /** What one moment adds on the day, thousandths of a point; below 0 where it is bad. */
    public static long movedBy(Moment moment, ExperienceConfig config) {
        Sums sums = new Sums(moment.eventTime(), config);
        sums.add(moment);
        return sums.byExperience.values().stream().mapToLong(sum -> sum[0]).sum();
    }

    /** Whether it is an experience at all, whatever it adds. */
    public static boolean counts(Moment moment, ExperienceConfig config) {
        return counts(moment, config.longWaitMs());
    }

    private static boolean counts(Moment moment, long longWaitMs) {
        boolean[] counts = new boolean[1];
        experiences(moment, longWaitMs, (experience, times) -> counts[0] = true);
        return counts[0];
    }

    private interface Seen {
        void as(Experience experience, double times);
    }

    /** Says what is an experience, and how much of one; what is none here is none to {@link #concerns} either. */
    private static void experiences(Moment touchpoint, long longWaitMs, Seen seen) {
        Survey survey = touchpoint.survey();
        if (survey != null && survey.onScale()) {
            double half = (survey.scaleMax() - survey.scaleMin()) / 2;
            double above = (survey.score() - survey.scaleMin() - half) / half;
            seen.as(Experience.SATISFACTION, survey.higherIsBetter() ? above : -above);
        }
        if (touchpoint.sentiment() != null) {
            seen.as(Experience.SENTIMENT, touchpoint.sentiment());
        }
        Experience named = named(touchpoint.kind());
        if (named != null) {
            seen.as(named, 1);
        }
        if (isAbandoned(touchpoint.kind(), touchpoint.outcome())) {
            seen.as(Experience.ABANDONED, 1);
        }
        if (isWait(touchpoint.waitMs(), longWaitMs)) {
            seen.as(Experience.LONG_WAIT, 1);
        }
    }

    /** Null: neither good nor bad in itself. */
    private static @Nullable Experience named(String kind) {
        return switch (kind) {
            case "complaint" -> Experience.COMPLAINT;
            case "error" -> Experience.ERROR;
            case "transfer" -> Experience.TRANSFER;
            case Promised.KEPT -> Experience.PROMISE_KEPT;
            case Promised.BROKEN -> Experience.PROMISE_BROKEN;
            case "case_resolved" -> Experience.RESOLVED;
            case "purchase" -> Experience.PURCHASE;
            default -> null;
        };
    }

    private static boolean isAbandoned(String kind, @Nullable String outcome) {
        return kind.endsWith("_abandoned") || "abandoned".equals(outcome);
    }

    private static boolean isWait(@Nullable Long waitMs, long longWaitMs) {
        return waitMs != null && waitMs >= longWaitMs;
    }

    private static final class Sums {
        private final long asOf;
        private final ExperienceConfig config;
        /** Thousandths of a point, and how many. */
        private final EnumMap<Experience, long[]> byExperience = new EnumMap<>(Experience.class);

        Sums(long asOf, ExperienceConfig config) {
            this.asOf = asOf;
            this.config = config;
        }

        void add(Moment touchpoint) {
            long age = asOf - touchpoint.eventTime();
            experiences(touchpoint, config.longWaitMs(), (experience, times) -> add(experience, times, age));
        }

        private void add(Experience experience, double times, long age) {
            double points = config.points().getOrDefault(experience, 0) * times;
            double left = StrictMath.pow(2, -(double) age / config.halfLifeMs());
            long[] sum = byExperience.computeIfAbsent(experience, e -> new long[2]);
            sum[0] += Math.round(points * left * THOUSANDTHS);
            sum[1]++;
        }
    }
}
