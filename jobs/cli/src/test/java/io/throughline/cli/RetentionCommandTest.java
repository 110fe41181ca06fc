package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What retention refuses, and what it says when Elasticsearch refuses. */
class RetentionCommandTest {

    private static final String SHARDS = "\"_shards\":{\"total\":1,\"successful\":1,\"failed\":0}";

    @TempDir
    Path directory;

    private HttpServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile String bulkItem = "";
    private volatile String lifecycle = "";
    private volatile String policy = "";

    @BeforeEach
    void anElasticsearchThatHoldsOneOldSession() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            String path = exchange.getRequestURI().getPath();
            asked.add(exchange.getRequestMethod() + " " + path);
            byte[] answer = answer(path).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("X-Elastic-Product", "Elasticsearch");
            exchange.sendResponseHeaders(path.startsWith("/_ilm") && lifecycle.isEmpty() ? 404 : 200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void itGoes() {
        server.stop(0);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "touchpoints: 36 d | touchpoints: is 36 d | 37 d (ingest.lateness_horizon + stitch.reattribution_horizon)",
                "transitions: 38 d | transitions: is 38 d | 39 d (a day, sessionize.retention and sessionize.max_length)",
                "alerts: 60 d | alerts: is 60 d | 90 d (alert.act_within)",
                "identity_changes: 36 d | identity_changes: is 36 d | 37 d (ingest.lateness_horizon"
            })
    void refusesAnAgeAtWhichDocumentsOfTheKindWouldComeBack(String retention, String is, String corrected)
            throws IOException {
        Invocation refused = Invocation.of("retention", "--apply", "--config", config(retention, ""));

        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.err())
                .last()
                .asString()
                .contains("elasticsearch.retention." + is + ", but documents are corrected for " + corrected);
    }

    @Test
    void refusesWhatHistoryWouldWriteAgain() throws IOException {
        String config = config("metrics: 60 d", "measure: {correct_history_for: 70 d}\n");

        assertThat(Invocation.of("retention", "--apply", "--config", config).err())
                .last()
                .asString()
                .contains("metrics: is 60 d, but documents are corrected for 70 d (measure.correct_history_for)");
    }

    @Test
    void failsWhereElasticsearchRefusesToDeleteADocument() throws IOException {
        bulkItem = item(403, "\"error\":{\"type\":\"security_exception\",\"reason\":\"not for you\"}");

        Invocation refused = Invocation.of("retention", "--apply", "--config", config("sessions: 90 d", ""));

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err())
                .singleElement()
                .asString()
                .contains("refuses to delete s-1 of throughline-sessions-g1 (403, security_exception: not for you)");
    }

    @Test
    void leavesForTheNextTimeWhatIsCorrectedAtThisMoment() throws IOException {
        bulkItem = item(409, "\"error\":{\"type\":\"version_conflict_engine_exception\",\"reason\":\"changed\"}");

        Invocation applied = Invocation.of("retention", "--apply", "--config", config("sessions: 90 d", ""));

        assertThat(applied.err()).isEmpty();
        assertThat(applied.exit()).isZero();
        assertThat(String.join("\n", applied.out())).containsPattern("sessions +0 documents before .* deleted");
    }

    @Test
    void leavesMonthsToAServerThatHasLifecycleManagementAndGivesItTheAge() throws IOException {
        lifecycle = "RUNNING";
        String config = config("touchpoints: 90 d", "");

        Invocation asking = Invocation.of("retention", "--config", config, "--as-of", "2026-06-01T00:00:00Z");
        assertThat(asking.exit()).isZero();
        assertThat(String.join("\n", asking.out()))
                .containsPattern("touchpoints +1 documents in 1 indices before 2026-03-03T00:00:00Z due")
                .endsWith("Elasticsearch deletes them by its policy throughline-touchpoints, once --apply or provision"
                        + " has put it\nnothing was deleted");
        assertThat(asked).noneMatch(request -> request.startsWith("PUT") || request.startsWith("DELETE"));

        Invocation applied =
                Invocation.of("retention", "--apply", "--config", config, "--as-of", "2026-06-01T00:00:00Z");
        assertThat(applied.exit()).isZero();
        assertThat(applied.out()).last().asString().endsWith("by its policy throughline-touchpoints");
        assertThat(asked)
                .contains(
                        "PUT /_ilm/policy/throughline-touchpoints", "PUT /throughline-touchpoints-g1-2026.01/_settings")
                .noneMatch(request -> request.startsWith("DELETE"));
    }

    @Test
    void saysWhatApplyingWouldDeleteWhereNotAllIsLeftToAPolicy() throws IOException {
        lifecycle = "RUNNING";

        Invocation asking = Invocation.of("retention", "--config", config("touchpoints: 90 d, sessions: 90 d", ""));

        assertThat(asking.out()).last().isEqualTo("nothing was deleted; --apply deletes what is not left to a policy");
    }

    @Test
    void deletesMonthsItselfWhereLifecycleManagementIsStopped() throws IOException {
        lifecycle = "STOPPED";

        Invocation applied = Invocation.of(
                "retention", "--apply", "--config", config("touchpoints: 90 d", ""), "--as-of", "2026-06-01T00:00:00Z");

        assertThat(String.join("\n", applied.out()))
                .contains("ILM is stopped on this server (POST _ilm/start starts it), so this command deletes them");
        assertThat(asked).contains("DELETE /throughline-touchpoints-g1-2026.01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"RUNNING", "STOPPED"})
    void leavesMonthsThatSomebodyPutUnderAnotherPolicyToItAndSaysSo(String standing) throws IOException {
        lifecycle = standing;
        policy = "frozen-tier";

        Invocation applied = Invocation.of(
                "retention", "--apply", "--config", config("touchpoints: 90 d", ""), "--as-of", "2026-06-01T00:00:00Z");

        assertThat(applied.exit()).isZero();
        assertThat(String.join("\n", applied.out()))
                .containsPattern("touchpoints +0 documents in 0 indices before 2026-03-03T00:00:00Z (due|deleted)")
                .containsPattern("touchpoints +1 documents in 1 indices before 2026-03-03T00:00:00Z"
                        + " left to policy frozen-tier\n +throughline-touchpoints-g1-2026.01");
        assertThat(asked).noneMatch(request -> request.startsWith("DELETE"));
    }

    private String answer(String path) {
        if (path.equals("/")) {
            return """
                    {"name":"stub","cluster_name":"stub","cluster_uuid":"stub","tagline":"You Know, for Search","version":{
                    "number":"9.0.0","build_date":"2026-01-01T00:00:00Z","build_flavor":"default","build_hash":"0",
                    "build_snapshot":false,"build_type":"tar","lucene_version":"10.0.0",
                    "minimum_index_compatibility_version":"8.0.0","minimum_wire_compatibility_version":"8.0.0"}}""";
        }
        if (path.equals("/_ilm/status")) {
            return "{\"operation_mode\":\"" + lifecycle + "\"}";
        }
        if (path.startsWith("/_ilm/")
                || path.endsWith("/_settings")
                || path.equals("/throughline-touchpoints-g1-2026.01")) {
            return "{\"acknowledged\":true}";
        }
        if (path.equals("/throughline-touchpoints-g*")) {
            return "{\"throughline-touchpoints-g1-2026.01\":{\"settings\":{\"index\":{\"number_of_shards\":\"1\""
                    + (policy.isEmpty() ? "" : ",\"lifecycle\":{\"name\":\"" + policy + "\"}") + "}}}}";
        }
        if (path.endsWith("/_count")) {
            return "{\"count\":1," + SHARDS + "}";
        }
        if (path.endsWith("/_bulk")) {
            return "{\"took\":1,\"errors\":true,\"items\":[{\"delete\":" + bulkItem + "}]}";
        }
        return "{\"took\":1,\"timed_out\":false," + SHARDS
                + ",\"hits\":{\"hits\":[{\"_index\":\"throughline-sessions-g1\","
                + "\"_id\":\"s-1\",\"_seq_no\":7,\"_primary_term\":1}]}}";
    }

    private static String item(int status, String more) {
        return "{\"_index\":\"throughline-sessions-g1\",\"_id\":\"s-1\",\"status\":" + status + "," + more + "}";
    }

    private String config(String retention, String more) throws IOException {
        return Files.writeString(
                        directory.resolve("throughline.yaml"),
                        more + "elasticsearch: {urls: ['http://127.0.0.1:"
                                + server.getAddress().getPort() + "'], retention: {" + retention + "}}")
                .toString();
    }
}
