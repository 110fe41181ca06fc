package io.throughline.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kafka, Schema Registry, Elasticsearch and a Flink cluster on 127.0.0.1, each in processes of its own.
 *
 * <p>All that belongs to one set of servers lives in one directory: data, logs, configuration, and which process is
 * which. Several programs may work on the same directory one after the other: servers left running by one are found by
 * the next. Whatever this object started ends when this program ends, in whatever way, unless {@link #release()}d.
 *
 * <p>Calls that start or stop servers exclude each other. Addresses can be asked for once a server runs.
 */
public final class LocalServers implements AutoCloseable {
    /** Generous, because a server that fails ends, which is noticed at once; and machines are busy at times. */
    private static final Duration TIME_TO_START = Duration.ofMinutes(5);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int LINES_SHOWN = 25;
    /** Under which the file of a process of Flink notes where it is scraped. */
    private static final String METRICS = "metrics";

    private final Checkout checkout;
    private final Path directory;
    private final Map<Server, Integer> wantedPorts;
    private final Map<Server, Integer> takenPorts = new EnumMap<>(Server.class);
    private final Map<Server, String> elsewhere = new ConcurrentHashMap<>();
    private final FlinkSize flinkSize;
    private final boolean shortLived;
    private final @Nullable Integer prometheusPort;
    private final Consumer<String> progress;
    private final List<ServerProcess> held = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final Thread closeAtExit = new Thread(this::stopHeld, "stop-local-servers");
    private @Nullable FlinkRest flink;

    private LocalServers(Builder builder) {
        checkout = builder.checkout;
        directory = builder.directory.toAbsolutePath().normalize();
        wantedPorts = new EnumMap<>(builder.ports);
        flinkSize = builder.flinkSize;
        shortLived = builder.shortLived;
        prometheusPort = builder.prometheusPort;
        progress = builder.progress;
        Runtime.getRuntime().addShutdownHook(closeAtExit);
    }

    /** Servers of this checkout under {@code directory}, which is made when needed. */
    public static Builder in(Path directory) {
        return new Builder(Checkout.find(), directory);
    }

    /** Settings of a set of servers. */
    public static final class Builder {
        private final Checkout checkout;
        private final Path directory;
        private final Map<Server, Integer> ports = new EnumMap<>(Server.class);
        private FlinkSize flinkSize = FlinkSize.standard();
        private boolean shortLived;
        private @Nullable Integer prometheusPort;
        private Consumer<String> progress = line -> {};

        private Builder(Checkout checkout, Path directory) {
            this.checkout = checkout;
            this.directory = directory;
        }

        /** Instead of {@link Server#defaultPort()}; 0 takes a free one. */
        public Builder port(Server server, int port) {
            ports.put(server, port);
            return this;
        }

        /** Free ports for all. */
        public Builder freePorts() {
            Arrays.stream(Server.values()).forEach(server -> port(server, 0));
            return this;
        }

        public Builder flink(FlinkSize size) {
            flinkSize = size;
            return this;
        }

        /**
         * Lets Prometheus read what Flink measures: of the JobManager at this port, of TaskManagers at those after it; 0 takes free
         * ones, null is none. Flink's reporter listens on every address of the machine.
         */
        public Builder prometheus(@Nullable Integer port) {
            prometheusPort = port;
            return this;
        }

        /** For servers of tests: they start with half the work and never reach full speed. */
        public Builder shortLived() {
            shortLived = true;
            return this;
        }

        /** Gets one line for people per server that has started or stopped; may be called by several threads. */
        public Builder progress(Consumer<String> lines) {
            progress = lines;
            return this;
        }

        public LocalServers build() {
            return new LocalServers(this);
        }
    }

    // ------------------------------------------------------------------------------------------------ addresses

    /** For {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return address(Server.KAFKA);
    }

    /** Of the Confluent-compatible API. */
    public String registryUrl() {
        return address(Server.REGISTRY);
    }

    public String elasticsearchUrl() {
        return address(Server.ELASTICSEARCH);
    }

    /** Of Flink's REST interface, which is also its web page. */
    public String flinkRestUrl() {
        return address(Server.FLINK);
    }

    /** Where Prometheus finds what Flink measures: HOST:PORT by process; empty unless that was asked for when Flink was started. */
    public Map<String, String> metricsAddresses() {
        Map<String, String> addresses = new TreeMap<>();
        for (ServerProcess process : processes(Server.FLINK)) {
            process.live()
                    .flatMap(live -> process.note(METRICS))
                    .ifPresent(at -> addresses.put(process.name(), "127.0.0.1:" + at));
        }
        return addresses;
    }

    /** Submits and watches jobs. */
    public synchronized FlinkRest flink() {
        FlinkRest known = flink;
        if (known == null) {
            known = new FlinkRest(flinkRestUrl());
            flink = known;
        }
        return known;
    }

    /** From now on this server is one that runs already, not under our hand; it is neither started nor stopped here. */
    public void useElsewhere(Server server, String address) {
        elsewhere.put(server, address);
    }

    /** How to reach a server that runs. */
    public String address(Server server) {
        String outside = elsewhere.get(server);
        if (outside != null) {
            return outside;
        }
        int port = runningPort(server)
                .orElseThrow(() -> new LocalServerException(
                        server.title() + " is not running in " + directory + "; start it first (`make up`)"));
        return address(server, port);
    }

    private static String address(Server server, int port) {
        return switch (server) {
            case KAFKA -> "127.0.0.1:" + port;
            case REGISTRY -> RegistrySetup.url(port);
            case ELASTICSEARCH, FLINK -> "http://127.0.0.1:" + port;
        };
    }

    public Path directory() {
        return directory;
    }

    public Checkout checkout() {
        return checkout;
    }

    // ------------------------------------------------------------------------------------------------ start

    public void start(Server... servers) {
        start(Arrays.asList(servers));
    }

    /**
     * Starts those that do not run yet, at the same time, and returns when all do their work. When one cannot, all that
     * this call has started are stopped again.
     *
     * @throws LocalServerException naming the server, with the end of its log
     */
    public synchronized void start(Collection<Server> servers) {
        try (Hold hold = hold()) {
            Set<Server> missing = EnumSet.noneOf(Server.class);
            for (Server server : servers) {
                if (!elsewhere.containsKey(server) && !alreadyRuns(server)) {
                    missing.add(server);
                }
            }
            if (missing.isEmpty()) {
                return;
            }
            Map<Server, Checkout.ServerJars> jars = new EnumMap<>(Server.class);
            missing.forEach(server -> jars.put(server, checkout.jars(server)));
            choosePorts(missing);
            startTogether(missing, jars);
        }
    }

    private boolean alreadyRuns(Server server) {
        Optional<Integer> port = runningPort(server);
        if (port.isEmpty()) {
            // A Flink cluster without its JobManager is of no use to anyone.
            processes(server).forEach(ServerProcess::stop);
            return false;
        }
        if (!answersSoon(server, setup(server, port.get(), null))) {
            if (runningPort(server).isEmpty()) {
                // Its starter was killed a moment ago, and it was on its way out.
                processes(server).forEach(ServerProcess::stop);
                return false;
            }
            throw new LocalServerException(server.title() + " runs in " + directory
                    + " but does not answer at " + address(server, port.get())
                    + "; stop it first (`make down`) or see its log: `make logs ARGS="
                    + mainProcess(server) + "`");
        }
        if (server == Server.FLINK
                && prometheusPort != null
                && metricsAddresses().isEmpty()) {
            throw new LocalServerException(
                    "Flink runs in " + directory + " without metrics for Prometheus; stop it first"
                            + " (`make down`) and start it with --prometheus-port");
        }
        progress.accept(server.title() + " already running at " + address(server, port.get()));
        return true;
    }

    /** False as soon as it has ended, which on a busy machine takes a Kafka many seconds. */
    private boolean answersSoon(Server server, ServerSetup setup) {
        for (int i = 0; i < 150 && runningPort(server).isPresent(); i++) {
            if (setup.answers()) {
                return true;
            }
            pause();
        }
        return false;
    }

    private void choosePorts(Set<Server> servers) {
        List<Integer> free = new ArrayList<>(Ports.free(servers.size()));
        for (Server server : servers) {
            // A server that is started again keeps the port its clients know.
            int wanted = takenPorts.containsKey(server)
                    ? takenPorts.get(server)
                    : wantedPorts.getOrDefault(server, server.defaultPort());
            if (wanted == 0) {
                takenPorts.put(server, free.remove(0));
            } else if (Ports.isBusy(wanted)) {
                throw new LocalServerException("Port " + wanted + " for " + server.title()
                        + " is taken by another program; choose another with " + server.portVariable()
                        + "=<port> (0 takes a free one)");
            } else {
                takenPorts.put(server, wanted);
            }
        }
    }

    private void startTogether(Set<Server> servers, Map<Server, Checkout.ServerJars> jars) {
        List<ServerProcess> started = new CopyOnWriteArrayList<>();
        AtomicReference<@Nullable LocalServerException> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (Server server : servers) {
            ServerSetup setup = setup(
                    server, Objects.requireNonNull(takenPorts.get(server)), Objects.requireNonNull(jars.get(server)));
            Thread thread = new Thread(
                    () -> {
                        try {
                            startOne(server, setup, started, () -> closing.get() || failure.get() != null);
                        } catch (LocalServerException e) {
                            failure.compareAndSet(null, e);
                        } catch (IOException | RuntimeException e) {
                            failure.compareAndSet(
                                    null, new LocalServerException(server.title() + " could not be started: " + e, e));
                        }
                    },
                    "start-" + server.word());
            threads.add(thread);
            thread.start();
        }
        threads.forEach(LocalServers::join);
        LocalServerException first = failure.get();
        if (first != null) {
            started.forEach(ServerProcess::stop);
            held.removeAll(started);
            throw first;
        }
    }

    /** @param givenUp whether waiting has become pointless */
    private void startOne(Server server, ServerSetup setup, List<ServerProcess> started, BooleanSupplier givenUp)
            throws IOException {
        long begin = System.nanoTime();
        Path lifeline = lifelineJar();
        List<ServerProcess> own = new ArrayList<>();
        for (JavaCommand command : setup.prepare()) {
            if (givenUp.getAsBoolean()) {
                return;
            }
            ServerProcess process = new ServerProcess(directory, command.name());
            launch(process, command, lifeline, started, server);
            own.add(process);
        }
        if (awaitAnswer(server.title(), own, setup::answers, givenUp)) {
            setup.configure();
            progress.accept("%s started at %s in %.1f s"
                    .formatted(
                            server.title(),
                            address(server, Objects.requireNonNull(takenPorts.get(server))),
                            (System.nanoTime() - begin) / 1e9));
        }
    }

    private void launch(
            ServerProcess process, JavaCommand command, Path lifeline, List<ServerProcess> started, Server server) {
        Map<String, String> notes = new HashMap<>();
        notes.put("port", String.valueOf(takenPorts.get(server)));
        FlinkSetup.metricsPort(command).ifPresent(at -> notes.put(METRICS, at));
        process.start(shortLived ? command.shortLived() : command, lifeline, notes);
        started.add(process);
        held.add(process);
    }

    /** False when {@code givenUp} came first. */
    private boolean awaitAnswer(
            String title, List<ServerProcess> processes, BooleanSupplier answers, BooleanSupplier givenUp) {
        long end = System.nanoTime() + TIME_TO_START.toNanos();
        while (!givenUp.getAsBoolean()) {
            if (answers.getAsBoolean()) {
                return true;
            }
            for (ServerProcess process : processes) {
                if (process.live().isEmpty() && !closing.get()) {
                    throw notStarted(title, "ended at once", process);
                }
            }
            if (System.nanoTime() > end) {
                throw notStarted(title, "did not answer within " + TIME_TO_START.toSeconds() + " s", processes.get(0));
            }
            pause();
        }
        return false;
    }

    private static LocalServerException notStarted(String title, String what, ServerProcess process) {
        return new LocalServerException(
                title + " " + what + " (" + process.name() + "). " + process.endOfLog(LINES_SHOWN));
    }

    // ------------------------------------------------------------------------------------------------ stop

    /** Stops these, each in order; those that do not run are passed over. Data stays. */
    public synchronized void stop(Server... servers) {
        try (Hold hold = hold()) {
            end(Arrays.asList(servers), ServerProcess::stop);
        }
    }

    /** Ends these at once, as a crash would. Data stays. */
    public synchronized void kill(Server... servers) {
        try (Hold hold = hold()) {
            end(Arrays.asList(servers), ServerProcess::kill);
        }
    }

    /** Stops every server of the directory, whoever started it; says which were running. */
    public synchronized List<Server> stopAll() {
        try (Hold hold = hold()) {
            List<Server> running = Arrays.stream(Server.values())
                    .filter(server -> processes(server).stream()
                            .anyMatch(process -> process.live().isPresent()))
                    .toList();
            end(running, ServerProcess::stop);
            return running;
        }
    }

    private void end(Collection<Server> servers, Consumer<ServerProcess> how) {
        for (Server server : servers) {
            if (elsewhere.containsKey(server)) {
                throw new LocalServerException(server.title() + " at " + elsewhere.get(server)
                        + " was not started here and cannot be stopped from here");
            }
        }
        List<ServerProcess> processes =
                servers.stream().flatMap(server -> processes(server).stream()).toList();
        endTogether(processes, how);
        servers.forEach(server -> progress.accept(server.title() + " stopped"));
    }

    /** Flink first, so that its jobs do not spend their last seconds on complaints about a broker that is gone. */
    private void endTogether(List<ServerProcess> processes, Consumer<ServerProcess> how) {
        Predicate<ServerProcess> ofFlink = process ->
                process.name().equals(FlinkSetup.JOB_MANAGER) || process.name().startsWith(FlinkSetup.TASK_MANAGER);
        for (Predicate<ServerProcess> turn : List.of(ofFlink, ofFlink.negate())) {
            List<Thread> threads = processes.stream()
                    .filter(turn)
                    .map(process -> new Thread(() -> how.accept(process), "end-" + process.name()))
                    .toList();
            threads.forEach(Thread::start);
            threads.forEach(LocalServers::join);
        }
        Set<String> names = processes.stream().map(ServerProcess::name).collect(Collectors.toSet());
        held.removeIf(process -> names.contains(process.name()));
    }

    /** Deletes what stopped servers and runs have made and nothing else: other things may live in that directory too. */
    void wipe() throws IOException {
        Set<Path> made = Stream.concat(processNames().stream(), Stream.of("flink", "run"))
                .map(directory::resolve)
                .filter(Files::isDirectory)
                .collect(Collectors.toSet());
        for (Path one : made) {
            try (Stream<Path> files = Files.walk(one)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** From now on the servers this object started live until somebody stops them. */
    public synchronized void release() {
        held.forEach(ServerProcess::release);
        held.clear();
    }

    /** Stops what this object started and has not released. */
    @Override
    public void close() {
        stopHeld();
        try {
            Runtime.getRuntime().removeShutdownHook(closeAtExit);
        } catch (IllegalStateException e) {
            // Already on the way out; the hook finds nothing left to do.
        }
    }

    /** The caller makes sure of {@link #close()} when the program ends, because other things have to be stopped first. */
    void leaveExitToCaller() {
        Runtime.getRuntime().removeShutdownHook(closeAtExit);
    }

    /** As {@link #close()}, without giving the servers time to put their data in order. */
    public void closeAbruptly() {
        endTogether(List.copyOf(held), ServerProcess::kill);
        close();
    }

    private void stopHeld() {
        closing.set(true);
        endTogether(List.copyOf(held), ServerProcess::stop);
    }

    /** Whether this object stops it when closed. */
    boolean isHeld(Server server) {
        return held.stream().anyMatch(process -> process.name().equals(mainProcess(server)));
    }

    /** How a process that was started here has ended by itself, for people. */
    Optional<String> howItEnded(String process) {
        return held.stream()
                .filter(one -> one.name().equals(process))
                .findFirst()
                .flatMap(ServerProcess::howItEnded);
    }

    // ------------------------------------------------------------------------------------------------ Flink's workers

    /** A TaskManager that runs. */
    public record TaskManager(String name, long pid) {}

    public List<TaskManager> taskManagers() {
        return processes(Server.FLINK).stream()
                .filter(process -> process.name().startsWith(FlinkSetup.TASK_MANAGER))
                .flatMap(
                        process -> process.live().map(handle -> new TaskManager(process.name(), handle.pid())).stream())
                .toList();
    }

    /** As {@code kill -9}: the cluster notices within seconds, when calls to it are refused. */
    public synchronized void kill(TaskManager taskManager) {
        ServerProcess process = new ServerProcess(directory, taskManager.name());
        process.kill();
        held.removeIf(other -> other.name().equals(process.name()));
    }

    /** Adds one to a running cluster and waits until the cluster knows it. */
    public synchronized TaskManager startTaskManager() {
        int port = runningPort(Server.FLINK)
                .orElseThrow(() -> new LocalServerException("Flink is not running in " + directory));
        Set<String> taken = taskManagers().stream().map(TaskManager::name).collect(Collectors.toSet());
        int number = IntStream.iterate(1, i -> i + 1)
                .filter(i -> !taken.contains(FlinkSetup.TASK_MANAGER + i))
                .findFirst()
                .orElseThrow();
        FlinkSetup setup = flinkSetup(port, checkout.jars(Server.FLINK));
        JavaCommand command = setup.taskManager(number);
        ServerProcess process = new ServerProcess(directory, command.name());
        takenPorts.put(Server.FLINK, port);
        launch(process, command, lifelineJar(), new ArrayList<>(), Server.FLINK);
        awaitAnswer(
                command.name(),
                List.of(process),
                () -> setup.registered().contains(FlinkSetup.resourceId(command)),
                closing::get);
        return new TaskManager(process.name(), process.live().orElseThrow().pid());
    }

    // ------------------------------------------------------------------------------------------------ what is there

    /**
     * One process of a server, or the server itself when it has none.
     *
     * @param pid empty when it does not run
     * @param answers whether the server as a whole does its work
     */
    public record Status(
            Server server,
            String process,
            Optional<Long> pid,
            Optional<String> address,
            boolean answers,
            Optional<Instant> since,
            Optional<Long> residentKib,
            Path log) {}

    public List<Status> status() {
        return Arrays.stream(Server.values())
                .filter(server -> !elsewhere.containsKey(server))
                .flatMap(server -> status(server).stream())
                .toList();
    }

    private List<Status> status(Server server) {
        Optional<Integer> port = runningPort(server);
        boolean answers =
                port.map(number -> setup(server, number, null).answers()).orElse(false);
        List<ServerProcess> processes = processes(server);
        if (processes.isEmpty()) {
            processes = List.of(new ServerProcess(directory, mainProcess(server)));
        }
        return processes.stream()
                .map(process -> {
                    Optional<ProcessHandle> live = process.live();
                    return new Status(
                            server,
                            process.name(),
                            live.map(ProcessHandle::pid),
                            port.map(number -> address(server, number)),
                            answers && live.isPresent(),
                            live.flatMap(handle -> handle.info().startInstant()),
                            live.flatMap(handle -> residentKib(handle.pid())),
                            process.log());
                })
                .toList();
    }

    public boolean isRunning(Server server) {
        return elsewhere.containsKey(server) || runningPort(server).isPresent();
    }

    /** The names that {@link #log} knows: every process that has ever been started in this directory. */
    public List<String> processNames() {
        return directories(name -> Files.exists(log(name)));
    }

    /** What the process of that name writes to; the file may be missing when it was never started. */
    public Path log(String process) {
        return new ServerProcess(directory, process).log();
    }

    private static Optional<Long> residentKib(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        if (!Files.isReadable(status)) {
            return Optional.empty();
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .map(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    private Optional<Integer> runningPort(Server server) {
        ServerProcess process = new ServerProcess(directory, mainProcess(server));
        return process.live().flatMap(live -> process.note("port")).map(Integer::valueOf);
    }

    private static String mainProcess(Server server) {
        return server == Server.FLINK ? FlinkSetup.JOB_MANAGER : server.word();
    }

    /** Those that have a directory here, running or not. */
    private List<ServerProcess> processes(Server server) {
        Predicate<String> own = server == Server.FLINK
                ? name -> name.equals(FlinkSetup.JOB_MANAGER) || name.startsWith(FlinkSetup.TASK_MANAGER)
                : server.word()::equals;
        return directories(own).stream()
                .map(name -> new ServerProcess(directory, name))
                .toList();
    }

    private List<String> directories(Predicate<String> wanted) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(wanted)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ------------------------------------------------------------------------------------------------ parts

    /** @param jars null when it is only to be asked whether it answers */
    private ServerSetup setup(Server server, int port, Checkout.@Nullable ServerJars jars) {
        Path own = directory.resolve(server.word());
        String classPath = jars == null ? "" : jars.classPath();
        return switch (server) {
            case KAFKA -> new KafkaSetup(own, classPath, loggingFile(), port);
            case REGISTRY -> new RegistrySetup(own, classPath, port);
            case ELASTICSEARCH -> new ElasticsearchSetup(own, classPath, loggingFile(), port);
            case FLINK -> jars == null ? asRunning(port) : flinkSetup(port, jars);
        };
    }

    private FlinkSetup flinkSetup(int port, Checkout.ServerJars jars) {
        return new FlinkSetup(
                directory.resolve("flink"),
                jars.classPath(),
                loggingFile(),
                port,
                flinkSize,
                shortLived,
                prometheusPort);
    }

    private FlinkSetup asRunning(int port) {
        int count = Math.max(1, taskManagers().size());
        return new FlinkSetup(
                directory.resolve("flink"),
                "",
                loggingFile(),
                port,
                flinkSize.withTaskManagers(count),
                shortLived,
                null);
    }

    private Path loggingFile() {
        return directory.resolve("log4j2.properties");
    }

    private Path lifelineJar() {
        try {
            return LifelineJar.in(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Keeps two programs from starting and stopping the same servers at once. */
    private Hold hold() {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new LocalServerException("Another program is starting or stopping servers in " + directory
                        + "; try again when it is done");
            }
            try (InputStream logging =
                    Objects.requireNonNull(LocalServers.class.getResourceAsStream("log4j2.properties"))) {
                Files.copy(logging, loggingFile(), StandardCopyOption.REPLACE_EXISTING);
            }
            return new Hold(channel);
        } catch (IOException e) {
            throw LocalServerException.cannotStore(e);
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private record Hold(FileChannel channel) implements AutoCloseable {
        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted during " + thread.getName(), e);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted while waiting for a server", e);
        }
    }
}
