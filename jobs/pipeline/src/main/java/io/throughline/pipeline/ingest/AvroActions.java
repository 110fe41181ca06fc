package io.throughline.pipeline.ingest;

import io.throughline.domain.alert.Action;
import io.throughline.schemas.AlertAction;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What people do about alerts, on the wire. */
public final class AvroActions {

    /**
     * @throws IllegalArgumentException in words, where the record is no action
     */
    public static Action action(AlertAction sent) {
        return checked(new Action(
                sent.getActionId(),
                verb(sent.getVerb()),
                sent.getAlertId(),
                sent.getRuleId(),
                sent.getCustomerId(),
                sent.getAt().toEpochMilli(),
                sent.getBy(),
                sent.getExpectedVersion(),
                sent.getAssignee(),
                sent.getBecause(),
                sent.getUntil() == null ? null : (Long) sent.getUntil().toEpochMilli()));
    }

    public static AlertAction of(Action action) {
        return new AlertAction(
                action.actionId(),
                word(action.verb()),
                action.alertId(),
                action.ruleId(),
                action.customerId(),
                Instant.ofEpochMilli(action.at()),
                action.by(),
                action.expectedVersion(),
                action.assignee(),
                action.because(),
                instant(action.until()));
    }

    /** The key of the action's record: all that concerns one alert stays in order. */
    public static String keyOf(Action action) {
        String alertId = action.alertId();
        String ruleId = action.ruleId();
        return alertId != null ? alertId : ruleId == null ? "" : ruleId;
    }

    /** @throws IllegalArgumentException in words, where something is missing that the verb needs */
    static Action checked(Action action) {
        require(!action.actionId().isBlank(), "action_id must not be empty");
        require(!action.by().isBlank(), "by must name somebody");
        require(action.alertId() == null || !action.alertId().isBlank(), "alert_id must not be empty");
        require(action.ruleId() == null || !action.ruleId().isBlank(), "rule_id must not be empty");
        require(
                (action.alertId() == null) != (action.ruleId() == null),
                "an action is about an alert_id, or about a rule_id; exactly one of them");
        boolean silences = action.verb() == Action.Verb.SILENCE || action.verb() == Action.Verb.UNSILENCE;
        require(action.ruleId() == null || silences, "a rule can only be silenced and unsilenced");
        require(
                action.verb() != Action.Verb.SILENCE || (action.until() != null && action.until() > action.at()),
                "silence needs until, later than at");
        require(
                action.verb() != Action.Verb.ASSIGN
                        || (action.assignee() != null && !action.assignee().isBlank()),
                "assign needs an assignee");
        return action;
    }

    static Action.Verb verb(String word) {
        return Arrays.stream(Action.Verb.values())
                .filter(verb -> word(verb).equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("verb must be one of "
                        + List.of(Action.Verb.values()).stream()
                                .map(AvroActions::word)
                                .toList()
                        + ", was " + word));
    }

    static String word(Action.Verb verb) {
        return verb.name().toLowerCase(Locale.ROOT);
    }

    private static @Nullable Instant instant(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }

    private AvroActions() {}
}
