package io.throughline.delivery;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an alert and that somebody is to hear of.
 *
 * @param id the same for every attempt and every repetition: receivers drop what they have seen
 * @param alertId the alert; what happens to one alert is delivered in order
 * @param at event time at which it happened, UTC
 * @param openedAt event time at which the alert opened, UTC
 * @param reason why the alert fired, in words; after a retraction why it was retracted
 * @param customerId the pseudonymous customer, where the rule is about one
 * @param expectation the expectation that was broken
 * @param valueTier how much the customer is worth to the company, where known
 * @param nextAction what whoever takes the alert may do
 * @param actor who acted, where a person did
 * @param assignee who has the alert
 * @param evidence touchpoints behind the alert, by event time
 */
public record Notification(
        String id,
        String alertId,
        Event event,
        Instant at,
        String ruleId,
        int ruleVersion,
        Severity severity,
        Instant openedAt,
        String reason,
        @Nullable String customerId,
        @Nullable String expectation,
        @Nullable String valueTier,
        @Nullable String nextAction,
        @Nullable String actor,
        @Nullable String assignee,
        List<Evidence> evidence) {

    public Notification {
        evidence = List.copyOf(evidence);
    }

    /** @param detail the value that mattered, for example {@code csat 1} */
    public record Evidence(
            String touchpointId, Instant eventTime, String channel, String kind, @Nullable String detail) {}

    /** The same with the first few touchpoints only; the reason says so then. */
    Notification withEvidenceUpTo(int most) {
        return evidence.size() <= most
                ? this
                : new Notification(
                        id,
                        alertId,
                        event,
                        at,
                        ruleId,
                        ruleVersion,
                        severity,
                        openedAt,
                        reason + " (" + evidence.size() + " touchpoints, the first " + most + " are listed)",
                        customerId,
                        expectation,
                        valueTier,
                        nextAction,
                        actor,
                        assignee,
                        evidence.subList(0, most));
    }

    /** One line for people: {@code low-satisfaction opened: csat 1 on call}. */
    String summary() {
        return ruleId + " " + event.word() + ": " + reason;
    }
}
