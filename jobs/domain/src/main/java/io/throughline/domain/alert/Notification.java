package io.throughline.domain.alert;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something people are told.
 *
 * @param notificationId made of what it tells: told twice, it is the same
 * @param what opened, acknowledged, assigned, escalated, reopened, resolved, retracted, or digest: several that opened
 * @param dedupKey what groups all that is told of one alert; the rule for a digest
 * @param alerts of one alert itself; of a digest the first ones
 * @param count how many alerts it is about
 * @param at event time of what happened
 * @param summary in words
 * @param cause none for a digest
 */
public record Notification(
        String notificationId,
        String what,
        String dedupKey,
        String ruleId,
        String severity,
        int priority,
        @Nullable String customerId,
        List<String> alerts,
        long count,
        long at,
        String summary,
        @Nullable String nextAction,
        @Nullable String assignee,
        @Nullable Cause cause) {

    /**
     * Why there is an alert, for those who cannot look it up.
     *
     * @param openedAt event time
     * @param evidence the first touchpoints behind it
     */
    public record Cause(int ruleVersion, long openedAt, @Nullable String expectation, List<Alert.Evidence> evidence) {

        /** More make no message clearer; the alert itself lists them. */
        private static final int MOST_EVIDENCE = 20;

        static Cause of(Alert alert) {
            List<Alert.Evidence> evidence = alert.evidence();
            return new Cause(
                    alert.ruleVersion(),
                    alert.openedAt(),
                    alert.expectation(),
                    List.copyOf(evidence.subList(0, Math.min(evidence.size(), MOST_EVIDENCE))));
        }
    }
}
