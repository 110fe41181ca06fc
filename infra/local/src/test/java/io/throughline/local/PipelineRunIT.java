package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * One story in two runs. Flink is real; the pipeline's own programs are stand-ins that break on demand, and the other
 * servers, which only they would talk to, are names.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipelineRunIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path directory;

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    @Test
    void aPartThatBreaksIsNamedAndEverythingStopsAndTheNextRunGoesOnFromTheCheckpoint() throws IOException {
        PipelineRun broken = run();
        CompletableFuture<Void> first = inBackground(broken);
        awaitSaid("Ctrl-C stops everything", first);
        assertThat(said())
                .contains("11 topics are as declared")
                .contains("--history 2d --history-limit 700")
                .contains("Dashboard: http://127.0.0.1:4711/ ");
        FlinkRest flink = new FlinkRest("http://127.0.0.1:" + note("jobmanager"));
        await().atMost(PATIENCE)
                .until(() -> flink.jobs().stream().allMatch(job -> flink.completedCheckpoints(job.id()) > 0));
        Files.createFile(directory.resolve("simulator").resolve("break"));
        await().atMost(PATIENCE).until(() -> said().contains("Stopping ..."));
        // As a signal would, when it already stops for another reason.
        broken.stop();
        assertThat(RealServersIT.alive(directory)).isEmpty();
        assertThat(said()).endsWith("Stopped. The next `make run` goes on from here." + System.lineSeparator());

        assertThatThrownBy(first::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(LocalServerException.class)
                .hasMessageStartingWith("simulator ended.")
                .hasMessageContaining("something broke")
                .hasMessageEndingWith("simulator has ended (exit code 1). The lines above are the end of its log."
                        + " `make run` goes on from here.");
        assertThat(said())
                .contains("./throughline accounting --config "
                        + directory.resolve("run").resolve("throughline.yaml"))
                .contains("simulator has ended (exit code 1), so all that this run has started is stopped.")
                .endsWith("Stopped. The next `make run` goes on from here." + System.lineSeparator());
        assertThat(RealServersIT.alive(directory)).isEmpty();

        said.reset();
        PipelineRun second = run();
        CompletableFuture<Void> secondEnd = inBackground(second);
        awaitSaid("Ctrl-C stops everything", secondEnd);
        assertThat(said())
                .containsPattern("experience job .* from its checkpoint")
                .contains("--history 1m");

        second.stop();

        assertThat(secondEnd).succeedsWithin(PATIENCE);
        assertThat(RealServersIT.alive(directory)).isEmpty();
    }

    @Test
    void aServerThatIsKilledIsNamedWithHow() throws IOException {
        CompletableFuture<Void> end = inBackground(run());
        awaitSaid("Ctrl-C stops everything", end);

        new ServerProcess(directory, "jobmanager").live().orElseThrow().destroyForcibly();

        assertThat(end).failsWithin(PATIENCE);
        assertThat(said())
                .contains("jobmanager has ended (killed by signal 9: ")
                // Its jobs ended with it, and the next run goes on from their checkpoints as after any other end.
                .doesNotContain("Jobs ");
        assertThatThrownBy(end::join)
                .cause()
                .isInstanceOf(LocalServerException.class)
                .hasMessageStartingWith("jobmanager ended.");
        assertThat(RealServersIT.alive(directory)).isEmpty();
    }

    /** It looks every two seconds whether all parts are there. */
    @Test
    void aPartThatEndedOfTheSignalThatStopsTheRunIsNoNews() throws IOException {
        PipelineRun run = run();
        CompletableFuture<Void> end = inBackground(run);
        awaitSaid("Ctrl-C stops everything", end);

        new ServerProcess(directory, "simulator").live().orElseThrow().destroyForcibly();
        await().pollDelay(Duration.ofMillis(2_200)).until(() -> true);
        run.stop();

        assertThat(end).succeedsWithin(PATIENCE);
        assertThat(said()).doesNotContain("has ended");
    }

    @Test
    void aSimulatorThatCannotStartEndsTheStart() throws IOException {
        PipelineRun run = run("unreachable");

        assertThatThrownBy(run::run)
                .isInstanceOf(LocalServerException.class)
                .hasMessageStartingWith("simulator could not start.")
                .hasMessageEndingWith("Kafka is not reachable");
        assertThat(said()).doesNotContain("Running after").endsWith("Stopped." + System.lineSeparator());
        assertThat(RealServersIT.alive(directory)).isEmpty();
    }

    private PipelineRun run() throws IOException {
        return run(null);
    }

    private PipelineRun run(@Nullable String story) throws IOException {
        Path jar = RealServersIT.jobJar(directory);
        String job = EndlessJob.class.getName();
        LocalServers servers =
                LocalServers.in(directory).freePorts().shortLived().build();
        for (Server server : EnumSet.complementOf(EnumSet.of(Server.FLINK))) {
            servers.useElsewhere(server, server.word() + ":1");
        }
        return new PipelineRun(
                servers,
                new PipelineRun.Parts(
                        jar,
                        Map.of("experience", job),
                        System.getProperty("java.class.path"),
                        StandInMain.class.getName()),
                new PipelineRun.Plan(null, 5, "2d", 700, true, story, 0, 2, false),
                new PrintStream(said, true, StandardCharsets.UTF_8));
    }

    static CompletableFuture<Void> inBackground(PipelineRun run) {
        return CompletableFuture.runAsync(() -> {
            try {
                run.run();
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
    }

    private String note(String process) {
        return new ServerProcess(directory, process).note("port").orElseThrow();
    }

    private void awaitSaid(String text, CompletableFuture<Void> end) {
        await().atMost(PATIENCE).until(() -> said().contains(text) || end.isDone());
        if (end.isDone()) {
            end.join();
        }
    }

    private String said() {
        return said.toString(StandardCharsets.UTF_8);
    }
}
