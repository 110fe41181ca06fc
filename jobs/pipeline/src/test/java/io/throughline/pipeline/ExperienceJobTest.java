package io.throughline.pipeline;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.kafka.TopicProvisioner.ProvisioningException;
import io.throughline.pipeline.index.IndexJob;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever submits a job learns at once that a server is missing, instead of a job that restarts for ever. */
class ExperienceJobTest {

    @TempDir
    Path folder;

    @Test
    void isNotSubmittedWithoutKafka() throws IOException {
        String[] arguments = withoutKafka();

        assertThatThrownBy(() -> ExperienceJob.main(arguments))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage("Kafka is not reachable at 127.0.0.1:1: start it or set kafka.bootstrap_servers");
    }

    @Test
    void theIndexJobIsNotSubmittedWithoutKafkaEither() throws IOException {
        String[] arguments = withoutKafka();

        assertThatThrownBy(() -> IndexJob.main(arguments))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    /** At every checkpoint a transaction takes the time of several answers of the broker, which is no time of an alert's. */
    @Test
    void noTaskThatDecidesWaitsForATransaction() {
        List<String> immediate = List.of("publish-alerts", "publish-alert-notifications", "stitch-feed");

        List<String> writing = tasks("").stream()
                .filter(task -> task.contains(": Writer"))
                .filter(task -> immediate.stream().noneMatch(each -> task.contains(each + ": Writer")))
                .toList();

        assertThat(writing).hasSize(14).allSatisfy(task -> assertThat(task)
                .matches("(encode-[a-z-]+ -> )?transact-([a-z-]+) -> publish-\\2: Writer -> publish-\\2: Committer"));
    }

    /** What goes to the tasks that write is what the topic will have: to be read and made again it would cost as much again. */
    @Test
    void documentsAreEncodedWhereTheyAreMade() {
        List<String> encoded = List.of("stitched-touchpoints", "customers", "sessions", "issues", "journeys");

        String sessionizing = tasks("").stream()
                .filter(task -> task.startsWith("sessionize-customers -> "))
                .findFirst()
                .orElseThrow();

        assertThat(encoded).allSatisfy(topic -> assertThat(sessionizing).contains("encode-" + topic));
    }

    /** A record that crosses to another task waits for others first, each time anew. */
    @Test
    void anAlertCrossesToAnotherTaskFourTimes() {
        List<String> way =
                List.of("ingest-read ->", "ingest-deduplicate", "stitch-nodes", "alert-customers", "alert-cases");

        assertThat(tasks(""))
                .filteredOn(task -> way.stream().anyMatch(task::contains))
                .hasSize(way.size())
                .anyMatch(task -> task.matches("alert-customers -> .*alert-judged.*"))
                .anyMatch(task -> task.matches("alert-cases -> .*publish-alerts: Writer.*"));
    }

    /** Each hand-over wakes a task. Metrics are published every few seconds, so what is judged by them waits as all else does. */
    @Test
    void onlyWhatIsJudgedOfCustomersIsHandedOnSoon() {
        StreamGraph graph = defined("").getStreamGraph();

        assertThat(graph.getStreamNodes())
                .filteredOn(node -> node.getOperatorName().startsWith("alert-"))
                .filteredOn(node -> node.getBufferTimeout() < 100)
                .extracting(StreamNode::getOperatorName)
                .containsExactlyInAnyOrder("alert-judged", "alert-cases");
    }

    /** So it cannot wait for one: with Elasticsearch down it does what it always does. */
    @Test
    void knowsNoElasticsearch() throws IOException {
        String url = "http://nowhere.example:9200";
        StreamExecutionEnvironment env = defined("elasticsearch: {urls: [\"" + url + "\"]}");

        for (StreamNode node : env.getStreamGraph().getStreamNodes()) {
            String bytes = new String(InstantiationUtil.serializeObject(node.getOperatorFactory()), ISO_8859_1);
            assertThat(bytes.contains(url)).as(node.getOperatorName()).isFalse();
            assertThat(bytes.contains("io.throughline.elasticsearch"))
                    .as(node.getOperatorName())
                    .isFalse();
        }
    }

    private static List<String> tasks(String settings) {
        List<String> tasks = new ArrayList<>();
        defined(settings).getStreamGraph().getJobGraph().getVertices().forEach(vertex -> tasks.add(vertex.getName()));
        return tasks;
    }

    private static StreamExecutionEnvironment defined(String settings) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment();
        ExperienceJob.define(env, Settings.parse("test", settings, Map.of()));
        return env;
    }

    private String[] withoutKafka() throws IOException {
        Path file = Files.writeString(
                folder.resolve("throughline.yaml"),
                """
                kafka:
                  bootstrap_servers: "127.0.0.1:1"
                  properties: {default.api.timeout.ms: 300, request.timeout.ms: 200}
                """);
        return new String[] {"--config", file.toString()};
    }
}
