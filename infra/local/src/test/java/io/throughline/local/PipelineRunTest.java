package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps a run from starting anything, and runs without jobs. The command line is a stand-in. */
class PipelineRunTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void aRunningPipelineIsLeftAloneEvenByAFreshOne() throws IOException {
        Path stored = stored();
        try (RunLock another = RunLock.take(directory)) {
            assertThatThrownBy(() -> run(null, 0)).hasMessageStartingWith("The pipeline runs in " + directory);
        }

        assertThat(stored).exists();
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void anInvalidConfigurationIsShownAsItsOwnFileSays() throws IOException {
        Path stored = stored();
        Path given = Files.writeString(directory.resolve("mine.yaml"), "nonsense: 1");

        assertThatThrownBy(() -> run(given, 0))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("validate: " + given + ": 1 error\n  line 1: nonsense: no such key");

        assertThat(stored).exists();
        assertThat(said.toString(StandardCharsets.UTF_8)).isEmpty();
        RunLock.take(directory).close();
    }

    @Test
    void aRunThatGoesOnKeepsItsStateWhereItWas(@TempDir Path run) throws IOException {
        assertThat(PipelineRun.stateBackend(run)).isEqualTo("rocksdb");
        Files.writeString(run.resolve("throughline.yaml"), "job: {parallelism: 2}\n");
        assertThat(PipelineRun.stateBackend(run)).as("no job ever ran").isEqualTo("rocksdb");
        Files.writeString(run.resolve("jobs.properties"), "experience=a1\n");
        assertThat(PipelineRun.stateBackend(run))
                .as("of a build that knew the heap only")
                .isEqualTo("hashmap");
        Files.writeString(run.resolve("throughline.yaml"), "job: {state_backend: rocksdb}\n");
        assertThat(PipelineRun.stateBackend(run)).isEqualTo("rocksdb");
    }

    @Test
    void aBrokenConfigurationOfTheRunBeforeIsNamedWithTheWayOut(@TempDir Path run) throws IOException {
        Files.writeString(run.resolve("jobs.properties"), "experience=a1\n");
        Path broken = Files.writeString(run.resolve("throughline.yaml"), "job: {state_backend: \"rock");

        assertThatThrownBy(() -> PipelineRun.stateBackend(run))
                .isInstanceOf(LocalServerException.class)
                .hasMessageStartingWith(broken + ", the configuration of the run before, is no YAML")
                .hasMessageEndingWith("`make run ARGS=--fresh`.");
    }

    @Test
    void aBusyDashboardPortIsNamedWithTheWayOut() throws IOException {
        Path stored = stored();
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> run(null, taken.getLocalPort()))
                    .isInstanceOf(LocalServerException.class)
                    .hasMessage(
                            "Port " + taken.getLocalPort() + " for the dashboard is taken by another program; choose"
                                    + " another with ARGS=\"--dashboard-port <port>\" or THROUGHLINE_DASHBOARD_PORT=<port>"
                                    + " (0 takes a free one)");
        }

        assertThat(stored).exists();
        RunLock.take(directory).close();
    }

    @Test
    void figuresThatCannotBeAreRefusedBeforeAnythingIsStarted() {
        for (String wrong : List.of(
                "--rate=0",
                "--rate=-5",
                "--rate=NaN",
                "--rate=Infinity",
                "--history=abc",
                "--history=6",
                "--history-limit=-1",
                "--parallelism=0")) {
            StringWriter refusal = new StringWriter();
            int code = LocalMain.commandLine()
                    .setErr(new PrintWriter(refusal))
                    .execute("run", "--directory", directory.toString(), wrong);
            assertThat(code).as(wrong).isEqualTo(2);
            assertThat(refusal.toString()).startsWith(wrong.substring(0, wrong.indexOf('=')) + ": ");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void withoutTheSimulatorItsFiguresAreNotLookedAt() throws IOException {
        try (RunLock another = RunLock.take(directory)) {
            StringWriter refusal = new StringWriter();
            int code = LocalMain.commandLine()
                    .setErr(new PrintWriter(refusal))
                    .execute("run", "--directory", directory.toString(), "--no-simulator", "--rate=0", "--history=abc");
            assertThat(code).isEqualTo(1);
            assertThat(refusal.toString()).doesNotContain("--rate", "--history");
        }
    }

    @Test
    void onlyARunThatRanIsSaidToGoOn() {
        assertThatThrownBy(() -> elsewhere("flink:1", Map.of("experience", "none"), true, null)
                        .run())
                .isInstanceOf(LocalServerException.class);

        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("11 topics are as declared")
                .endsWith("Stopped." + System.lineSeparator());
    }

    @Test
    void aProgramThatCannotBeStoppedKeepsNothingElseRunning() throws IOException {
        PipelineRun run = withoutJobs(true, null);
        CompletableFuture<Void> end = PipelineRunIT.inBackground(run);
        awaitSaid("Ctrl-C stops everything", end);
        ServerProcess dashboard = new ServerProcess(directory, "dashboard");
        assertThat(dashboard.live()).isPresent();
        ProcessHandle simulator =
                new ServerProcess(directory, "simulator").live().orElseThrow();
        // The file that says which process it is can neither be read nor deleted.
        Path file = directory.resolve("simulator").resolve("process.properties");
        Files.delete(file);
        Files.createDirectories(file.resolve("something"));

        assertThat(end).failsWithin(PATIENCE);
        simulator.destroyForcibly();
        assertThat(said.toString(StandardCharsets.UTF_8))
                .contains("simulator could not be stopped in order: ")
                .endsWith("Stopped. The next `make run` goes on from here." + System.lineSeparator());
        assertThat(dashboard.live()).isEmpty();
        RunLock.take(directory).close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void onlyAStoryThatIsPlayedIsSaidToBeLateInPart(boolean simulator) throws IOException {
        stored();
        Files.writeString(directory.resolve("run").resolve("jobs.properties"), "");
        PipelineRun run = withoutJobs(simulator, "any");
        CompletableFuture<Void> end = PipelineRunIT.inBackground(run);
        awaitSaid("Ctrl-C stops everything", end);

        run.stop();

        assertThat(end).succeedsWithin(PATIENCE);
        assertThat(said.toString(StandardCharsets.UTF_8).contains("what of the story lies further back"))
                .isEqualTo(simulator);
    }

    /** As servers of {@code make up} do, it goes on when the run ends. */
    @Test
    void aJobThatIsBeingSubmittedWhenARunIsStoppedIsCancelled() throws Exception {
        CountDownLatch submission = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        List<String> cancelled = new CopyOnWriteArrayList<>();
        ExecutorService threads = Executors.newCachedThreadPool();
        HttpServer flink = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        flink.setExecutor(threads);
        flink.createContext("/", exchange -> {
            String path = exchange.getRequestURI().getPath();
            exchange.getRequestBody().readAllBytes();
            if (path.endsWith("/run")) {
                submission.countDown();
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            if (exchange.getRequestMethod().equals("PATCH")) {
                cancelled.add(path);
            }
            String state = cancelled.isEmpty() ? "CREATED" : "CANCELED";
            byte[] body = ("{\"filename\": \"/a/some.jar\", \"jobid\": \"a1\", \"status\": \"" + state
                            + "\", \"state\": \"" + state
                            + "\", \"jobs\": [{\"jid\": \"a1\", \"name\": \"\", \"state\": \"" + state + "\"}]}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        flink.start();
        try {
            Files.writeString(directory.resolve("none.jar"), "");
            PipelineRun run = elsewhere(
                    "http://127.0.0.1:" + flink.getAddress().getPort(), Map.of("experience", "none"), true, null);
            CompletableFuture<Void> end = PipelineRunIT.inBackground(run);
            assertThat(submission.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Void> stopped = CompletableFuture.runAsync(run::stop, threads);
            awaitSaid("Stopping ...", end);
            answer.countDown();

            assertThat(stopped).succeedsWithin(PATIENCE);
            assertThat(cancelled).containsExactly("/jobs/a1");
            assertThat(end).succeedsWithin(PATIENCE);
        } finally {
            answer.countDown();
            flink.stop(0);
            threads.shutdownNow();
        }
    }

    /** By TERM: who starts tests in the background lets them ignore INT, as Ctrl-C is meant for others. */
    @Test
    void aRunThatIsToldToStopEndsWell() throws Exception {
        Path output = directory.resolve("output");
        Process run = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Told.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            await().atMost(PATIENCE)
                    .until(() -> Files.readString(output).contains("Ctrl-C stops everything") || !run.isAlive());

            // Twice, as people do who see nothing happen at once.
            for (int times = 0; times < 2; times++) {
                new ProcessBuilder("kill", "-TERM", Long.toString(run.pid()))
                        .start()
                        .waitFor();
            }

            assertThat(run.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(Files.readString(output))
                    .containsOnlyOnce("Stopping ...")
                    .endsWith("Stopped. The next `make run` goes on from here." + System.lineSeparator());
            assertThat(run.exitValue()).isEqualTo(0);
        } finally {
            run.destroyForcibly();
        }
    }

    /** A run in a process of its own, which signals reach. */
    static final class Told {
        private Told() {}

        public static void main(String[] directory) throws IOException, InterruptedException {
            PipelineRun run = elsewhere(Path.of(directory[0]), "flink:1", Map.of(), true, null, System.out);
            run.endAtSignals();
            run.run();
        }
    }

    /** All servers are names, and there is nothing to submit. */
    private PipelineRun withoutJobs(boolean simulator, @Nullable String story) {
        return elsewhere("flink:1", Map.of(), simulator, story);
    }

    private PipelineRun elsewhere(String flink, Map<String, String> jobs, boolean simulator, @Nullable String story) {
        return elsewhere(directory, flink, jobs, simulator, story, new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    private static PipelineRun elsewhere(
            Path directory,
            String flink,
            Map<String, String> jobs,
            boolean simulator,
            @Nullable String story,
            PrintStream out) {
        LocalServers servers =
                LocalServers.in(directory).freePorts().shortLived().build();
        for (Server server : Server.values()) {
            servers.useElsewhere(server, server == Server.FLINK ? flink : server.word() + ":1");
        }
        return new PipelineRun(
                servers,
                new PipelineRun.Parts(
                        directory.resolve("none.jar"),
                        jobs,
                        System.getProperty("java.class.path"),
                        StandInMain.class.getName()),
                new PipelineRun.Plan(null, 5, "2d", 700, simulator, story, 0, 2, false),
                out);
    }

    private void awaitSaid(String text, CompletableFuture<Void> end) {
        await().atMost(PATIENCE)
                .until(() -> said.toString(StandardCharsets.UTF_8).contains(text) || end.isDone());
        if (end.isDone()) {
            end.join();
        }
    }

    private Path stored() throws IOException {
        return Files.writeString(
                Files.createDirectories(directory.resolve("run")).resolve("stored"), "");
    }

    private void run(Path configuration, int dashboardPort) throws IOException, InterruptedException {
        LocalServers servers = LocalServers.in(directory).freePorts().build();
        new PipelineRun(
                        servers,
                        new PipelineRun.Parts(
                                directory.resolve("none.jar"),
                                Map.of(),
                                System.getProperty("java.class.path"),
                                StandInMain.class.getName()),
                        new PipelineRun.Plan(configuration, 5, "2d", 700, true, null, dashboardPort, 2, true),
                        new PrintStream(said, true, StandardCharsets.UTF_8))
                .run();
    }
}
