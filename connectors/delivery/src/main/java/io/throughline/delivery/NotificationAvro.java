package io.throughline.delivery;

import io.throughline.schemas.AlertNotification;
import io.throughline.schemas.NotificationEvidence;
import java.util.Locale;

/** Notifications as Avro has them, and back. */
final class NotificationAvro {

    /** @throws IllegalArgumentException if an event or a severity is none that is known; the message names it */
    static Notification read(AlertNotification avro) {
        return new Notification(
                avro.getNotificationId(),
                avro.getDedupKey(),
                word(Event.class, "what", avro.getWhat()),
                avro.getAt(),
                avro.getRuleId(),
                word(Severity.class, "severity", avro.getSeverity()),
                avro.getPriority(),
                avro.getSummary(),
                avro.getAlertIds(),
                avro.getCount(),
                avro.getCustomerId(),
                avro.getNextAction(),
                avro.getAssignee(),
                avro.getRuleVersion(),
                avro.getOpenedAt(),
                avro.getExpectation(),
                avro.getEvidence().stream()
                        .map(each -> new Notification.Evidence(
                                each.getTouchpointId(),
                                each.getEventTime(),
                                each.getChannel(),
                                each.getKind(),
                                each.getDetail()))
                        .toList());
    }

    static AlertNotification write(Notification notification) {
        return AlertNotification.newBuilder()
                .setNotificationId(notification.id())
                .setDedupKey(notification.alertId())
                .setWhat(notification.event().word())
                .setAt(notification.at())
                .setRuleId(notification.ruleId())
                .setSeverity(notification.severity().word())
                .setPriority(notification.priority())
                .setSummary(notification.summary())
                .setAlertIds(notification.alertIds())
                .setCount(notification.count())
                .setCustomerId(notification.customerId())
                .setNextAction(notification.nextAction())
                .setAssignee(notification.assignee())
                .setRuleVersion(notification.ruleVersion())
                .setOpenedAt(notification.openedAt())
                .setExpectation(notification.expectation())
                .setEvidence(notification.evidence().stream()
                        .map(each -> new NotificationEvidence(
                                each.touchpointId(), each.eventTime(), each.channel(), each.kind(), each.detail()))
                        .toList())
                .build();
    }

    private static <E extends Enum<E>> E word(Class<E> type, String field, String word) {
        try {
            return Enum.valueOf(type, word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(field + " is \"" + word + "\", which is not known", e);
        }
    }

    private NotificationAvro() {}
}
