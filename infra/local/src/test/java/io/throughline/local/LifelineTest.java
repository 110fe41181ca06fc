package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifelineTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    @AfterEach
    void endWhatIsLeft() {
        child().stop();
    }

    @Test
    void aServerEndsWithTheProgramThatStartedItEvenWhenThatIsKilled() throws Exception {
        Process parent = startParent();
        ProcessHandle child = child().live().orElseThrow();

        parent.destroyForcibly().waitFor();

        await().atMost(PATIENCE).until(() -> !child.isAlive());
        assertThat(child().tail(5)).anyMatch(line -> line.contains("process that started this server is gone"));
    }

    @Test
    void aReleasedServerOutlivesTheProgramThatStartedIt() throws Exception {
        Process parent = startParent("release");

        parent.destroyForcibly().waitFor();

        // Long enough for the other case to have ended: its death takes well under a second.
        await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> child().live()
                .isPresent());
    }

    @Test
    void interruptingTheWholeTerminalLeavesTheServerToItsStarter() throws Exception {
        ServerProcess server = child();
        server.start(IdleMain.command("idle"), LifelineJar.in(directory), Map.of());
        ProcessHandle running = server.live().orElseThrow();
        // The agent is loaded before main begins.
        await().atMost(PATIENCE).until(() -> server.tail(1).contains("idle"));

        signal("INT", running);
        signal("HUP", running);

        await().during(Duration.ofSeconds(1)).atMost(PATIENCE).until(running::isAlive);
        server.stop();
        assertThat(running.isAlive()).isFalse();
    }

    @Test
    void whoStartedAServerKnowsThatItWasKilled() throws Exception {
        ServerProcess server = child();
        server.start(IdleMain.command("idle"), LifelineJar.in(directory), Map.of());
        assertThat(server.howItEnded()).isEmpty();

        server.live().orElseThrow().destroyForcibly();

        await().atMost(PATIENCE).until(() -> server.howItEnded().isPresent());
        assertThat(server.howItEnded().orElseThrow()).startsWith("killed by signal 9");
    }

    @ParameterizedTest
    @CsvSource({
        "0, exit code 0",
        "1, exit code 1",
        "3, exit code 3: Java ran out of memory",
        "134, ended by signal 6",
        "143, ended by signal 15",
        "192, ended by signal 64",
        "193, exit code 193",
        "239, exit code 239"
    })
    void anExitCodeIsSaidForPeople(int code, String words) {
        assertThat(ServerProcess.words(code)).isEqualTo(words);
    }

    private Process startParent(String... more) throws IOException {
        String[] arguments = new String[more.length + 1];
        arguments[0] = directory.toString();
        System.arraycopy(more, 0, arguments, 1, more.length);
        Process parent = IdleMain.start("-Dthroughline.process=test/parent", arguments);
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(parent.getInputStream(), StandardCharsets.UTF_8))) {
            assertThat(said.readLine()).isEqualTo("started");
        }
        return parent;
    }

    private ServerProcess child() {
        return new ServerProcess(directory, "idle");
    }

    private static void signal(String name, ProcessHandle process) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
    }
}
