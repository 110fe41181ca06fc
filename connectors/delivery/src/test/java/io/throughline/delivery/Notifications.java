package io.throughline.delivery;

import java.time.Instant;
import java.util.List;
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
                        .toList());
    }

    static List<Notification> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> of("a-" + i, Event.OPENED))
                .toList();
    }

    private Notifications() {}
}
