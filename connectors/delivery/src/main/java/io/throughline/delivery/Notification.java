package io.throughline.delivery;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an alert and that somebody is to hear of.
 *
 * @param id the same for every attempt and every repetition: receivers drop what they have seen
 * @param alertId the alert, of a digest the rule; what happens to one alert is delivered in order
 * @param at event time at which it happened, UTC
 * @param priority 1, the most urgent, to 4; 0: not known
 * @param summary what happened and why, in words
 * @param alertIds of a digest the first of the alerts it is about; otherwise the alert
 * @param count how many alerts it is about
 * @param customerId the pseudonymous customer, where the rule is about one
 * @param nextAction what whoever takes the alert may do
 * @param assignee who has the alert
 * @param ruleVersion 0 for a digest
 * @param openedAt event time at which the alert opened, UTC; none for a digest
 * @param expectation the expectation that was broken
 * @param evidence touchpoints behind the alert, by event time
 */
public record Notification(
        String id,
        String alertId,
        Event event,
        Instant at,
        String ruleId,
        Severity severity,
        int priority,
        String summary,
        List<String> alertIds,
        long count,
        @Nullable String customerId,
        @Nullable String nextAction,
        @Nullable String assignee,
        int ruleVersion,
        @Nullable Instant openedAt,
        @Nullable String expectation,
        List<Evidence> evidence) {

    public Notification {
        alertIds = List.copyOf(alertIds);
        evidence = List.copyOf(evidence);
    }

    /** @param detail the value that mattered, for example {@code csat 1} */
    public record Evidence(
            String touchpointId, Instant eventTime, String channel, String kind, @Nullable String detail) {}

    /** When it began to matter. */
    Instant since() {
        return openedAt == null ? at : openedAt;
    }

    /** One line for people: {@code low-satisfaction opened: csat 1 on call}. */
    String line() {
        return ruleId + " " + event.word() + ": " + summary;
    }
}
