package io.throughline.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalServersTest {
    @TempDir
    Path directory;

    @Test
    void aBusyPortIsNamedWithItsServerAndTheWayOut() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                LocalServers servers = LocalServers.in(directory)
                        .freePorts()
                        .port(Server.KAFKA, taken.getLocalPort())
                        .build()) {
            assertThatThrownBy(() -> servers.start(Server.REGISTRY, Server.KAFKA))
                    .isInstanceOf(LocalServerException.class)
                    .hasMessage("Port " + taken.getLocalPort() + " for Kafka is taken by another program;"
                            + " choose another with THROUGHLINE_KAFKA_PORT=<port> (0 takes a free one)");
            assertThat(servers.processNames()).isEmpty();
        }
    }

    @Test
    void twoProgramsDoNotStartTheSameServersAtOnce() throws Exception {
        try (LocalServers servers = LocalServers.in(directory).freePorts().build();
                FileChannel other = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            other.lock();

            assertThatThrownBy(() -> servers.start(Server.KAFKA))
                    .hasMessageContaining("Another program is starting or stopping servers in " + directory);
        }
    }

    @Test
    void whatWasNotBuiltIsSaidWithWhatToDo() throws Exception {
        Path elsewhere = Files.createDirectories(directory.resolve("checkout"));

        assertThatThrownBy(() -> new Checkout(elsewhere).jars(Server.KAFKA))
                .hasMessageStartingWith("Kafka is not ready to start: ")
                .hasMessageEndingWith("is missing. Run `make build` first.");
        assertThatThrownBy(() -> new Checkout(elsewhere).jars(Server.REGISTRY)).hasMessageContaining("no runner jar");
    }

    @Test
    void anAddressOfAServerThatDoesNotRunIsRefused() {
        try (LocalServers servers = LocalServers.in(directory).build()) {
            assertThatThrownBy(servers::elasticsearchUrl)
                    .hasMessageContaining("Elasticsearch is not running in " + directory);
            assertThat(servers.isRunning(Server.ELASTICSEARCH)).isFalse();
        }
    }

    @Test
    void aServerOnItsWayOutIsWaitedForAndStartedAgain() throws Exception {
        ServerProcess dying = new ServerProcess(directory, "kafka");
        dying.start(
                IdleMain.command("kafka"),
                LifelineJar.in(directory),
                Map.of("port", String.valueOf(Ports.free(1).get(0))));
        ProcessHandle process = dying.live().orElseThrow();
        CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(process::destroyForcibly);

        // Starting it fails for want of its jars: that it is tried is what counts.
        System.setProperty("throughline.root", directory.toString());
        try (LocalServers servers = LocalServers.in(directory).build()) {
            assertThatThrownBy(() -> servers.start(Server.KAFKA))
                    .hasMessageStartingWith("Kafka is not ready to start: ");
        } finally {
            System.clearProperty("throughline.root");
        }
    }

    @Test
    void aServerElsewhereIsUsedButNotStopped() {
        try (LocalServers servers = LocalServers.in(directory).build()) {
            servers.useElsewhere(Server.KAFKA, "broker:9092");

            servers.start(Server.KAFKA);

            assertThat(servers.bootstrapServers()).isEqualTo("broker:9092");
            assertThat(servers.isRunning(Server.KAFKA)).isTrue();
            assertThatThrownBy(() -> servers.stop(Server.KAFKA)).hasMessageContaining("was not started here");
        }
    }

    @Test
    void freePortsAreDifferentAndNoneThatAClientMayBeGiven() {
        List<Integer> ports = Ports.free(20);

        assertThat(new HashSet<>(ports)).hasSize(20);
        assertThat(ports).noneMatch(Ports::isBusy).allMatch(port -> port < 32_768);
    }

    @Test
    void theCommandLineNamesWhatItDoesNotKnow() {
        StringWriter said = new StringWriter();

        int code = LocalMain.commandLine()
                .setErr(new PrintWriter(said))
                .execute("up", "--only", "kafka,mongo", "--directory", directory.toString());

        assertThat(code).isEqualTo(2);
        assertThat(said.toString()).contains("'mongo'; known: kafka, registry, elasticsearch, flink");
    }

    @Test
    void aLogNobodyWroteIsSaidToBeUnknown() {
        StringWriter said = new StringWriter();

        int code = LocalMain.commandLine()
                .setErr(new PrintWriter(said))
                .execute("logs", "kafka", "--directory", directory.toString());

        assertThat(code).isEqualTo(1);
        assertThat(said.toString()).contains("No process named 'kafka' has been started");
    }
}
