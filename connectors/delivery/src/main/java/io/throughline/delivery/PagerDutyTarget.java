package io.throughline.delivery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * PagerDuty's Events API v2: an alert, or a group of them, is one incident, triggered, acknowledged and resolved under
 * {@code dedup_key}, so repetitions change nothing. An assignment is no event PagerDuty knows and is not sent.
 */
public final class PagerDutyTarget implements Target {

    private static final int MOST_KEY_CHARACTERS = 255;
    private static final int MOST_SUMMARY_CHARACTERS = 1024;
    /** The API takes 512 KB; evidence beyond this is left out, and said to be. */
    private static final int MOST_EVIDENCE = 100;

    private final URI address;
    private final String routingKey;
    private final String source;
    private final Post post;

    /** @param source what is monitored, as PagerDuty shows it */
    public PagerDutyTarget(URI address, String routingKey, String source, Duration timeout, InstantSource clock) {
        this.address = address;
        this.routingKey = routingKey;
        this.source = source;
        this.post = new Post(timeout, clock);
    }

    @Override
    public List<Parcel> pack(List<Notification> notifications) {
        return notifications.stream()
                .filter(notification -> notification.event() != Event.ASSIGNED)
                .map(this::parcel)
                .toList();
    }

    private Parcel parcel(Notification notification) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("routing_key", routingKey);
        event.put("event_action", action(notification.event()));
        event.put("dedup_key", NotificationJson.atMost(MOST_KEY_CHARACTERS, notification.subject()));
        if (action(notification.event()).equals("trigger")) {
            event.put("client", "Throughline");
            ObjectNode payload = event.putObject("payload");
            payload.put("summary", NotificationJson.atMost(MOST_SUMMARY_CHARACTERS, notification.summary()));
            payload.put("source", source);
            payload.put("severity", notification.severity().word());
            payload.put("timestamp", notification.openedAt().toString());
            payload.put("component", notification.what());
            if (notification.expectation() != null) {
                payload.put("class", notification.expectation());
            }
            payload.set("custom_details", NotificationJson.of(notification.withEvidenceUpTo(MOST_EVIDENCE)));
        }
        return new Parcel(
                List.of(notification),
                address,
                Map.of("Content-Type", "application/json"),
                NotificationJson.bytes(event));
    }

    private static String action(Event event) {
        return switch (event) {
            case OPENED, REOPENED, ESCALATED, ASSIGNED -> "trigger";
            case ACKNOWLEDGED -> "acknowledge";
            case RESOLVED, RETRACTED -> "resolve";
        };
    }

    @Override
    public Answer deliver(Parcel parcel) throws IOException, InterruptedException {
        return post.send(parcel);
    }
}
