package io.throughline.delivery;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an alert, or to a group of them, and that somebody is to hear of.
 *
 * @param id the same for every attempt and every repetition: receivers drop what they have seen
 * @param alertId the alert; of a group the gravest of those there is news of
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
 * @param count how many alerts it is about
 * @param group the alerts that are told of together; null where it is told of one, or of several that came in a storm
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
        List<Evidence> evidence,
        long count,
        @Nullable Group group) {

    public Notification {
        evidence = List.copyOf(evidence);
    }

    /** @param detail the value that mattered, for example {@code csat 1} */
    public record Evidence(
            String touchpointId, Instant eventTime, String channel, String kind, @Nullable String detail) {}

    /**
     * Alerts that are told of together.
     *
     * @param id the same for all that is told of the group until none of its alerts stands
     * @param name of the grouping
     * @param shared what its alerts share, for example {@code location: store-7}
     * @param standing how many somebody still has to act on
     * @param alerts those there is news of first, then others that stand, the gravest first; not all of many
     * @param rules ids of the rules whose alerts were told since it began, listed or not
     */
    public record Group(
            String id,
            String name,
            Map<String, String> shared,
            long standing,
            List<Listed> alerts,
            List<String> rules) {
        public Group {
            shared = Collections.unmodifiableMap(new TreeMap<>(shared));
            alerts = List.copyOf(alerts);
            rules = List.copyOf(rules);
        }
    }

    /**
     * One alert of a group.
     *
     * @param event what happened to it last
     * @param news whether that happened since the group was told last
     */
    public record Listed(
            String alertId,
            String ruleId,
            Event event,
            boolean news,
            Severity severity,
            Instant openedAt,
            @Nullable String customerId,
            String reason) {}

    /** The id of what it is about, a group or an alert: what is told of one of them is delivered in order. */
    public String subject() {
        return group == null ? alertId : group.id();
    }

    /** The rule, or the grouping where it is about a group of several. */
    String what() {
        Group several = several();
        return several == null ? ruleId : several.name();
    }

    /** The group where it is about several alerts of it; null: about one alert, or several that came in a storm. */
    @Nullable
    Group several() {
        return count > 1 ? group : null;
    }

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
                        evidence.subList(0, most),
                        count,
                        group);
    }

    /** What happened to what, in words: {@code low-satisfaction assigned to grace by ada}. */
    String title() {
        return what() + " " + event.word()
                + (event == Event.ASSIGNED && assignee != null ? " to " + assignee : "")
                + (actor != null ? " by " + actor : "");
    }

    /** One line for people: {@code low-satisfaction opened: csat 1 on call}. */
    String summary() {
        return title() + ": " + reason;
    }
}
