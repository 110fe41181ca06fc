package io.throughline.domain.sessionize;

import java.io.Serializable;
import java.time.Duration;
import java.util.Set;

/**
 * Which touchpoints are contacts, and when an issue is over. Keys are {@code sessionize.issue.*}.
 *
 * @param repeatWindowMs silence after a contact beyond which the next contact is another issue, milliseconds of event
 *     time
 * @param contactKinds kinds by which a customer turns to the company
 * @param resolvedOutcomes outcomes that, like kind {@code case_resolved}, resolve an issue
 * @param notResolvableOutcomes outcomes that say no first contact could have resolved it
 * @param promiseGraceMs how long after it is due a promise still counts as kept, milliseconds of event time
 */
public record IssueConfig(
        long repeatWindowMs,
        Set<String> contactKinds,
        Set<String> resolvedOutcomes,
        Set<String> notResolvableOutcomes,
        long promiseGraceMs)
        implements Serializable {

    public static final IssueConfig DEFAULTS = new IssueConfig(
            Duration.ofDays(7).toMillis(),
            Set.of(
                    "call_answered",
                    "call_queued",
                    "case_opened",
                    "chat_answered",
                    "chat_queued",
                    "complaint",
                    "message",
                    "video_answered",
                    "video_queued",
                    "visit"),
            Set.of("resolved", "solved"),
            Set.of("escalated", "not_resolvable"),
            Duration.ofMinutes(15).toMillis());

    public IssueConfig {
        contactKinds = WordSet.of(contactKinds);
        resolvedOutcomes = WordSet.of(resolvedOutcomes);
        notResolvableOutcomes = WordSet.of(notResolvableOutcomes);
        if (promiseGraceMs < 0) {
            throw new IllegalArgumentException(
                    "sessionize.issue.promise_grace: must not be negative, was " + promiseGraceMs + " ms");
        }
        if (repeatWindowMs <= 0) {
            throw new IllegalArgumentException(
                    "sessionize.issue.repeat_window: must be positive, was " + repeatWindowMs + " ms");
        }
    }
}
