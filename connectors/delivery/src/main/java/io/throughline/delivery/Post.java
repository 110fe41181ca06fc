package io.throughline.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.delivery.Answer.Delivered;
import io.throughline.delivery.Answer.Refused;
import io.throughline.delivery.Answer.TryLater;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Posts parcels over HTTP. A redirect is not followed: a signed request must not wander. Of an answer's body a few hundred
 * bytes are read, for the message.
 */
final class Post {

    private static final int ANSWER_BYTES = 500;
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    /** Said of the address, the credentials or the moment rather than of the contents: to be tried again. */
    private static final Set<Integer> NOT_ABOUT_THE_CONTENTS = Set.of(401, 403, 404, 405, 407, 408, 410, 425, 429);

    private final HttpClient client;
    private final Duration timeout;
    private final InstantSource clock;

    Post(Duration timeout, InstantSource clock) {
        this.client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        this.timeout = timeout;
        this.clock = clock;
    }

    Answer send(Parcel parcel) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(parcel.address())
                .timeout(timeout)
                .header("User-Agent", "throughline")
                .POST(HttpRequest.BodyPublishers.ofByteArray(parcel.body()));
        parcel.headers().forEach(request::header);
        HttpResponse<InputStream> response = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        String detail;
        try (InputStream body = response.body()) {
            detail = "answered " + response.statusCode() + ": "
                    + new String(body.readNBytes(ANSWER_BYTES), UTF_8)
                            .replaceAll("\\s+", " ")
                            .strip();
        }
        return judged(
                response.statusCode(),
                detail,
                response.headers().firstValue("Retry-After").orElse(null));
    }

    private Answer judged(int status, String detail, @Nullable String retryAfter) {
        if (status >= 200 && status < 300) {
            return new Delivered();
        }
        if (status >= 400 && status < 500 && !NOT_ABOUT_THE_CONTENTS.contains(status)) {
            return new Refused(detail);
        }
        return new TryLater(detail, retryAfter == null ? null : wait(retryAfter));
    }

    /** Seconds or an HTTP date; anything else is no wish. */
    private @Nullable Duration wait(String retryAfter) {
        Duration asked;
        try {
            asked = retryAfter.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(retryAfter))
                    : Duration.between(
                            clock.instant().truncatedTo(ChronoUnit.SECONDS),
                            Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(retryAfter)));
        } catch (DateTimeParseException e) {
            return null;
        }
        if (asked.isNegative()) {
            return Duration.ZERO;
        }
        return asked.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : asked;
    }
}
