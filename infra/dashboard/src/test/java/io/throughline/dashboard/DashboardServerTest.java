package io.throughline.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server on its own: Elasticsearch is away all the time. */
class DashboardServerTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static DashboardServer server;

    @BeforeAll
    static void start() throws IOException {
        server = DashboardServer.start(new DashboardSettings(nowhere(), "127.0.0.1", 0));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void servesWithoutElasticsearchAndSaysThatItIsDown() {
        await().untilAsserted(() -> {
            JsonNode health = new ObjectMapper().readTree(get("/health").body());
            assertThat(health.path("dashboard").asText()).isEqualTo("up");
            assertThat(health.path("elasticsearch").asText()).isEqualTo("down");
            assertThat(health.path("outage").asText()).containsIgnoringCase("connection refused");
            assertThat(health.has("as_of")).isFalse();
        });
        assertThat(get("/").body()).contains("<throughline-dashboard>");
    }

    @Test
    void theEventStreamTellsOfTheOutage() throws Exception {
        HttpResponse<Stream<String>> stream = HTTP.send(
                HttpRequest.newBuilder(server.url().resolve("/api/live?window=1h"))
                        .header("Accept", "text/event-stream")
                        .build(),
                HttpResponse.BodyHandlers.ofLines());
        try (Stream<String> lines = stream.body()) {
            assertThat(lines.filter(line -> line.startsWith("data: ") && line.contains("\"elasticsearch\":\"down\""))
                            .findFirst())
                    .isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/page/dashboard.js", "/api/snapshot", "/health", "/nothing", "/api/live?window=2h"})
    void everyAnswerCarriesTheStrictHeaders(String path) {
        HttpResponse<String> answer = get(path);

        assertThat(answer.headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy -> assertThat(policy)
                        .contains("default-src 'none'", "frame-ancestors 'none'", "connect-src 'self'")
                        .doesNotContain("unsafe"));
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
        assertThat(answer.headers().firstValue("Server")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:80", "127.0.0.1.evil.example", "169.254.1.1"})
    void answersOnlyToThisMachinesNames(String host) throws Exception {
        assertThat(raw("GET /api/snapshot HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 421")
                .contains("answers only to 127.0.0.1 and localhost");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/page/../live/Board.class",
                "/page/%2e%2e/%2e%2e/live/Board.class",
                "/lib/../../maven/io.javalin/javalin/pom.xml",
                "/page/nothing.js",
                "/lib/",
                "/page/"
            })
    void nothingButThePageCanBeFetched(String path) throws Exception {
        assertThat(raw("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"))
                .containsPattern("^HTTP/1.1 40[04]")
                .doesNotContain("CAFEBABE", "<project");
    }

    @Test
    void wrongViewsAreRefusedInWords() {
        assertThat(List.of("/api/snapshot?window=2h", "/api/live?window=2h")).allSatisfy(path -> {
            assertThat(get(path).statusCode()).isEqualTo(400);
            assertThat(get(path).body()).isEqualTo("window must be one of 1h, 24h, 7d, 30d.\n");
        });
        assertThat(get("/api/snapshot?channel=" + "x".repeat(101)).statusCode()).isEqualTo(400);
    }

    @Test
    void nothingCanBeWritten() throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(server.url().resolve("/api/snapshot"))
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isIn(404, 405);
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() ->
                            DashboardServer.start(new DashboardSettings(nowhere(), "127.0.0.1", taken.getLocalPort())))
                    .isInstanceOf(DashboardServer.CannotServeException.class)
                    .hasMessage("Port " + taken.getLocalPort() + " on 127.0.0.1 cannot be opened (is it in use?);"
                            + " choose another with --port, or --port 0 for any free one.");
        }
    }

    private static HttpResponse<String> get(String path) {
        try {
            return HTTP.send(
                    HttpRequest.newBuilder(server.url().resolve(path))
                            .header("Accept", path.startsWith("/api/live") ? "text/event-stream" : "*/*")
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException failed) {
            throw new AssertionError(failed);
        }
    }

    /** As typed: the client of the JDK would mend the path and the host. */
    private static String raw(String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.url().getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            StringBuilder answer = new StringBuilder();
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answer.append(line).append('\n');
            }
            return answer.toString();
        }
    }

    private static URI nowhere() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + free.getLocalPort());
        }
    }
}
