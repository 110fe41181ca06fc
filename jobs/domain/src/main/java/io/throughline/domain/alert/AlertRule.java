package io.throughline.domain.alert;

import io.throughline.domain.stage.Requirements;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When touchpoints or metrics are reason enough to tell someone. Durations in milliseconds of event time.
 *
 * <p>A version judges what happens from its {@code effectiveFrom} until the next version's; what an earlier one has seen
 * does not count for it. So the versions of a rule are part of what alerts are a function of.
 *
 * @param ruleId names the rule for ever; part of every alert_id
 * @param version grows with every change of the rule; 0: what held before version 1 was published
 * @param title what is wrong, in words
 * @param severity critical, error, warning or info
 * @param expectation speed, reliability, interaction or closure
 * @param pattern what it looks for
 * @param coolDownMs how long after opening further matches become evidence of the same alert
 * @param mode whether anybody is told
 * @param effectiveFrom event time from which on this version judges
 * @param care what whoever is told should do, and by when
 */
public record AlertRule(
        String ruleId,
        int version,
        String title,
        String severity,
        String expectation,
        Pattern pattern,
        long coolDownMs,
        Mode mode,
        long effectiveFrom,
        Care care)
        implements Serializable {

    /** From the gravest. */
    public static final List<String> SEVERITIES = List.of("critical", "error", "warning", "info");

    private static final List<String> EXPECTATIONS = List.of("speed", "reliability", "interaction", "closure");

    /** The effective_from of a rule that always held. */
    public static final long ALWAYS = Long.MIN_VALUE;

    /** Whether anybody is told. */
    public enum Mode {
        ENABLED,
        /** On trial: alerts are made and counted, with status shadow. */
        SHADOW,
        /** Nothing is looked for; what earlier versions found stands. */
        DISABLED
    }

    /**
     * What whoever is told should do, and by when.
     *
     * @param nextAction what to do, in words
     * @param acknowledgeWithinMs after this long without anybody seeing it, it is escalated
     * @param resolveWithinMs after this long without an end, it is escalated
     * @param inhibits rules whose alerts about the same customer say nothing new while one of this rule is open
     */
    public record Care(
            @Nullable String nextAction,
            @Nullable Long acknowledgeWithinMs,
            @Nullable Long resolveWithinMs,
            Set<String> inhibits)
            implements Serializable {

        public static final Care NONE = new Care(null, null, null, Set.of());

        public Care {
            inhibits = new TreeSet<>(inhibits);
        }
    }

    public AlertRule {
        Required required = new Required(ruleId);
        required.that(ruleId.matches("[a-z0-9]+(-[a-z0-9]+)*"), "rule_id must be lower-case words joined by -");
        required.that(version >= 0, "version must not be negative, was " + version);
        required.that(SEVERITIES.contains(severity), "severity must be one of " + SEVERITIES + ", was " + severity);
        required.that(
                EXPECTATIONS.contains(expectation),
                "expectation must be one of " + EXPECTATIONS + ", was " + expectation);
        required.that(pattern.roles().stream().noneMatch(Match::isAnything), "match must name at least one condition");
        required.that(coolDownMs >= 0, "cool_down must not be negative, was " + coolDownMs + " ms");
        required.that(!care.inhibits().contains(ruleId), "inhibits must not name the rule itself: cool_down does that");
        check(pattern, required);
        required.check();
    }

    private static void check(Pattern pattern, Required required) {
        if (pattern instanceof Pattern.Count count) {
            required.that(count.count() >= 1, "count must be at least 1, was " + count.count());
            required.that(
                    count.count() == 1 || count.withinMs() >= 1,
                    "within must be positive for a count of " + count.count());
            required.that(
                    count.separateByMs() >= 0, "separate_by must not be negative, was " + count.separateByMs() + " ms");
        } else if (pattern instanceof Pattern.Aggregate aggregate) {
            required.that(aggregate.minimum() >= 1, "minimum must be at least 1, was " + aggregate.minimum());
            required.that(
                    aggregate.figure() != Pattern.Figure.CHANGE || aggregate.minimum() >= 2,
                    "a change needs a minimum of 2");
            required.that(
                    aggregate.atMost() != null || aggregate.atLeast() != null, "aggregate needs at_most or at_least");
            required.that(aggregate.withinMs() >= 1, "within must be positive");
        } else if (pattern instanceof Pattern.Experience experience) {
            required.that(
                    experience.fallsBy() != null || experience.atMost() != null,
                    "experience needs falls_by or at_most");
            required.that(experience.withinMs() >= 1, "within must be positive");
            required.that(experience.countsMs() >= 1, "counts must be positive");
        } else if (pattern instanceof Pattern.Sequence sequence) {
            required.that(sequence.steps().size() >= 2, "a sequence needs at least two steps");
            required.that(sequence.withinMs() >= 1, "within must be positive");
        } else if (pattern instanceof Pattern.Absence absence) {
            required.that(absence.withinMs() >= 1 || absence.due() != null, "within must be positive");
        } else if (pattern instanceof Pattern.Metric metric) {
            required.that(
                    (metric.atMost() == null) != (metric.atLeast() == null),
                    "a metric needs either at_most or at_least, not both");
            required.that(
                    metric.clear() == null
                            || (metric.atMost() != null && metric.clear() > metric.atMost())
                            || (metric.atLeast() != null && metric.clear() < metric.atLeast()),
                    "clear must lie on the good side of the bound");
        }
    }

    /** Counts matches: the oldest kind of rule. */
    public AlertRule(
            String ruleId,
            int version,
            String title,
            String severity,
            String expectation,
            Match match,
            int count,
            long withinMs,
            long separateByMs,
            boolean sameTopic,
            long coolDownMs) {
        this(
                ruleId,
                version,
                title,
                severity,
                expectation,
                new Pattern.Count(match, count, withinMs, separateByMs, sameTopic ? "topic" : null),
                coolDownMs,
                Mode.ENABLED,
                ALWAYS,
                Care.NONE);
    }

    /** A rule that one touchpoint completes. */
    public static AlertRule once(
            String ruleId, String title, String severity, String expectation, Match match, long coolDownMs) {
        return new AlertRule(ruleId, 1, title, severity, expectation, match, 1, 0, 0, false, coolDownMs);
    }

    /** The same rule looking for something else. */
    public AlertRule looking(Pattern other) {
        return new AlertRule(
                ruleId, version, title, severity, expectation, other, coolDownMs, mode, effectiveFrom, care);
    }

    /** The same rule under another version that judges from another time. */
    public AlertRule from(int newVersion, long newEffectiveFrom, Mode newMode) {
        return new AlertRule(
                ruleId, newVersion, title, severity, expectation, pattern, coolDownMs, newMode, newEffectiveFrom, care);
    }

    /** The same rule cared for in another way. */
    public AlertRule caring(Care other) {
        return new AlertRule(
                ruleId, version, title, severity, expectation, pattern, coolDownMs, mode, effectiveFrom, other);
    }

    /** Which touchpoints a cause begins with. */
    public Match match() {
        return pattern.roles().get(0);
    }

    /** A length of time that somebody set, as it is: 1 d 1 h 30 min. */
    public static String exactly(long ms) {
        return words(ms, Integer.MAX_VALUE);
    }

    /** One that was measured, in the two largest units that it has, cut after them: 1 d 13 min; below a second in milliseconds. */
    static String about(long ms) {
        return words(ms < 1_000 ? ms : ms - ms % 1_000, 2);
    }

    private static String words(long ms, int most) {
        long[] units = {86_400_000, 3_600_000, 60_000, 1_000, 1};
        String[] names = {" d", " h", " min", " s", " ms"};
        List<String> parts = new ArrayList<>();
        long left = ms;
        for (int i = 0; i < units.length && parts.size() < most; i++) {
            if (left >= units[i]) {
                parts.add(left / units[i] + names[i]);
                left %= units[i];
            }
        }
        return parts.isEmpty() ? ms + " ms" : String.join(" ", parts);
    }

    /**
     * Event time at which the next version of this rule takes over, whatever that one looks at; {@link Long#MAX_VALUE}: never.
     *
     * @param all every rule there is, those that look at something else included
     */
    long until(List<AlertRule> all) {
        long until = Long.MAX_VALUE;
        for (AlertRule other : all) {
            if (other.version > version && other.ruleId.equals(ruleId)) {
                until = Math.min(until, other.effectiveFrom);
            }
        }
        return until;
    }

    /** 1, the most urgent, to 4. */
    int urgency() {
        return 1 + SEVERITIES.indexOf(severity);
    }

    /** What is required of one rule, all of it looked at before any of it is refused. */
    private static final class Required {
        private final String ruleId;
        private final Requirements requirements = new Requirements();

        Required(String ruleId) {
            this.ruleId = ruleId;
        }

        void that(boolean holds, String otherwise) {
            requirements.that(holds, "alert.rules." + ruleId + ": " + otherwise);
        }

        void check() {
            requirements.check();
        }
    }
}
