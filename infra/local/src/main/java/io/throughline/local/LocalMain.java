package io.throughline.local;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code up}, {@code down}, {@code status}, {@code logs} and {@code run}: the servers of this machine, and the pipeline on them. */
@Command(
        name = "local",
        description = "Kafka, Schema Registry, Elasticsearch and Flink on this machine, without Docker.",
        mixinStandardHelpOptions = true,
        subcommands = {
            LocalMain.Up.class,
            LocalMain.Down.class,
            LocalMain.ShowStatus.class,
            LocalMain.Logs.class,
            LocalMain.Run.class
        })
public final class LocalMain {
    private LocalMain() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new LocalMain()).setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof LocalServerException) {
                command.getErr().println(failure.getMessage());
            } else {
                failure.printStackTrace(command.getErr());
            }
            return failure instanceof InvalidConfigurationException
                    ? CommandLine.ExitCode.USAGE
                    : CommandLine.ExitCode.SOFTWARE;
        });
    }

    /** Options every command has. */
    static final class Place {
        @Option(
                names = "--directory",
                paramLabel = "DIR",
                description = "Data, logs and process files (default: .throughline in the checkout).",
                defaultValue = "${env:THROUGHLINE_DIRECTORY:-}")
        String directory = "";

        LocalServers.Builder builder() {
            return LocalServers.in(path());
        }

        LocalServers servers() {
            return builder().build();
        }

        Path path() {
            return directory.isBlank() ? Checkout.find().defaultDirectory() : Path.of(directory);
        }
    }

    /** Where servers listen, and how many workers Flink has. */
    static final class Listening {
        @Option(
                names = "--kafka-port",
                paramLabel = "PORT",
                defaultValue = "${env:THROUGHLINE_KAFKA_PORT:-19092}",
                description = "Default ${DEFAULT-VALUE}; 0 takes a free one.")
        int kafka;

        @Option(
                names = "--registry-port",
                paramLabel = "PORT",
                defaultValue = "${env:THROUGHLINE_REGISTRY_PORT:-18081}",
                description = "Default ${DEFAULT-VALUE}; 0 takes a free one.")
        int registry;

        @Option(
                names = "--elasticsearch-port",
                paramLabel = "PORT",
                defaultValue = "${env:THROUGHLINE_ELASTICSEARCH_PORT:-19200}",
                description = "Default ${DEFAULT-VALUE}; 0 takes a free one.")
        int elasticsearch;

        @Option(
                names = "--flink-port",
                paramLabel = "PORT",
                defaultValue = "${env:THROUGHLINE_FLINK_PORT:-18085}",
                description = "Default ${DEFAULT-VALUE}; 0 takes a free one.")
        int flink;

        @Option(
                names = "--task-managers",
                paramLabel = "N",
                defaultValue = "${env:THROUGHLINE_TASK_MANAGERS:-1}",
                description = "Flink worker processes of 4 slots each (default ${DEFAULT-VALUE}).")
        int taskManagers;

        @Option(
                names = "--prometheus-port",
                paramLabel = "PORT",
                description = {
                    "Let Prometheus read what Flink measures: of the JobManager at this port, of TaskManagers at those",
                    "after it, on every address of this machine; 0 takes free ones. Off without it."
                })
        @Nullable
        Integer prometheus;

        LocalServers.Builder applyTo(LocalServers.Builder builder) {
            return builder.port(Server.KAFKA, kafka)
                    .port(Server.REGISTRY, registry)
                    .port(Server.ELASTICSEARCH, elasticsearch)
                    .port(Server.FLINK, flink)
                    .prometheus(prometheus)
                    .flink(FlinkSize.standard().withTaskManagers(taskManagers));
        }
    }

    /** Makes an unknown word a mistake in usage. */
    static final class ServerWord implements CommandLine.ITypeConverter<Server> {
        @Override
        public Server convert(String word) {
            try {
                return Server.named(word);
            } catch (LocalServerException e) {
                throw new CommandLine.TypeConversionException(e.getMessage());
            }
        }
    }

    @Command(
            name = "up",
            mixinStandardHelpOptions = true,
            description = "Start the servers that do not run yet and wait until they do their work.")
    static final class Up implements Callable<Integer> {
        @Mixin
        Place place = new Place();

        @Mixin
        Listening listening = new Listening();

        @Option(
                names = "--only",
                split = ",",
                paramLabel = "SERVER",
                converter = ServerWord.class,
                description = "Only these: kafka, registry, elasticsearch, flink.")
        @Nullable
        List<Server> only;

        @Option(names = "--foreground", description = "Stay, and stop the servers again on Ctrl-C or when this ends.")
        boolean foreground;

        @Override
        public Integer call() throws InterruptedException {
            try (LocalServers servers = listening
                    .applyTo(place.builder())
                    .progress(System.out::println)
                    .build()) {
                servers.start(only == null ? EnumSet.allOf(Server.class) : only);
                servers.metricsAddresses()
                        .forEach((process, at) ->
                                System.out.println("Metrics of " + process + " for Prometheus at " + at + "/metrics"));
                if (foreground) {
                    System.out.println("Running until Ctrl-C.");
                    new CountDownLatch(1).await();
                }
                servers.release();
            }
            System.out.println("Data and logs are in " + place.path() + "; `make down` stops the servers.");
            return 0;
        }
    }

    @Command(
            name = "down",
            mixinStandardHelpOptions = true,
            description = "Stop the servers; what they have stored stays, unless told otherwise.")
    static final class Down implements Callable<Integer> {
        @Mixin
        Place place = new Place();

        @Option(names = "--wipe", description = "Also delete everything they have stored, logs included.")
        boolean wipe;

        @Override
        public Integer call() throws IOException {
            try (RunLock nobodyRuns = RunLock.take(place.path());
                    LocalServers servers =
                            place.builder().progress(System.out::println).build()) {
                if (servers.stopAll().isEmpty()) {
                    System.out.println("Nothing is running in " + place.path());
                }
                if (wipe) {
                    servers.wipe();
                    System.out.println("Deleted what the servers stored in " + place.path());
                }
            }
            return 0;
        }
    }

    @Command(
            name = "run",
            mixinStandardHelpOptions = true,
            description = "Run the whole pipeline: servers, topics, both jobs, simulated touchpoints, the dashboard.")
    static final class Run implements Callable<Integer> {
        /** As the simulator takes it. */
        private static final Pattern SPAN = Pattern.compile("\\d{1,9}[smhd]");

        @Mixin
        Place place = new Place();

        @Mixin
        Listening listening = new Listening();

        @Option(
                names = "--config",
                paramLabel = "FILE",
                description = "The pipeline's configuration; addresses of the servers are filled in.")
        @Nullable
        Path configuration;

        @Option(
                names = "--rate",
                defaultValue = "20",
                paramLabel = "N",
                description = "Simulated touchpoints per second (default ${DEFAULT-VALUE}).")
        double rate;

        @Option(
                names = "--history",
                defaultValue = "6h",
                paramLabel = "SPAN",
                description = {
                    "How much past to simulate first (default ${DEFAULT-VALUE}). Metrics have a history of it, and the",
                    "longer it is the later the index comes to what is so now."
                })
        String history = "6h";

        @Option(
                names = "--history-limit",
                defaultValue = "10000",
                paramLabel = "N",
                description = {
                    "About how many touchpoints that past may have (default ${DEFAULT-VALUE}). Until they have been",
                    "read the dashboard's live panels stay empty."
                })
        int historyLimit;

        @Option(names = "--no-simulator", description = "Wait for touchpoints from elsewhere.")
        boolean withoutSimulator;

        @Option(
                names = "--story",
                paramLabel = "NAME",
                description = {
                    "Also play a story, so that it ends now: a name, a folder, or ? to list them. In servers with data",
                    "what lies further back than the lateness horizon is late; --fresh plays the whole of it."
                })
        @Nullable
        String story;

        @Option(
                names = "--dashboard-port",
                paramLabel = "PORT",
                defaultValue = "${env:THROUGHLINE_DASHBOARD_PORT:-18080}",
                description = "Default ${DEFAULT-VALUE}; 0 takes a free one.")
        int dashboardPort;

        @Option(
                names = "--parallelism",
                defaultValue = "2",
                paramLabel = "N",
                description = "Of each job; both need slots (default ${DEFAULT-VALUE}).")
        int parallelism;

        @Option(names = "--fresh", description = "First delete everything earlier runs have stored.")
        boolean fresh;

        @Spec
        @SuppressWarnings("NullAway.Init")
        private CommandSpec spec;

        /** What the simulator and the jobs would refuse only when everything has been started. */
        private void requireUsable() {
            require(parallelism >= 1, "--parallelism: at least 1 is needed, was " + parallelism);
            if (withoutSimulator) {
                return;
            }
            require(
                    rate > 0 && Double.isFinite(rate),
                    "--rate: more than 0 touchpoints a second are needed, and not endlessly many, was " + rate);
            require(
                    SPAN.matcher(history).matches(),
                    "--history: a span such as 90m, 6h or 2d is needed, was " + history);
            require(historyLimit >= 0, "--history-limit: must not be negative, was " + historyLimit);
        }

        private void require(boolean holds, String otherwise) {
            if (!holds) {
                throw new CommandLine.ParameterException(spec.commandLine(), otherwise);
            }
        }

        @Override
        public Integer call() throws IOException, InterruptedException {
            requireUsable();
            LocalServers servers = listening.applyTo(place.builder()).build();
            if (story != null) {
                Stories stories = new Stories(servers.checkout());
                if (story.equals("?")) {
                    stories.list().forEach(System.out::println);
                    return 0;
                }
                System.out.println("What to expect is in " + stories.description(story));
            }
            PipelineRun run = new PipelineRun(
                    servers,
                    PipelineRun.Parts.of(servers.checkout()),
                    new PipelineRun.Plan(
                            configuration,
                            rate,
                            history,
                            historyLimit,
                            !withoutSimulator,
                            story,
                            dashboardPort,
                            parallelism,
                            fresh),
                    System.out);
            run.endAtSignals();
            run.run();
            return 0;
        }
    }

    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Show which servers run, where, and how much memory they take. Exit code 1 unless all answer.")
    static final class ShowStatus implements Callable<Integer> {
        @Mixin
        Place place = new Place();

        @Override
        public Integer call() {
            try (LocalServers servers = place.servers()) {
                List<LocalServers.Status> all = servers.status();
                System.out.printf(
                        "%-15s %-8s %8s %8s %8s  %s%n", "PROCESS", "STATE", "PID", "MEMORY", "SINCE", "ADDRESS");
                all.forEach(one -> System.out.printf(
                        "%-15s %-8s %8s %8s %8s  %s%n",
                        one.process(),
                        state(one),
                        one.pid().map(String::valueOf).orElse("-"),
                        one.residentKib().map(kib -> kib / 1024 + " MiB").orElse("-"),
                        one.since().map(ShowStatus::age).orElse("-"),
                        one.address().orElse("-")));
                long total = all.stream()
                        .flatMap(one -> one.residentKib().stream())
                        .mapToLong(kib -> kib / 1024)
                        .sum();
                System.out.printf("%d MiB of memory in use. Logs: %s%n", total, servers.directory());
                return Arrays.stream(Server.values()).allMatch(server -> all.stream()
                                .anyMatch(one -> one.server() == server && one.answers()))
                        ? 0
                        : 1;
            }
        }

        private static String state(LocalServers.Status status) {
            if (status.pid().isEmpty()) {
                return "stopped";
            }
            return status.answers() ? "up" : "sick";
        }

        private static String age(Instant since) {
            Duration age = Duration.between(since, Instant.now());
            return age.toHours() > 0
                    ? age.toHours() + "h" + age.toMinutesPart() + "m"
                    : age.toMinutes() + "m" + age.toSecondsPart() + "s";
        }
    }

    @Command(name = "logs", mixinStandardHelpOptions = true, description = "Show the end of a server's log, or of all.")
    static final class Logs implements Callable<Integer> {
        @Mixin
        Place place = new Place();

        @Parameters(
                arity = "0..1",
                paramLabel = "NAME",
                description =
                        "A process such as kafka, registry, elasticsearch, jobmanager, taskmanager-1; all if left out.")
        @Nullable
        String name;

        @Option(
                names = {"-n", "--lines"},
                defaultValue = "40",
                description = "How many lines of each (default ${DEFAULT-VALUE}).")
        int lines;

        @Option(
                names = {"-f", "--follow"},
                description = "Go on with new lines until Ctrl-C; needs a NAME.")
        boolean follow;

        @Override
        public Integer call() throws IOException, InterruptedException {
            if (follow && name == null) {
                System.err.println("--follow needs a NAME");
                return CommandLine.ExitCode.USAGE;
            }
            try (LocalServers servers = place.servers()) {
                List<String> known = servers.processNames();
                if (name != null && !known.contains(name)) {
                    throw new LocalServerException(
                            "No process named '" + name + "' has been started in " + servers.directory() + "; known: "
                                    + (known.isEmpty() ? "none" : String.join(", ", known)));
                }
                for (String one : name == null ? known : List.of(name)) {
                    if (name == null) {
                        System.out.println("==> " + one + " <==");
                    }
                    new ServerProcess(servers.directory(), one).tail(lines).forEach(System.out::println);
                }
                if (follow && name != null) {
                    follow(servers.log(name));
                }
                return 0;
            }
        }

        private static void follow(Path log) throws IOException, InterruptedException {
            long at = Files.exists(log) ? Files.size(log) : 0;
            while (true) {
                long size = Files.exists(log) ? Files.size(log) : 0;
                if (size < at) {
                    // The server was started again: a new log.
                    at = 0;
                }
                if (size > at) {
                    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
                        byte[] fresh = new byte[(int) Math.min(size - at, 1 << 20)];
                        file.seek(at);
                        file.readFully(fresh);
                        at += fresh.length;
                        System.out.print(new String(fresh, StandardCharsets.UTF_8));
                        System.out.flush();
                    }
                }
                Thread.sleep(200);
            }
        }
    }
}
