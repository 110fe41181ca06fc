package io.throughline.delivery;

import io.throughline.schemas.NotificationAlert;
import io.throughline.schemas.NotificationEvidence;
import io.throughline.schemas.NotificationGroup;
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
                        .toList(),
                avro.getCount(),
                avro.getGroup() == null ? null : read(avro.getGroup()));
    }

    private static Notification.Group read(NotificationGroup group) {
        return new Notification.Group(
                group.getGroupId(),
                group.getName(),
                group.getShared(),
                group.getStanding(),
                group.getAlerts().stream()
                        .map(each -> new Notification.Listed(
                                each.getAlertId(),
                                each.getRuleId(),
                                word(Event.class, "event", each.getEvent()),
                                each.getNews(),
                                word(Severity.class, "severity", each.getSeverity()),
                                each.getOpenedAt(),
                                each.getCustomerId(),
                                each.getReason()))
                        .toList(),
                group.getRules());
    }

    private static NotificationGroup write(Notification.Group group) {
        return new NotificationGroup(
                group.id(),
                group.name(),
                group.shared(),
                group.standing(),
                group.alerts().stream()
                        .map(each -> new NotificationAlert(
                                each.alertId(),
                                each.ruleId(),
                                each.event().word(),
                                each.news(),
                                each.severity().word(),
                                each.openedAt(),
                                each.customerId(),
                                each.reason()))
                        .toList(),
                group.rules());
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
                .setCount(notification.count())
                .setGroup(notification.group() == null ? null : write(notification.group()))
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
