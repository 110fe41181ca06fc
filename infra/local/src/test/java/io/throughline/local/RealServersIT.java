package io.throughline.local;

import static io.throughline.local.Server.ELASTICSEARCH;
import static io.throughline.local.Server.FLINK;
import static io.throughline.local.Server.KAFKA;
import static io.throughline.local.Server.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.throughline.local.testing.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Servers(
        value = {KAFKA, REGISTRY, ELASTICSEARCH, FLINK},
        own = true)
class RealServersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    @Test
    void everyServerDoesItsWorkWithinTheMemoryOfALaptop(LocalServers servers) {
        Map<String, LocalServers.Status> status =
                servers.status().stream().collect(Collectors.toMap(LocalServers.Status::process, Function.identity()));

        assertThat(status)
                .containsOnlyKeys("kafka", "registry", "elasticsearch", "jobmanager", "taskmanager-1")
                .allSatisfy((name, one) -> assertThat(one.answers()).as(name).isTrue());
        assertThat(status.values().stream()
                        .mapToLong(one -> one.residentKib().orElse(0L) / 1024)
                        .sum())
                .as("MiB resident")
                .isLessThan(4_500);
    }

    @Test
    void startingTwiceChangesNothing(LocalServers servers) {
        List<Long> before = pids(servers);

        servers.start(KAFKA, REGISTRY, ELASTICSEARCH, FLINK);

        assertThat(pids(servers)).isEqualTo(before);
    }

    @Test
    void theRegistryRefusesIncompatibleSchemasAndKeepsIdsOverARestart(LocalServers servers) throws IOException {
        String versions = servers.registryUrl() + "/subjects/restart-value/versions";
        long id = post(versions, schema("\"string\"")).required().path("id").asLong();

        assertThat(post(versions, schema("\"int\"")).status())
                .as("string to int")
                .isEqualTo(409);
        servers.stop(REGISTRY);
        assertThat(servers.isRunning(REGISTRY)).isFalse();
        servers.start(REGISTRY);

        assertThat(servers.registryUrl() + "/subjects/restart-value/versions").isEqualTo(versions);
        assertThat(LocalHttp.get(versions + "/latest").required().path("id").asLong())
                .isEqualTo(id);
        assertThat(LocalHttp.get(servers.registryUrl() + "/config")
                        .required()
                        .path("compatibilityLevel")
                        .asText())
                .isEqualTo("BACKWARD");
    }

    @Test
    void elasticsearchGreetsClientsAndKeepsDocumentsOverACrash(LocalServers servers) throws IOException {
        String url = servers.elasticsearchUrl();
        assertThat(LocalHttp.get(url).required().path("version").path("number").asText())
                .startsWith("8.");
        LocalHttp.sendJson(
                        "PUT",
                        url + "/crash/_doc/1?version=7&version_type=external_gte",
                        LocalHttp.JSON.createObjectNode().put("n", 1))
                .required();

        servers.kill(ELASTICSEARCH);
        servers.start(ELASTICSEARCH);

        await().atMost(PATIENCE)
                .until(() -> LocalHttp.get(url + "/crash/_doc/1").ok());
        assertThat(LocalHttp.get(url + "/crash/_doc/1")
                        .required()
                        .path("_version")
                        .asInt())
                .isEqualTo(7);
    }

    @Test
    void kafkaComesBackOnItsPortAfterACrash(LocalServers servers) {
        String before = servers.bootstrapServers();

        servers.kill(KAFKA);
        assertThatThrownBy(servers::bootstrapServers).hasMessageContaining("Kafka is not running");
        servers.start(KAFKA);

        assertThat(servers.bootstrapServers()).isEqualTo(before);
    }

    @Test
    void aJobSurvivesTheDeathOfItsTaskManagerAndMovesWithASavepoint(LocalServers servers, @TempDir Path directory)
            throws IOException {
        Path jar = jobJar(directory);
        FlinkRest flink = servers.flink();
        String job = flink.submit(jar, EndlessJob.class.getName(), List.of("first"));
        flink.awaitRunning(job, PATIENCE);
        await().atMost(PATIENCE).until(() -> flink.completedCheckpoints(job) > 0);

        servers.kill(servers.taskManagers().get(0));
        assertThat(servers.taskManagers()).isEmpty();
        servers.startTaskManager();
        await().atMost(PATIENCE).until(() -> flink.restarts(job) > 0);
        flink.awaitRunning(job, PATIENCE);

        String savepoint = flink.stopWithSavepoint(job, PATIENCE);
        assertThat(flink.awaitEnd(job, PATIENCE)).isEqualTo("FINISHED");
        String second = flink.submit(jar, EndlessJob.class.getName(), List.of("second"), 1, savepoint);
        flink.awaitRunning(second, PATIENCE);
        assertThat(flink.jobs())
                .anyMatch(one -> one.id().equals(second) && one.name().equals("second"));
        flink.cancel(second);
        assertThat(flink.awaitEnd(second, PATIENCE)).isEqualTo("CANCELED");
    }

    @Test
    void aFailedStartLeavesNothingBehindAndShowsTheLog(@TempDir Path directory) throws IOException {
        Files.createDirectories(directory.resolve("elasticsearch"));
        Files.writeString(directory.resolve("elasticsearch").resolve("data"), "not a directory");
        try (LocalServers servers =
                LocalServers.in(directory).freePorts().shortLived().build()) {
            assertThatThrownBy(() -> servers.start(REGISTRY, ELASTICSEARCH))
                    .isInstanceOf(LocalServerException.class)
                    .hasMessageStartingWith("Elasticsearch ended at once")
                    .hasMessageContaining("FileAlreadyExistsException");

            assertThat(alive(directory)).isEmpty();
            assertThat(servers.isRunning(REGISTRY)).isFalse();
        }
    }

    @Test
    void whatIsReleasedIsFoundAndStoppedByTheNextProgram(@TempDir Path directory) {
        try (LocalServers first =
                LocalServers.in(directory).freePorts().shortLived().build()) {
            first.start(REGISTRY);
            first.release();
        }
        assertThat(alive(directory)).hasSize(1);

        try (LocalServers next = LocalServers.in(directory).build()) {
            assertThat(next.registryUrl()).startsWith("http://127.0.0.1:");
            assertThat(next.stopAll()).containsExactly(REGISTRY);
            assertThat(next.stopAll()).isEmpty();
        }
        assertThat(alive(directory)).isEmpty();
    }

    @Test
    void closingLeavesNothingBehind(@TempDir Path directory) {
        LocalServers servers =
                LocalServers.in(directory).freePorts().shortLived().build();
        servers.start(REGISTRY);
        assertThat(alive(directory)).hasSize(1);

        servers.close();

        assertThat(alive(directory)).isEmpty();
    }

    private static List<Long> pids(LocalServers servers) {
        return servers.status().stream()
                .map(one -> one.pid().orElse(0L))
                .sorted()
                .toList();
    }

    static List<ProcessHandle> alive(Path directory) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("-Dthroughline.process=" + directory.toAbsolutePath()))
                        .isPresent())
                .toList();
    }

    private static LocalHttp.Answer post(String url, JsonNode body) throws IOException {
        return LocalHttp.sendJson("POST", url, body);
    }

    private static JsonNode schema(String avro) {
        return LocalHttp.JSON.createObjectNode().put("schema", avro);
    }

    static Path jobJar(Path directory) throws IOException {
        Path jar = directory.resolve("endless-job.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            String name = EndlessJob.class.getName().replace('.', '/') + ".class";
            out.putNextEntry(new JarEntry(name));
            try (var code = EndlessJob.class.getClassLoader().getResourceAsStream(name)) {
                code.transferTo(out);
            }
        }
        return jar;
    }
}
