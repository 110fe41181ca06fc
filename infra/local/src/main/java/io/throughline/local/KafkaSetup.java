package io.throughline.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One Kafka process that is broker and controller (KRaft), with one listener on 127.0.0.1. */
final class KafkaSetup implements ServerSetup {
    private static final List<String> OPTIONS = List.of(
            "-Xms128m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true");
    /** Any value will do; a fixed one lets data of an earlier run be opened again. */
    private static final String CLUSTER_ID = "dGhyb3VnaGxpbmUtbG9jYQ";

    private final Path directory;
    private final String classPath;
    private final Path logging;
    private final int port;

    KafkaSetup(Path directory, String classPath, Path logging, int port) {
        this.directory = directory;
        this.classPath = classPath;
        this.logging = logging;
        this.port = port;
    }

    @Override
    public List<JavaCommand> prepare() throws IOException {
        Files.createDirectories(directory);
        Path data = directory.resolve("data");
        Path properties = directory.resolve("server.properties");
        Files.write(properties, properties(data, Ports.free(1).get(0)));
        if (!Files.exists(data.resolve("meta.properties"))) {
            format(properties);
        }
        return List.of(new JavaCommand("kafka", options(), classPath, "kafka.Kafka", List.of(properties.toString())));
    }

    private List<String> options() {
        return Stream.concat(OPTIONS.stream(), Stream.of("-Dlog4j2.configurationFile=" + logging))
                .toList();
    }

    private List<String> properties(Path data, int controllerPort) {
        return List.of(
                "process.roles=broker,controller",
                "node.id=1",
                "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
                "controller.listener.names=CONTROLLER",
                "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name=PLAINTEXT",
                "log.dirs=" + data,
                // A mistyped topic fails instead of coming into being with the wrong settings.
                "auto.create.topics.enable=false",
                "num.partitions=2",
                "offsets.topic.num.partitions=4",
                "offsets.topic.replication.factor=1",
                "transaction.state.log.num.partitions=4",
                "transaction.state.log.replication.factor=1",
                "transaction.state.log.min.isr=1",
                "share.coordinator.state.topic.num.partitions=1",
                "share.coordinator.state.topic.replication.factor=1",
                "share.coordinator.state.topic.min.isr=1",
                "group.initial.rebalance.delay.ms=0",
                "num.network.threads=2",
                "num.io.threads=4",
                "log.cleaner.dedupe.buffer.size=16777216",
                "log.index.size.max.bytes=2097152",
                "");
    }

    private void format(Path properties) throws IOException {
        Path log = directory.resolve("format.log");
        JavaCommand format = new JavaCommand(
                "kafka-format",
                Stream.concat(options().stream(), Stream.of("-XX:TieredStopAtLevel=1"))
                        .toList(),
                classPath,
                "kafka.tools.StorageTool",
                List.of("format", "-t", CLUSTER_ID, "-c", properties.toString()));
        Process process = new ProcessBuilder(format.line("-Dthroughline.process=format", directory))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("Formatting Kafka's storage took more than 60 s; see " + log);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while formatting Kafka's storage", e);
        }
        if (process.exitValue() != 0) {
            throw new IOException("Kafka's storage could not be formatted: "
                    + Files.readString(log).strip());
        }
    }

    /** A metadata request, version 1: answered with a broker only once the broker serves clients. */
    @Override
    public boolean answers() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
            socket.setSoTimeout(2000);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(2 + 2 + 4 + 2 + 4);
            out.writeShort(3);
            out.writeShort(1);
            out.writeInt(7);
            out.writeShort(-1);
            out.writeInt(0);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            int length = in.readInt();
            int correlation = in.readInt();
            int brokers = in.readInt();
            return length > 8 && correlation == 7 && brokers == 1;
        } catch (IOException e) {
            return false;
        }
    }
}
