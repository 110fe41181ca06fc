package io.throughline.domain.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dissatisfaction alert in its current state. Times are event times, epoch milliseconds UTC.
 *
 * @param alertId hash(rule, smallest evidence touchpoint): stable across merges and arrival order
 * @param severity critical, error, warning or info
 * @param openedAt event time of the touchpoint that completed the cause, or at which something was overdue
 * @param reason why it fired, in words, with values
 * @param evidence by event time, then touchpoint_id
 * @param expectation the expectation broken: speed, reliability, interaction or closure
 * @param context what whoever takes care of it should know
 * @param life what became of it
 */
public record Alert(
        String alertId,
        String ruleId,
        int ruleVersion,
        @Nullable String customerId,
        Status status,
        String severity,
        long openedAt,
        @Nullable Long resolvedAt,
        String reason,
        @Nullable String retractedBecause,
        List<Evidence> evidence,
        @Nullable String expectation,
        long revision,
        Context context,
        Life life) {

    /** An alert of which nothing more is known than that it opened. */
    public Alert(
            String alertId,
            String ruleId,
            int ruleVersion,
            @Nullable String customerId,
            Status status,
            String severity,
            long openedAt,
            @Nullable Long resolvedAt,
            String reason,
            @Nullable String retractedBecause,
            List<Evidence> evidence,
            @Nullable String expectation,
            long revision) {
        this(
                alertId,
                ruleId,
                ruleVersion,
                customerId,
                status,
                severity,
                openedAt,
                resolvedAt,
                reason,
                retractedBecause,
                evidence,
                expectation,
                revision,
                Context.NONE,
                Life.NONE);
    }

    /** Of the first touchpoint behind it, or of the metric it is about; null: it is of no one channel. */
    public @Nullable String channel() {
        return evidence.isEmpty() ? context.channel() : evidence.get(0).channel();
    }

    Alert revised(long newRevision) {
        return with(status, resolvedAt, retractedBecause, newRevision, context, life);
    }

    Alert retracted(String because, long newRevision) {
        return with(Status.RETRACTED, null, because, newRevision, context, life);
    }

    Alert inhibitedBy(@Nullable String other) {
        return with(status, resolvedAt, retractedBecause, revision, context.inhibitedBy(other), life);
    }

    /** What became of it: a status, when it was resolved, and how it came to that. */
    Alert lived(Status newStatus, @Nullable Long newResolvedAt, long newRevision, Life newLife) {
        return with(newStatus, newResolvedAt, retractedBecause, newRevision, context, newLife);
    }

    private Alert with(
            Status newStatus,
            @Nullable Long newResolvedAt,
            @Nullable String because,
            long newRevision,
            Context newContext,
            Life newLife) {
        return new Alert(
                alertId,
                ruleId,
                ruleVersion,
                customerId,
                newStatus,
                severity,
                openedAt,
                newResolvedAt,
                reason,
                because,
                evidence,
                expectation,
                newRevision,
                newContext,
                newLife);
    }

    /** Where an alert stands. */
    public enum Status {
        OPEN,
        ACKNOWLEDGED,
        RESOLVED,
        ESCALATED,
        RETRACTED,
        ASSIGNED,
        /** Its rule is on trial: evaluated and counted, nobody is told and nobody has to do anything. */
        SHADOW
    }

    /**
     * A touchpoint behind an alert.
     *
     * @param detail the value that mattered, for example {@code csat 1}
     */
    public record Evidence(String touchpointId, long eventTime, String channel, String kind, @Nullable String detail) {}

    /**
     * What whoever takes care of an alert should know.
     *
     * @param valueTier the customer's, null below all tiers and where the alert is about no customer
     * @param priority 1, the most urgent, to 4: the severity, raised by the value tier; 0: not known
     * @param windowStart where the time that was looked at begins
     * @param measured what was measured, where the rule is about a number
     * @param bound what it was measured against
     * @param nextAction what the rule suggests to do
     * @param inhibitedBy the alert of the same customer that says it already; nobody is told again
     * @param acknowledgeWithinMs how long it may wait for somebody to see it; null: as long as it likes
     * @param resolveWithinMs how long until it must be over; null: no limit
     * @param topic of the first touchpoint behind it that names one, or of the metric it is about
     * @param location likewise
     * @param channel of the metric it is about; of touchpoints behind it {@link #channel()} is that of the first
     */
    public record Context(
            @Nullable String valueTier,
            int priority,
            @Nullable Long windowStart,
            @Nullable Double measured,
            @Nullable Double bound,
            @Nullable String nextAction,
            @Nullable String inhibitedBy,
            @Nullable Long acknowledgeWithinMs,
            @Nullable Long resolveWithinMs,
            @Nullable String topic,
            @Nullable String location,
            @Nullable String channel) {

        public static final Context NONE =
                new Context(null, 0, null, null, null, null, null, null, null, null, null, null);

        Context inhibitedBy(@Nullable String other) {
            return new Context(
                    valueTier,
                    priority,
                    windowStart,
                    measured,
                    bound,
                    nextAction,
                    other,
                    acknowledgeWithinMs,
                    resolveWithinMs,
                    topic,
                    location,
                    channel);
        }
    }

    /**
     * What became of an alert.
     *
     * @param version 1 when it opens, one more with everything a person did; what a command may insist on
     * @param assignee who takes care of it
     * @param escalations how many of its time limits have passed unmet
     * @param reopened how often it came back after it had been resolved
     * @param silencedUntil nobody is told of it before
     * @param dueAt when the next time limit passes; null where none runs
     * @param history every transition and every refused command, in order; of an alert as its rule says it, only how
     *     touchpoints resolved it and opened it again before it stood as it stands
     */
    public record Life(
            int version,
            @Nullable String assignee,
            int escalations,
            int reopened,
            @Nullable Long silencedUntil,
            @Nullable Long dueAt,
            List<Transition> history) {

        public static final Life NONE = new Life(0, null, 0, 0, null, null, List.of());
    }

    /**
     * Something that happened to an alert.
     *
     * @param at when it took effect
     * @param what opened, acknowledged, assigned, escalated, resolved, reopened, silenced, unsilenced, retracted or
     *     refused
     * @param by who did it; {@code system} for rules, touchpoints and time limits
     * @param because why
     * @param actionId the command behind it, null where there was none
     */
    public record Transition(long at, String what, String by, @Nullable String because, @Nullable String actionId) {}
}
