package io.throughline.delivery;

import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import java.net.URI;
import java.time.ZoneOffset;

/** Notifications as CloudEvents 1.0. {@code source} and {@code id} together tell repetitions. */
final class CloudEvents {

    static final String TYPE_PREFIX = "io.throughline.alert.";

    /** @param source names this pipeline, for example {@code /throughline/production} */
    static CloudEvent of(Notification notification, URI source, String contentType, byte[] data) {
        return CloudEventBuilder.v1()
                .withId(notification.id())
                .withSource(source)
                .withType(TYPE_PREFIX + notification.event().word())
                .withSubject(notification.subject())
                .withTime(notification.at().atOffset(ZoneOffset.UTC))
                .withDataContentType(contentType)
                .withExtension("severitytext", notification.severity().word())
                .withData(data)
                .build();
    }

    private CloudEvents() {}
}
