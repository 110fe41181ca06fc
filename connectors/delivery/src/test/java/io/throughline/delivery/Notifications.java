package io.throughline.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Notifications to test with. */
final class Notifications {

    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    static Notification of(String alert, Event event) {
        return of(alert, event, Severity.ERROR, "csat 1 on call", 1);
    }

    static Notification of(String alert, Event event, Severity severity, String reason, int touchpoints) {
        return new Notification(
                alert + "-" + event.word(),
                alert,
                event,
                NOON.plusSeconds(60),
                "low-satisfaction",
                3,
                severity,
                NOON,
                reason,
                "c-17",
                "interaction",
                "gold",
                "Call back within the hour.",
                null,
                null,
                IntStream.range(0, touchpoints)
                        .mapToObj(i -> new Notification.Evidence(
                                "tp-" + i, NOON.minusSeconds(touchpoints - i), "call", "survey_response", "csat 1"))
                        .toList(),
                1,
                null);
    }

    /** Of a group at one store, all of whose alerts just did so. */
    static Notification ofGroup(Event event, Severity severity, int alerts, String reason) {
        Notification gravest = of("a-0", event, severity, reason, 1);
        return new Notification(
                "g-store-" + event.word(),
                gravest.alertId(),
                event,
                gravest.at(),
                gravest.ruleId(),
                gravest.ruleVersion(),
                severity,
                gravest.openedAt(),
                alerts + " alerts of location store-7, standing: " + alerts + " low-satisfaction",
                gravest.customerId(),
                gravest.expectation(),
                gravest.valueTier(),
                gravest.nextAction(),
                null,
                null,
                gravest.evidence(),
                alerts,
                new Notification.Group(
                        "g-store",
                        "store",
                        Map.of("location", "store-7", "customer", "c-17"),
                        event.leavesItStanding() ? alerts : 0,
                        IntStream.range(0, Math.min(50, alerts))
                                .mapToObj(i -> new Notification.Listed(
                                        "a-" + i, "low-satisfaction", event, true, severity, NOON, "c-" + i, reason))
                                .toList(),
                        List.of("low-satisfaction", "high-effort")));
    }

    /** The same, done by somebody about what somebody has. */
    static Notification by(String actor, String assignee, Notification done) {
        return new Notification(
                done.id(),
                done.alertId(),
                done.event(),
                done.at(),
                done.ruleId(),
                done.ruleVersion(),
                done.severity(),
                done.openedAt(),
                done.reason(),
                done.customerId(),
                done.expectation(),
                done.valueTier(),
                done.nextAction(),
                actor,
                assignee,
                done.evidence(),
                done.count(),
                done.group());
    }

    /** The same of a group of which so many were, most of them over by now. */
    static Notification counting(long count, Notification group) {
        return new Notification(
                group.id(),
                group.alertId(),
                group.event(),
                group.at(),
                group.ruleId(),
                group.ruleVersion(),
                group.severity(),
                group.openedAt(),
                group.reason(),
                group.customerId(),
                group.expectation(),
                group.valueTier(),
                group.nextAction(),
                group.actor(),
                group.assignee(),
                group.evidence(),
                count,
                group.group());
    }

    static List<Notification> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> of("a-" + i, Event.OPENED))
                .toList();
    }

    private Notifications() {}
}
