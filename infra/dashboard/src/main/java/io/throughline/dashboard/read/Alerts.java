package io.throughline.dashboard.read;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Dissatisfaction alerts.
 *
 * @param active how many wait for somebody: open, acknowledged or escalated
 * @param bySeverity severity to active alerts
 * @param newestActive newest of them, newest first
 * @param newest newest of any status, newest first
 */
public record Alerts(long active, Map<String, Long> bySeverity, List<Alert> newestActive, List<Alert> newest) {

    /**
     * One alert; fields as in the alert document.
     *
     * @param evidenceCount all of the evidence, also where only its first part is listed
     */
    public record Alert(
            String alertId,
            String ruleId,
            long ruleVersion,
            @Nullable String customerId,
            String status,
            String severity,
            @Nullable Instant openedAt,
            @Nullable Instant resolvedAt,
            String reason,
            @Nullable String retractedBecause,
            @Nullable String expectation,
            @Nullable String topic,
            int evidenceCount,
            List<Evidence> evidence) {}

    /** A touchpoint behind an alert. */
    public record Evidence(
            String touchpointId, @Nullable Instant eventTime, String channel, String kind, @Nullable String detail) {}
}
