package io.throughline.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NotificationAvroTest {

    @Test
    void whatIsToldOfAnAlertOrOfAGroupComesBackFromTheTopic() {
        Notification alert = Notifications.of("a-1", Event.ESCALATED);
        Notification group = Notifications.ofGroup(Event.OPENED, Severity.ERROR, 40, "csat 1 on call");

        assertThat(NotificationAvro.read(NotificationAvro.write(alert))).isEqualTo(alert);
        assertThat(NotificationAvro.read(NotificationAvro.write(group))).isEqualTo(group);
        assertThat(group.subject()).isEqualTo("g-store");
        assertThat(alert.subject()).isEqualTo("a-1");
    }
}
