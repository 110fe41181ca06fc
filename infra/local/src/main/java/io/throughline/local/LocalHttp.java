package io.throughline.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** JSON over HTTP with the servers of this machine. */
final class LocalHttp {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final HttpClient CLIENT = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();

    private LocalHttp() {}

    /** Empty when nothing answers, or not with success. */
    static Optional<JsonNode> probe(String url) {
        try {
            Answer answer = send("GET", url, BodyPublishers.noBody(), "application/json", Duration.ofSeconds(2));
            return answer.ok() ? Optional.of(answer.json()) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static Answer send(String method, String url, BodyPublisher body, String contentType, Duration limit)
            throws IOException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .timeout(limit)
                .header("Content-Type", contentType)
                .method(method, body)
                .build();
        try {
            var response = CLIENT.send(request, BodyHandlers.ofString());
            return new Answer(method + " " + url, response.statusCode(), response.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted during " + method + " " + url, e);
        }
    }

    static Answer sendJson(String method, String url, JsonNode body) throws IOException {
        return send(method, url, BodyPublishers.ofString(body.toString()), "application/json", Duration.ofSeconds(60));
    }

    static Answer get(String url) throws IOException {
        return send("GET", url, BodyPublishers.noBody(), "application/json", Duration.ofSeconds(60));
    }

    record Answer(String request, int status, String body) {
        boolean ok() {
            return status / 100 == 2;
        }

        JsonNode json() throws IOException {
            return JSON.readTree(body);
        }

        /** @throws IOException with the server's own words when the status is not a success */
        JsonNode required() throws IOException {
            if (!ok()) {
                throw new IOException(request + " answered " + status + ": " + body);
            }
            return json();
        }
    }
}
