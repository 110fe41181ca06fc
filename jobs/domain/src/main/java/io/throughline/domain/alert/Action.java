package io.throughline.domain.alert;

import org.jspecify.annotations.Nullable;

/**
 * What a person does about an alert, or about all alerts of a rule. Of several they take effect in the order of {@code at},
 * then of their ids, in whatever order they arrive.
 *
 * @param actionId names the command; sent twice it counts once, and of two under one id the earlier
 * @param verb what is done
 * @param alertId the alert; null where a rule is silenced
 * @param ruleId the rule that is silenced, or null
 * @param customerId whose alerts of the rule are silenced; null: everybody's
 * @param at when, epoch milliseconds UTC
 * @param by who
 * @param expectedVersion the version of the alert that the person saw; null: whatever it is
 * @param assignee who shall take care of it, for {@link Verb#ASSIGN}
 * @param because why
 * @param until for {@link Verb#SILENCE}
 */
public record Action(
        String actionId,
        Verb verb,
        @Nullable String alertId,
        @Nullable String ruleId,
        @Nullable String customerId,
        long at,
        String by,
        @Nullable Integer expectedVersion,
        @Nullable String assignee,
        @Nullable String because,
        @Nullable Long until)
        implements Comparable<Action> {

    /** What can be done. */
    public enum Verb {
        ACKNOWLEDGE,
        ASSIGN,
        RESOLVE,
        REOPEN,
        SILENCE,
        UNSILENCE
    }

    /** Which of two under one id counts, whichever comes first. */
    Action orEarlier(Action other) {
        return other.compareTo(this) < 0 ? other : this;
    }

    @Override
    public int compareTo(Action other) {
        int byTime = Long.compare(at, other.at);
        return byTime != 0 ? byTime : actionId.compareTo(other.actionId);
    }
}
