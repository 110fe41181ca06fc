package io.throughline.delivery;

import io.throughline.schemas.NotificationEvidence;
import java.util.Locale;

/** Notifications as Avro has them, and back. */
final class NotificationAvro {

    /** @throws IllegalArgumentException if an event or a severity is none that is known; the message names it */
    static Notification read(io.throughline.schemas.Notification avro) {
        return new Notification(
                avro.getNotificationId(),
                avro.getAlertId(),
                word(Event.class, "event", avro.getEvent()),
                avro.getAt(),
                avro.getRuleId(),
                avro.getRuleVersion(),
                word(Severity.class, "severity", avro.getSeverity()),
                avro.getOpenedAt(),
                avro.getReason(),
                avro.getCustomerId(),
                avro.getExpectation(),
                avro.getValueTier(),
                avro.getNextAction(),
                avro.getActor(),
                avro.getAssignee(),
                avro.getEvidence().stream()
                        .map(each -> new Notification.Evidence(
                                each.getTouchpointId(),
                                each.getEventTime(),
                                each.getChannel(),
                                each.getKind(),
                                each.getDetail()))
                        .toList());
    }

    static io.throughline.schemas.Notification write(Notification notification) {
        return io.throughline.schemas.Notification.newBuilder()
                .setNotificationId(notification.id())
                .setAlertId(notification.alertId())
                .setEvent(notification.event().word())
                .setAt(notification.at())
                .setRuleId(notification.ruleId())
                .setRuleVersion(notification.ruleVersion())
                .setSeverity(notification.severity().word())
                .setOpenedAt(notification.openedAt())
                .setReason(notification.reason())
                .setCustomerId(notification.customerId())
                .setExpectation(notification.expectation())
                .setValueTier(notification.valueTier())
                .setNextAction(notification.nextAction())
                .setActor(notification.actor())
                .setAssignee(notification.assignee())
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
