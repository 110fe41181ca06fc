package io.throughline.domain.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A dissatisfaction alert in its current state. Times are event times, epoch milliseconds UTC.
 *
 * @param alertId hash(rule, smallest evidence touchpoint): stable across merges and arrival order
 * @param severity critical, error, warning or info
 * @param openedAt event time of the touchpoint that completed the cause
 * @param reason why it fired, in words, with values
 * @param evidence by event time, then touchpoint_id
 * @param expectation the expectation broken: speed, reliability, interaction or closure
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
        long revision) {

    Alert revised(long newRevision) {
        return new Alert(
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
                newRevision);
    }

    Alert retracted(String because, long newRevision) {
        return new Alert(
                alertId,
                ruleId,
                ruleVersion,
                customerId,
                Status.RETRACTED,
                severity,
                openedAt,
                null,
                reason,
                because,
                evidence,
                expectation,
                newRevision);
    }

    /** Where an alert stands. */
    public enum Status {
        OPEN,
        ACKNOWLEDGED,
        RESOLVED,
        ESCALATED,
        RETRACTED
    }

    /**
     * A touchpoint behind an alert.
     *
     * @param detail the value that mattered, for example {@code csat 1}
     */
    public record Evidence(String touchpointId, long eventTime, String channel, String kind, @Nullable String detail) {}
}
