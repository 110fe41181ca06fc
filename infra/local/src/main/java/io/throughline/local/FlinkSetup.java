package io.throughline.local;

import static io.throughline.local.FlinkSize.FRAMEWORK_HEAP;
import static io.throughline.local.FlinkSize.FRAMEWORK_OFF_HEAP;
import static io.throughline.local.FlinkSize.JOB_MANAGER_HEAP;
import static io.throughline.local.FlinkSize.JOB_MANAGER_OFF_HEAP;
import static io.throughline.local.FlinkSize.METASPACE;
import static io.throughline.local.FlinkSize.NETWORK;
import static io.throughline.local.FlinkSize.OVERHEAD;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A Flink session cluster: a JobManager and TaskManagers, each a process, with web UI. */
final class FlinkSetup implements ServerSetup {
    static final String JOB_MANAGER = "jobmanager";
    static final String TASK_MANAGER = "taskmanager-";

    private static final String RESOURCE_ID = "taskmanager.resource-id=";
    private static final String METRICS_PORT = "metrics.reporter.prometheus.port=";

    /** What Flink's own default configuration opens on Java 17. */
    private static final List<String> MODULES = Stream.concat(
                    Stream.of(
                                    "java.base/sun.net.util",
                                    "java.rmi/sun.rmi.registry",
                                    "java.security.jgss/sun.security.krb5")
                            .map(name -> "--add-exports=" + name + "=ALL-UNNAMED"),
                    Stream.of(
                                    "java.lang",
                                    "java.net",
                                    "java.io",
                                    "java.nio",
                                    "sun.nio.ch",
                                    "java.lang.reflect",
                                    "java.text",
                                    "java.time",
                                    "java.util",
                                    "java.util.concurrent",
                                    "java.util.concurrent.atomic",
                                    "java.util.concurrent.locks")
                            .map(name -> "--add-opens=java.base/" + name + "=ALL-UNNAMED"))
            .toList();

    /** As infra/observability/flink.yaml has it for other clusters, which a test holds against this. */
    static final List<String> REPORTER = List.of(
            "metrics.reporter.prometheus.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory",
            "metrics.reporter.prometheus.filter.excludes: \"*.KafkaProducer*;*.KafkaSourceReader*\"",
            "metrics.reporter.prometheus.scope.variables.excludes:"
                    + " \"tm_id;task_id;task_attempt_id;task_attempt_num;operator_id\"");

    private final Path directory;
    private final String classPath;
    private final Path logging;
    private final int port;
    private final FlinkSize size;
    private final boolean shortLived;
    private final @Nullable Integer prometheusPort;

    /** Where processes are scraped, by name; empty unless asked for. */
    private final Map<String, Integer> scraped = new TreeMap<>();

    /**
     * @param directory of the cluster; its processes have directories of their own beside it
     * @param prometheusPort where Prometheus finds the JobManager's metrics, those of TaskManagers at the ports after it; 0: at
     *     free ones; null: nowhere
     */
    FlinkSetup(
            Path directory,
            String classPath,
            Path logging,
            int port,
            FlinkSize size,
            boolean shortLived,
            @Nullable Integer prometheusPort) {
        this.directory = directory;
        this.classPath = classPath;
        this.logging = logging;
        this.port = port;
        this.size = size;
        this.shortLived = shortLived;
        this.prometheusPort = prometheusPort;
    }

    Path configurationDirectory() {
        return directory.resolve("conf");
    }

    @Override
    public List<JavaCommand> prepare() throws IOException {
        chooseScrapedPorts();
        for (String name : List.of("conf", "checkpoints", "savepoints", "upload", "tmp")) {
            Files.createDirectories(directory.resolve(name));
        }
        Files.write(
                configurationDirectory().resolve("config.yaml"),
                configuration(Ports.free(1).get(0)));
        List<JavaCommand> commands = new ArrayList<>();
        commands.add(jobManager());
        IntStream.rangeClosed(1, size.taskManagers())
                .mapToObj(this::taskManager)
                .forEach(commands::add);
        return commands;
    }

    private void chooseScrapedPorts() {
        if (prometheusPort == null) {
            return;
        }
        List<Integer> ports = prometheusPort == 0
                ? Ports.free(1 + size.taskManagers())
                : IntStream.rangeClosed(prometheusPort, prometheusPort + size.taskManagers())
                        .boxed()
                        .toList();
        for (int i = 0; i < ports.size(); i++) {
            String process = i == 0 ? JOB_MANAGER : TASK_MANAGER + i;
            // Flink itself would only log it and go on unwatched.
            if (Ports.isBusy(ports.get(i))) {
                throw new LocalServerException(
                        "Port " + ports.get(i) + " for the metrics of " + process
                                + " is taken by another program; choose another with --prometheus-port <port> (0 takes free ones)");
            }
            scraped.put(process, ports.get(i));
        }
    }

    private List<String> scrapedAt(String process) {
        Integer at = scraped.get(process);
        return at == null ? List.of() : List.of("-D", METRICS_PORT + at);
    }

    private List<String> configuration(int rpcPort) {
        List<String> configuration = new ArrayList<>(configurationOfServers(rpcPort));
        if (!scraped.isEmpty()) {
            configuration.addAll(REPORTER);
        }
        configuration.add("");
        return configuration;
    }

    private List<String> configurationOfServers(int rpcPort) {
        return List.of(
                "jobmanager.rpc.address: 127.0.0.1",
                "jobmanager.rpc.port: " + rpcPort,
                "jobmanager.bind-host: 127.0.0.1",
                "taskmanager.host: 127.0.0.1",
                "taskmanager.bind-host: 127.0.0.1",
                "rest.address: 127.0.0.1",
                "rest.bind-address: 127.0.0.1",
                "rest.port: " + port,
                "rest.bind-port: " + port,
                "web.upload.dir: " + directory.resolve("upload"),
                "io.tmp.dirs: " + directory.resolve("tmp"),
                "taskmanager.numberOfTaskSlots: " + size.slots(),
                "taskmanager.cpu.cores: " + size.slots(),
                "taskmanager.memory.framework.heap.size: " + FRAMEWORK_HEAP + "m",
                "taskmanager.memory.framework.off-heap.size: " + FRAMEWORK_OFF_HEAP + "m",
                "taskmanager.memory.task.heap.size: " + size.taskHeap() + "m",
                "taskmanager.memory.task.off-heap.size: 0m",
                "taskmanager.memory.network.min: " + NETWORK + "m",
                "taskmanager.memory.network.max: " + NETWORK + "m",
                "taskmanager.memory.managed.size: " + size.managed() + "m",
                "taskmanager.memory.jvm-metaspace.size: " + METASPACE + "m",
                "taskmanager.memory.jvm-overhead.min: " + OVERHEAD + "m",
                "taskmanager.memory.jvm-overhead.max: " + OVERHEAD + "m",
                "jobmanager.memory.heap.size: " + JOB_MANAGER_HEAP + "m",
                "jobmanager.memory.off-heap.size: " + JOB_MANAGER_OFF_HEAP + "m",
                "jobmanager.memory.jvm-metaspace.size: " + METASPACE + "m",
                "jobmanager.memory.jvm-overhead.min: " + OVERHEAD + "m",
                "jobmanager.memory.jvm-overhead.max: " + OVERHEAD + "m",
                "state.backend.type: hashmap",
                "execution.checkpointing.incremental: true",
                "execution.checkpointing.dir: "
                        + directory.resolve("checkpoints").toUri(),
                "execution.checkpointing.savepoint-dir: "
                        + directory.resolve("savepoints").toUri(),
                // There is no high availability here: a job taken up again after `down` starts from a kept checkpoint.
                "execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION",
                // A killed TaskManager is noticed after two heartbeats, because it refuses connections; one that is
                // slow on a busy machine is not taken for dead.
                "heartbeat.interval: 2000",
                "heartbeat.timeout: 30000",
                // Loading its own classes takes a process more than the default 10 s when every processor is busy.
                "pekko.startup-timeout: 120 s",
                "pekko.ask.timeout: 30 s",
                // Both start at the same time: the TaskManager asks again soon, not after 10 s.
                "cluster.registration.error-delay: 500",
                "cluster.evenly-spread-out-slots: true",
                // Collecting every metric for whoever looks at a job cost a tenth of a busy TaskManager's time; a test
                // that asks whether a job was restarted waits for just this.
                "metrics.fetcher.update-interval: " + (shortLived ? 1000 : 30000));
    }

    private JavaCommand jobManager() {
        List<String> options = options(
                "-Xms" + JOB_MANAGER_HEAP / 2 + "m",
                "-Xmx" + JOB_MANAGER_HEAP + "m",
                "-XX:MaxMetaspaceSize=" + METASPACE + "m",
                "-XX:+UseSerialGC",
                // It steers; the work is elsewhere.
                "-XX:TieredStopAtLevel=1");
        return new JavaCommand(
                JOB_MANAGER,
                options,
                classPath,
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                Stream.concat(
                                Stream.of(
                                        "--configDir",
                                        configurationDirectory().toString(),
                                        "--executionMode",
                                        "cluster"),
                                scrapedAt(JOB_MANAGER).stream())
                        .toList());
    }

    JavaCommand taskManager(int number) {
        List<String> options = options(
                "-Xms" + size.taskManagerHeap() / 2 + "m",
                "-Xmx" + size.taskManagerHeap() + "m",
                "-XX:MaxDirectMemorySize=" + size.taskManagerDirect() + "m",
                "-XX:MaxMetaspaceSize=" + METASPACE + "m",
                "-XX:+UseParallelGC");
        // A fresh id: until a killed TaskManager's heartbeat is missed, its successor must not be taken for it.
        String id = TASK_MANAGER + number + "-" + UUID.randomUUID().toString().substring(0, 8);
        return new JavaCommand(
                TASK_MANAGER + number,
                options,
                classPath,
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                Stream.of(
                                List.of("--configDir", configurationDirectory().toString()),
                                scrapedAt(TASK_MANAGER + number),
                                // Last, where resourceId looks for it.
                                List.of("-D", RESOURCE_ID + id))
                        .flatMap(List::stream)
                        .toList());
    }

    /** What the cluster calls the TaskManager that this command starts. */
    static String resourceId(JavaCommand taskManager) {
        String last = taskManager.arguments().get(taskManager.arguments().size() - 1);
        return last.substring(RESOURCE_ID.length());
    }

    /** Where Prometheus finds what the process that this command starts measures. */
    static Optional<String> metricsPort(JavaCommand command) {
        return command.arguments().stream()
                .filter(argument -> argument.startsWith(METRICS_PORT))
                .map(argument -> argument.substring(METRICS_PORT.length()))
                .findFirst();
    }

    private List<String> options(String... memory) {
        return Stream.of(
                        Stream.of(memory),
                        Stream.of("-XX:+ExitOnOutOfMemoryError", "-Dlog4j2.configurationFile=" + logging),
                        MODULES.stream())
                .flatMap(part -> part)
                .toList();
    }

    @Override
    public boolean answers() {
        return registered().size() >= size.taskManagers();
    }

    /** Ids of the TaskManagers the JobManager knows; empty too while it does not answer. */
    Set<String> registered() {
        return LocalHttp.probe(url(port) + "/taskmanagers")
                .map(answer -> StreamSupport.stream(answer.path("taskmanagers").spliterator(), false)
                        .map(one -> one.path("id").asText())
                        .collect(Collectors.toSet()))
                .orElse(Set.of());
    }

    static String url(int port) {
        return "http://127.0.0.1:" + port;
    }
}
