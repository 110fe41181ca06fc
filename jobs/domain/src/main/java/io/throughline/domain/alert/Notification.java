package io.throughline.domain.alert;

import org.jspecify.annotations.Nullable;

/**
 * Something that happened to an alert and that somebody is to hear of.
 *
 * @param notificationId made of what it tells: told twice, it is the same
 * @param event opened, acknowledged, assigned, escalated, reopened, resolved or retracted
 * @param alert as it stands; where several opened the last of them
 * @param count how many alerts it is about
 * @param at event time of what happened
 * @param reason in words: why the alert fired, or why it was retracted
 * @param actor who acted; null where nobody did
 */
public record Notification(
        String notificationId, String event, Alert alert, long count, long at, String reason, @Nullable String actor) {}
