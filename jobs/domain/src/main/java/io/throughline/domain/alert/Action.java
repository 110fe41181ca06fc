package io.throughline.domain.alert;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a person does about an alert, or about all alerts of a rule. Of several they take effect in the order of {@code at},
 * then of their ids, in whatever order they arrive.
 *
 * @param actionId names the command; sent twice it counts once, and of two under one id the earlier,
 *     of two of the same time always the same
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
        int byId = byTime != 0 ? byTime : actionId.compareTo(other.actionId);
        return byId != 0 ? byId : Arrays.compare(rest(), other.rest());
    }

    /** All else, so that only what is the same is equal. */
    private String[] rest() {
        return new String[] {
            verb.name(),
            text(alertId),
            text(ruleId),
            text(customerId),
            by,
            text(expectedVersion),
            text(assignee),
            text(because),
            text(until)
        };
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : " " + value;
    }
}
