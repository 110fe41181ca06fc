package io.throughline.domain.alert;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an alert and that somebody is to hear of.
 *
 * @param notificationId made of what it tells: told twice, it is the same
 * @param event opened, acknowledged, assigned, escalated, reopened, resolved or retracted
 * @param alert as it stands; where several opened the last of them, of a group the gravest of those there is
 *     news of
 * @param count how many alerts it is about
 * @param at event time of what happened
 * @param reason in words: why the alert fired, or why it was retracted
 * @param actor who acted; null where nobody did
 * @param group the alerts that are told of together; null where it is one, or several that came in a storm
 */
public record Notification(
        String notificationId,
        String event,
        Alert alert,
        long count,
        long at,
        String reason,
        @Nullable String actor,
        @Nullable Group group) {

    /**
     * Alerts that are told of together. What is said of an alert by itself - evidence, next
     * action, tier - is said of {@code alert}.
     *
     * @param groupId the same for all that is told of the group until none of its alerts stands
     * @param name of the grouping
     * @param shared what its alerts share, for example {@code location: store-7}
     * @param rules ids of the rules whose alerts were told since the group began
     * @param severity the gravest of those that stand; where none does, the gravest it was told under
     * @param standing how many somebody still has to act on
     * @param listed those there is news of first, the gravest first; a bounded number of them
     */
    public record Group(
            String groupId,
            String name,
            Map<String, String> shared,
            List<String> rules,
            String severity,
            long standing,
            List<Listed> listed) {}

    /**
     * One alert of a group.
     *
     * @param event what happened to it last
     * @param news whether that happened since the group was told last
     */
    public record Listed(
            String alertId,
            String ruleId,
            String event,
            boolean news,
            String severity,
            long openedAt,
            @Nullable String customerId,
            String reason) {}
}
