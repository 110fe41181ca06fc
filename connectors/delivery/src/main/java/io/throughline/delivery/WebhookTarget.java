package io.throughline.delivery;

import io.cloudevents.core.format.EventFormat;
import io.cloudevents.jackson.JsonFormat;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Any HTTP endpoint: one POST per notification, a CloudEvent in structured JSON, signed where there is a secret. The
 * {@code Idempotency-Key} is the notification's id.
 */
public final class WebhookTarget implements Target {

    private static final EventFormat JSON = new JsonFormat();

    private final URI address;
    private final URI source;
    private final @Nullable Signature signature;
    private final InstantSource clock;
    private final Post post;

    /**
     * @param secrets what requests are signed with, newest first; none: they are not signed
     * @throws IllegalArgumentException if a secret is too short or no base64
     */
    public WebhookTarget(URI address, URI source, List<String> secrets, Duration timeout, InstantSource clock) {
        this.address = address;
        this.source = source;
        this.signature = secrets.isEmpty() ? null : new Signature(secrets);
        this.clock = clock;
        this.post = new Post(timeout, clock);
    }

    /**
     * Asks before there is a target whether requests can be signed with a secret.
     *
     * @throws IllegalArgumentException saying what is wrong with it, without it
     */
    public static void requireSecret(String secret) {
        Signature unused = new Signature(List.of(secret));
    }

    @Override
    public List<Parcel> pack(List<Notification> notifications) {
        return notifications.stream().map(this::parcel).toList();
    }

    private Parcel parcel(Notification notification) {
        byte[] data = NotificationJson.bytes(NotificationJson.of(notification));
        byte[] body = JSON.serialize(CloudEvents.of(notification, source, "application/json", data));
        Map<String, String> headers = Map.of(
                "Content-Type", JSON.serializedContentType() + "; charset=utf-8", "Idempotency-Key", notification.id());
        return new Parcel(List.of(notification), address, headers, body);
    }

    /** Signs anew for each attempt: receivers refuse old timestamps. */
    @Override
    public Answer deliver(Parcel parcel) throws IOException, InterruptedException {
        if (signature == null) {
            return post.send(parcel);
        }
        Map<String, String> headers = new HashMap<>(parcel.headers());
        headers.putAll(signature.headers(parcel.contents().get(0).id(), clock.instant(), parcel.body()));
        return post.send(new Parcel(parcel.contents(), parcel.address(), headers, parcel.body()));
    }
}
