package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is not there is said in one line: which it is, where it was looked for, what to do. */
class MissingServersTest {

    private static final String NOBODY = "127.0.0.1:1";

    @TempDir
    Path folder;

    @Test
    void provisionSaysThatKafkaIsMissing() throws IOException {
        CalledCommand provision = CalledCommand.of("provision", "--config", kafka("default.api.timeout.ms: 300"));

        assertThat(provision.exitCode()).isEqualTo(1);
        assertThat(provision.err().lines())
                .containsExactly(
                        "provision: Kafka is not reachable at " + NOBODY + ": start it or set kafka.bootstrap_servers");
    }

    @Test
    void provisionUsesTheKafkaProperties() throws IOException {
        CalledCommand provision = CalledCommand.of("provision", "--config", kafka("security.protocol: CARRIER_PIGEON"));

        assertThat(provision.exitCode()).isEqualTo(1);
        assertThat(provision.err().lines())
                .singleElement()
                .asString()
                .startsWith("provision: Kafka at " + NOBODY + " cannot be used: ")
                .contains("CARRIER_PIGEON", "security.protocol");
    }

    @Test
    void redriveSaysThatKafkaIsMissingAndWhatItTakes() throws IOException {
        CalledCommand redrive = CalledCommand.of(
                "redrive", "--from", "late", "--dry-run", "--config", kafka("default.api.timeout.ms: 300"));

        assertThat(redrive.exitCode()).isEqualTo(1);
        assertThat(redrive.err().lines())
                .singleElement()
                .asString()
                .startsWith(
                        "redrive: Kafka is not reachable at " + NOBODY + ": start it or set kafka.bootstrap_servers");
        assertThat(CalledCommand.of("redrive", "--from", "touchpoints").err())
                .startsWith("redrive: --from must be rejected or late, was touchpoints");
        assertThat(CalledCommand.of("redrive", "--from", "late", "--limit", "0").exitCode())
                .isEqualTo(2);
        assertThat(CalledCommand.of("redrive", "--from", "late", "--since", "yesterday")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void intakeSaysThatKafkaIsMissing() throws IOException {
        CalledCommand intake = CalledCommand.of(
                "intake",
                "--from",
                "segment",
                "--input",
                file("events.ndjson", "{}"),
                "--config",
                kafka("default.api.timeout.ms: 300"));

        assertThat(intake.exitCode()).isEqualTo(1);
        assertThat(intake.err().lines())
                .containsExactly(
                        "intake: Kafka is not reachable at " + NOBODY + ": start it or set kafka.bootstrap_servers");
    }

    @Test
    void accountingSaysThatElasticsearchIsMissing() throws IOException {
        CalledCommand accounting = CalledCommand.of("accounting", "--config", elasticsearch("http://" + NOBODY));

        assertThat(accounting.exitCode()).isEqualTo(1);
        assertThat(accounting.err().lines())
                .containsExactly("accounting: Elasticsearch at http://" + NOBODY
                        + " is unreachable (Connection refused); start it or correct elasticsearch.urls");
    }

    @Test
    void explainSaysThatElasticsearchIsMissing() throws IOException {
        CalledCommand explain = CalledCommand.of("explain", "a-1", "--config", elasticsearch("http://" + NOBODY));

        assertThat(explain.exitCode()).isEqualTo(1);
        assertThat(explain.err().lines())
                .containsExactly("explain: Elasticsearch at http://" + NOBODY
                        + " is unreachable (Connection refused); start it or correct elasticsearch.urls");
    }

    @Test
    void accountingSaysThatSomethingElseAnswers() throws IOException {
        HttpServer somethingElse = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        somethingElse.createContext("/", exchange -> {
            byte[] page = "<html>\n<body>\nWelcome\n</body>\n</html>".getBytes(UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        somethingElse.start();
        try {
            String url = "http://127.0.0.1:" + somethingElse.getAddress().getPort();

            CalledCommand accounting = CalledCommand.of("accounting", "--config", elasticsearch(url));

            assertThat(accounting.exitCode()).isEqualTo(1);
            assertThat(accounting.err().lines())
                    .containsExactly(
                            "accounting: what answers at " + url + " is not Elasticsearch; correct elasticsearch.urls");
        } finally {
            somethingElse.stop(0);
        }
    }

    @Test
    void simulateSaysThatKafkaIsMissing() throws IOException {
        CalledCommand simulate = CalledCommand.of(
                "simulate",
                "--kafka=" + NOBODY,
                "--registry=http://" + NOBODY,
                "--kafka-properties="
                        + file("client.properties", "default.api.timeout.ms=300\nrequest.timeout.ms=200\n"));

        assertThat(simulate.exitCode()).isEqualTo(1);
        assertThat(simulate.err().lines())
                .containsExactly("simulate: Kafka is not reachable at " + NOBODY + ": start it or correct --kafka");
    }

    @Test
    void simulateUsesTheKafkaProperties() throws IOException {
        CalledCommand simulate = CalledCommand.of(
                "simulate",
                "--kafka=" + NOBODY,
                "--registry=http://" + NOBODY,
                "--kafka-properties=" + file("client.properties", "security.protocol=CARRIER_PIGEON\n"));

        assertThat(simulate.exitCode()).isEqualTo(1);
        assertThat(simulate.err().lines())
                .singleElement()
                .asString()
                .contains("CARRIER_PIGEON", "security.protocol", "--kafka-properties");
    }

    private String kafka(String property) throws IOException {
        return file(
                "throughline.yaml",
                "kafka: {bootstrap_servers: \"" + NOBODY + "\", properties: {request.timeout.ms: 200, " + property
                        + "}}\n");
    }

    private String elasticsearch(String url) throws IOException {
        return file("throughline.yaml", "elasticsearch: {urls: [\"" + url + "\"]}\n");
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }
}
