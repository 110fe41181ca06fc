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
        @Nullable String assignee) {}
