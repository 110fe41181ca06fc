package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.throughline.dashboard.know.Operations.Checkpoint;
import io.throughline.dashboard.know.Operations.Checkpoints;
import io.throughline.dashboard.know.Operations.Job;
import io.throughline.dashboard.know.Operations.Stage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against what Flink 2's REST interface says, in its words. */
class FlinkJobsTest {

    private final Map<String, String> says = new HashMap<>();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String text = says.get(exchange.getRequestURI().toString());
            byte[] bytes = (text == null ? "{\"errors\":[\"Not found\"]}" : text).getBytes(UTF_8);
            exchange.sendResponseHeaders(text == null ? 404 : 200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void aRunningJobIsToldStageByStageWithTheEventTimeAllOfAStageHasReached() throws Exception {
        says.put(
                "/jobs/overview",
                """
                {"jobs":[{"jid":"b1","name":"throughline-experience","start-time":1772366400000,"end-time":-1,"state":"RUNNING"},
                         {"jid":"a0","name":"throughline-experience","start-time":1772360000000,"end-time":1772366000000,"state":"CANCELED"}]}
                """);
        says.put("/jobs/b1/metrics?get=numRestarts", "[{\"id\":\"numRestarts\",\"value\":\"2\"}]");
        says.put(
                "/jobs/b1",
                """
                {"vertices":[
                  {"id":"v3","name":"stitch-node -> publish-identity-changes: Writer","parallelism":2,"tasks":{"RUNNING":1,"INITIALIZING":1}},
                  {"id":"v1","name":"Source: touchpoints -> ingest-decode -> ingest-watermark","parallelism":2,"tasks":{"RUNNING":2}},
                  {"id":"v2","name":"ingest-deduplicate","parallelism":2,"tasks":{"RUNNING":2}}]}
                """);
        says.put("/jobs/b1/vertices/v1/watermarks", "[]");
        says.put(
                "/jobs/b1/vertices/v2/watermarks",
                """
                [{"id":"0.currentInputWatermark","value":"1772366500000"},{"id":"1.currentInputWatermark","value":"1772366400001"}]
                """);
        says.put(
                "/jobs/b1/vertices/v3/watermarks",
                "[{\"id\":\"0.currentInputWatermark\",\"value\":\"-9223372036854775808\"}]");
        says.put(
                "/jobs/b1/checkpoints",
                """
                {"counts":{"restored":0,"total":9,"in_progress":1,"completed":7,"failed":1},
                 "latest":{"completed":{"id":7,"trigger_timestamp":1772366500000,"end_to_end_duration":840,"state_size":1048576},
                           "failed":{"id":3,"failure_timestamp":1772366450000,"failure_message":"Checkpoint expired before completing.\\n at x"},
                           "savepoint":null,"restored":null},"history":[]}
                """);

        assertThat(jobs().read())
                .containsExactly(new Job(
                        "b1",
                        "throughline-experience",
                        "RUNNING",
                        Instant.ofEpochMilli(1_772_366_400_000L),
                        2L,
                        List.of(
                                new Stage("ingest", 4, 4, Instant.ofEpochMilli(1_772_366_400_001L)),
                                new Stage("stitch", 2, 1, null)),
                        new Checkpoints(
                                7,
                                1,
                                0,
                                1,
                                new Checkpoint(Instant.ofEpochMilli(1_772_366_500_840L), 840, 1_048_576),
                                Instant.ofEpochMilli(1_772_366_450_000L),
                                "Checkpoint expired before completing.")));
    }

    @Test
    void checkpointsThatWereDueBeforeAllTasksRanDidNotFail() throws Exception {
        says.put(
                "/jobs/overview",
                """
                {"jobs":[{"jid":"e","name":"throughline-experience","start-time":5,"end-time":-1,"state":"RUNNING"}]}
                """);
        says.put("/jobs/e/metrics?get=numRestarts", "[]");
        says.put("/jobs/e", "{\"vertices\":[]}");
        says.put(
                "/jobs/e/checkpoints",
                """
                {"counts":{"restored":1,"total":14,"in_progress":1,"completed":10,"failed":3},
                 "latest":{"completed":null,"failed":null,"savepoint":null,"restored":null},"history":[]}
                """);

        assertThat(jobs().read()).singleElement().satisfies(job -> assertThat(job.checkpoints())
                .isEqualTo(new Checkpoints(10, 0, 3, 1, null, null, null)));
    }

    @Test
    void aJobWithoutCheckpointsAndOneThatFailedAreToldAsSuch() throws Exception {
        says.put(
                "/jobs/overview",
                """
                {"jobs":[{"jid":"c","name":"throughline-index","start-time":5,"end-time":9,"state":"FAILED"}]}
                """);
        says.put("/jobs/c/metrics?get=numRestarts", "[]");

        assertThat(jobs().read()).satisfiesExactly(job -> {
            assertThat(job.state()).isEqualTo("FAILED");
            assertThat(job.stages()).isEmpty();
            assertThat(job.checkpoints()).isNull();
            assertThat(job.restarts()).isNull();
        });
    }

    @Test
    void whoeverElseAnswersOrNobodyIsSaidWithTheKeyToSet() {
        says.put("/jobs/overview", "<html>another program</html>");
        assertThatThrownBy(() -> jobs().read())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not Flink: set dashboard.flink_url");

        URI gone = url();
        server.stop(0);
        assertThatThrownBy(() -> new FlinkJobs(gone).read())
                .isInstanceOf(IOException.class)
                .hasMessage("Flink is not reachable at " + gone + ": start it or set dashboard.flink_url");
    }

    @Test
    void aFlinkThatIsBusyIsNotCalledAway() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            URI busy = URI.create("http://127.0.0.1:" + silent.getLocalPort());
            assertThatThrownBy(() -> new FlinkJobs(busy).read())
                    .isInstanceOf(IOException.class)
                    .hasMessage("Flink at " + busy + " gave no answer within 3 s: it is busy, or hangs");
        }
    }

    private FlinkJobs jobs() {
        return new FlinkJobs(url());
    }

    private URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }
}
