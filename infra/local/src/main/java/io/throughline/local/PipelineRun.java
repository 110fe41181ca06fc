package io.throughline.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sun.misc.Signal;

/**
 * The whole pipeline on this machine: servers, topics and templates, both jobs, simulated touchpoints, the dashboard.
 * Watches over all of it until it is stopped or a part fails.
 *
 * <p>Run again in the same directory it goes on where it was: servers keep their data, and each job starts from its
 * newest checkpoint.
 */
final class PipelineRun {
    private static final Duration TIME_TO_RUN = Duration.ofMinutes(5);
    private static final Duration TIME_TO_SAY_SOMETHING = Duration.ofMinutes(3);
    private static final Duration TIME_TO_PROVISION = Duration.ofMinutes(5);
    private static final Duration TIME_TO_HEAR_A_SIGNAL = Duration.ofSeconds(3);

    /** In which a server that has stopped answering has ended. */
    private static final Duration TIME_TO_END = Duration.ofSeconds(5);

    private static final int LINES_SHOWN = 25;
    /** What this starts besides servers. */
    private static final List<String> PROGRAMS = List.of("validate", "provision", "simulator", "dashboard");
    /** Touchpoints per second up to which checkpoints cost little. */
    private static final double MODERATE_RATE = 100;

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    /**
     * What to run.
     *
     * @param configuration YAML that the jobs get, with the servers' addresses filled in; null: defaults
     * @param rate simulated touchpoints per second
     * @param history how much past is simulated first, in the simulator's words; only into servers without data
     * @param historyLimit about how many touchpoints that past may have
     * @param simulator false: touchpoints come from elsewhere
     * @param story played so that it ends now, among the simulated touchpoints: a name or a folder; null: none
     * @param dashboardPort 0 takes a free one
     * @param fresh whether everything earlier runs have stored is deleted first
     */
    record Plan(
            @Nullable Path configuration,
            double rate,
            String history,
            int historyLimit,
            boolean simulator,
            @Nullable String story,
            int dashboardPort,
            int parallelism,
            boolean fresh) {}

    /**
     * What the build has made.
     *
     * @param jobs names of the jobs in the order they are started, with the main class of each
     * @param commandLine class path of the command line
     */
    record Parts(Path jobJar, Map<String, String> jobs, String commandLine, String mainClass) {

        static Parts of(Checkout checkout) throws IOException {
            Map<String, String> jobs = new LinkedHashMap<>();
            jobs.put("experience", "io.throughline.pipeline.ExperienceJob");
            jobs.put("index", "io.throughline.pipeline.index.IndexJob");
            Path ofCommandLine = checkout.root().resolve("jobs/cli/target");
            Path ofJobs = checkout.root().resolve("jobs/pipeline/target");
            return new Parts(
                    only(ofJobs, "throughline-pipeline-*-job.jar"),
                    jobs,
                    only(ofCommandLine, "throughline-cli-*.jar")
                            + File.pathSeparator
                            + Files.readString(only(ofCommandLine, "run.classpath"))
                                    .strip(),
                    "io.throughline.cli.Throughline");
        }

        private static Path only(Path target, String pattern) throws IOException {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            if (Files.isDirectory(target)) {
                try (Stream<Path> files = Files.list(target)) {
                    Optional<Path> found = files.filter(file -> matcher.matches(file.getFileName()))
                            .min(Comparator.naturalOrder());
                    if (found.isPresent()) {
                        return found.get();
                    }
                }
            }
            throw new LocalServerException(
                    "Not built yet: no " + pattern + " in " + target + ". Run `./throughline --build-only`.");
        }
    }

    private final LocalServers servers;
    private final Parts parts;
    private final Plan plan;
    private final PrintStream out;
    private final Path directory;
    private final List<ServerProcess> programs = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> jobIds = Collections.synchronizedMap(new LinkedHashMap<>());
    private @Nullable RunLock lock;
    /** Held by whoever stops, from beginning to end. */
    private final Object stops = new Object();

    /** Held while a job is submitted that is not in {@link #jobIds} yet. */
    private final Object submitting = new Object();

    private volatile boolean started;
    private volatile boolean ran;
    private volatile boolean stopping;

    PipelineRun(LocalServers servers, Parts parts, Plan plan, PrintStream out) {
        this.servers = servers;
        this.parts = parts;
        this.plan = plan;
        this.out = out;
        this.directory = servers.directory().resolve("run");
    }

    /**
     * Returns only when it was told to stop.
     *
     * @throws LocalServerException when the pipeline runs in this directory already; or naming the part that failed, with
     *     the end of its log; everything is stopped then
     * @throws InvalidConfigurationException before anything is started
     */
    void run() throws IOException, InterruptedException {
        lock = RunLock.take(servers.directory());
        Thread atExit = new Thread(this::stop, "stop-pipeline");
        servers.leaveExitToCaller();
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            long begin = System.nanoTime();
            // Of a run that was killed a moment ago and are still on their way out.
            PROGRAMS.forEach(program -> new ServerProcess(servers.directory(), program).stop());
            requireValidConfiguration();
            requireDashboardPort();
            started = true;
            if (plan.fresh()) {
                servers.stopAll();
                servers.wipe();
            }
            boolean goesOn = Files.exists(directory.resolve("jobs.properties"));
            timed("servers", () -> {
                servers.start(EnumSet.allOf(Server.class));
                return "Kafka " + servers.bootstrapServers() + ", registry " + servers.registryUrl()
                        + ", Elasticsearch " + servers.elasticsearchUrl() + ", Flink " + servers.flinkRestUrl();
            });
            Path configuration = writeConfiguration();
            timed("topics, schemas, templates", () -> provision(configuration));
            for (Map.Entry<String, String> job : parts.jobs().entrySet()) {
                timed(job.getKey() + " job", () -> startJob(job.getKey(), job.getValue(), configuration));
            }
            if (plan.simulator()) {
                timed("simulator", () -> startSimulator(goesOn));
            }
            String dashboard = timed("dashboard", () -> startDashboard(configuration));
            out.printf(
                    Locale.ROOT,
                    "%nRunning after %.0f s. Dashboard: %s   Flink: %s   Logs: %s%n"
                            + "Commands reach it with --config, for example ./throughline accounting --config %s%n"
                            + "Ctrl-C stops everything; data is kept for the next run.%n",
                    (System.nanoTime() - begin) / 1e9,
                    dashboard,
                    servers.flinkRestUrl(),
                    servers.directory(),
                    configuration);
            servers.metricsAddresses()
                    .forEach((process, at) ->
                            out.println("Metrics of " + process + " for Prometheus: " + at + "/metrics"));
            if (goesOn && plan.simulator() && plan.story() != null) {
                out.println(
                        "There are earlier records: what of the story lies further back than ingest.lateness_horizon"
                                + " (7 days unless configured) is late. ARGS=--fresh, from nothing, plays the whole of it.");
            }
            ran = true;
            watch();
        } catch (LocalServerException e) {
            // Told to stop while it was starting: what failed for that reason is no news.
            if (!isToldToStop()) {
                throw e;
            }
        } finally {
            stop();
            unlessExiting(atExit);
        }
    }

    /** By the pipeline's own rules, on the file as it was given: the one the jobs get is made from it. */
    private void requireValidConfiguration() {
        Path given = plan.configuration();
        if (given == null) {
            return;
        }
        ServerProcess validate = launch(
                "validate",
                128,
                List.of("validate", "--config", given.toAbsolutePath().toString()));
        int code = validate.exitCode(TIME_TO_SAY_SOMETHING);
        programs.remove(validate);
        if (code == 2) {
            throw new InvalidConfigurationException(String.join("\n", validate.tail(Integer.MAX_VALUE)));
        }
        if (code != 0) {
            throw failed("validate", "ended with exit code " + code, validate);
        }
        validate.tail(Integer.MAX_VALUE).forEach(out::println);
    }

    private void requireDashboardPort() {
        if (plan.dashboardPort() != 0 && Ports.isBusy(plan.dashboardPort())) {
            throw new LocalServerException("Port " + plan.dashboardPort()
                    + " for the dashboard is taken by another program; choose another with"
                    + " ARGS=\"--dashboard-port <port>\" or THROUGHLINE_DASHBOARD_PORT=<port> (0 takes a free one)");
        }
    }

    private String provision(Path configuration) {
        ServerProcess provision = launch("provision", 384, List.of("provision", "--config", configuration.toString()));
        ProcessHandle running = provision.live().orElse(null);
        int code = provision.exitCode(TIME_TO_PROVISION);
        programs.remove(provision);
        if (code != 0) {
            throw failed("provision", "ended with exit code " + code, provision);
        }
        return running == null ? "" : provision.tail(1).stream().findFirst().orElse("");
    }

    private String startJob(String job, String mainClass, Path configuration) throws IOException {
        FlinkRest flink = servers.flink();
        Properties known = knownJobs();
        String before = known.getProperty(job);
        if (before != null && isAlive(flink, before)) {
            jobIds.put(job, before);
            return "already running as " + before;
        }
        Optional<String> checkpoint = before == null ? Optional.empty() : newestCheckpoint(before);
        String id;
        synchronized (submitting) {
            if (stopping) {
                throw new LocalServerException("Stopped before the " + job + " job was submitted");
            }
            try {
                id = flink.submit(
                        parts.jobJar(),
                        mainClass,
                        List.of("--config", configuration.toString()),
                        null,
                        checkpoint.orElse(null));
            } catch (LocalServerException e) {
                throw checkpoint.isEmpty() ? e : startAfresh(job, e);
            }
            jobIds.put(job, id);
        }
        try {
            flink.awaitRunning(id, TIME_TO_RUN);
        } catch (LocalServerException e) {
            throw checkpoint.isEmpty() ? e : startAfresh(job, e);
        }
        // Only now: the checkpoint of a job that never ran must stay the one to go on from.
        known.setProperty(job, id);
        replace(directory.resolve("jobs.properties"), fresh -> {
            try (var file = Files.newBufferedWriter(fresh)) {
                known.store(file, null);
            }
        });
        return id + checkpoint.map(path -> " from its checkpoint").orElse("");
    }

    private static LocalServerException startAfresh(String job, LocalServerException cause) {
        return new LocalServerException(
                cause.getMessage() + "\nThe " + job + " job could not go on from its checkpoint of an earlier run;"
                        + " `make run ARGS=--fresh` starts from nothing.",
                cause);
    }

    private static boolean isAlive(FlinkRest flink, String jobId) {
        return flink.jobs().stream().anyMatch(job -> job.id().equals(jobId) && !job.isEnded());
    }

    private Properties knownJobs() throws IOException {
        Properties known = new Properties();
        Path file = directory.resolve("jobs.properties");
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                known.load(reader);
            }
        }
        return known;
    }

    /** Flink writes a checkpoint's metadata last: a directory without it is not complete. */
    private Optional<String> newestCheckpoint(String jobId) throws IOException {
        Path ofJob = servers.directory().resolve("flink").resolve("checkpoints").resolve(jobId);
        if (!Files.isDirectory(ofJob)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(ofJob)) {
            return files.filter(path -> path.getFileName().toString().startsWith("chk-"))
                    .filter(path -> Files.exists(path.resolve("_metadata")))
                    .max(Comparator.comparingLong(PipelineRun::number))
                    .map(path -> path.toUri().toString());
        }
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private String startSimulator(boolean goesOn) {
        List<String> arguments = new ArrayList<>(List.of(
                "simulate",
                "--live",
                "--rate",
                Double.toString(plan.rate()),
                "--kafka",
                servers.bootstrapServers(),
                "--registry",
                servers.registryUrl()));
        if (goesOn) {
            // Other people than before: the same ones would do things twice. And no second past.
            arguments.addAll(List.of("--seed", Long.toString(Instant.now().getEpochSecond()), "--history", "1m"));
        } else {
            arguments.addAll(
                    List.of("--history", plan.history(), "--history-limit", Integer.toString(plan.historyLimit())));
        }
        if (plan.story() != null) {
            arguments.addAll(List.of("--story", plan.story()));
        }
        // At a high rate there are many people, each in the midst of something.
        ServerProcess simulator = launch("simulator", plan.rate() <= MODERATE_RATE ? 384 : 768, arguments);
        // What it cannot do it says under the same name.
        String said = awaitLine(simulator, line -> line.startsWith("simulate:") && line.contains(" records"));
        return said.replaceFirst("^simulate: *", "");
    }

    private String startDashboard(Path configuration) {
        ServerProcess dashboard = launch(
                "dashboard",
                384,
                List.of(
                        "dashboard",
                        "--config",
                        configuration.toString(),
                        "--port",
                        Integer.toString(plan.dashboardPort())));
        // The address is all of it that concerns people here; who reads what is said above.
        return awaitLine(dashboard, line -> line.startsWith("Dashboard:"))
                .replaceFirst("^Dashboard: *", "")
                .replaceFirst(" .*", "");
    }

    private ServerProcess launch(String name, int heapMib, List<String> arguments) {
        if (stopping) {
            throw new LocalServerException("Stopped before " + name + " was started");
        }
        ServerProcess program = new ServerProcess(servers.directory(), name);
        try {
            program.start(
                    new JavaCommand(
                            name,
                            List.of("-Xmx" + heapMib + "m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
                            parts.commandLine(),
                            parts.mainClass(),
                            arguments),
                    LifelineJar.in(servers.directory()),
                    Map.of());
        } catch (IOException e) {
            throw new LocalServerException(name + " could not be started: " + e.getMessage(), e);
        }
        programs.add(program);
        return program;
    }

    private static String awaitLine(ServerProcess program, Predicate<String> wanted) {
        long end = System.nanoTime() + TIME_TO_SAY_SOMETHING.toNanos();
        while (System.nanoTime() < end) {
            Optional<String> line = program.tail(200).stream().filter(wanted).findFirst();
            if (line.isPresent()) {
                return line.get();
            }
            if (program.live().isEmpty()) {
                throw failed(program.name(), "could not start", program);
            }
            pause(200);
        }
        throw failed(program.name(), "said nothing for " + TIME_TO_SAY_SOMETHING.toSeconds() + " s", program);
    }

    /** Returns when told to stop; says when a job fails over and comes back. */
    private void watch() {
        Map<String, String> states = new LinkedHashMap<>();
        while (!stopping) {
            requireProcesses();
            try {
                jobIds.forEach((job, id) -> report(job, id, states));
            } catch (LocalServerException e) {
                // A server on its way out stops answering first: which one ended, and how, says more than that.
                long end = System.nanoTime() + TIME_TO_END.toNanos();
                while (System.nanoTime() < end && !stopping) {
                    requireProcesses();
                    pause(200);
                }
                throw e;
            }
            pause(2000);
        }
    }

    private void requireProcesses() {
        for (ServerProcess program : List.copyOf(programs)) {
            if (program.live().isEmpty() && !isToldToStop()) {
                throw lost(program, program.howItEnded());
            }
        }
        for (LocalServers.Status status : servers.status()) {
            if (status.pid().isEmpty() && !isToldToStop()) {
                throw lost(
                        new ServerProcess(servers.directory(), status.process()), servers.howItEnded(status.process()));
            }
        }
    }

    /** Whether a signal is why something has ended: one to the whole group may end a part before this program hears of it. */
    private boolean isToldToStop() {
        long end = System.nanoTime() + TIME_TO_HEAR_A_SIGNAL.toNanos();
        while (!stopping && System.nanoTime() < end) {
            pause(50);
        }
        return stopping;
    }

    private LocalServerException lost(ServerProcess process, Optional<String> how) {
        // Said at once: its log follows when the rest has been stopped, which takes a while.
        String ended = process.name() + " has ended"
                + how.map(words -> " (" + words + ")").orElse("");
        out.println("\n" + ended + ", so all that this run has started is stopped.");
        // Once more below its log, which may fill the screen with what is of no use.
        return new LocalServerException(failed(process.name(), "ended", process).getMessage() + "\n\n" + ended
                + ". The lines above are the end of its log. `make run` goes on from here.");
    }

    private void report(String job, String id, Map<String, String> states) {
        if (stopping) {
            return;
        }
        String state = servers.flink().state(id);
        String before = states.put(job, state);
        if (state.equals(before) || (before == null && state.equals("RUNNING"))) {
            return;
        }
        String why = state.equals("RUNNING")
                ? ""
                : servers.flink()
                        .failure(id)
                        .flatMap(text -> text.lines().findFirst())
                        .map(text -> ": " + text)
                        .orElse("");
        out.println(job + " job is " + state + why);
        if (new FlinkRest.Job(id, job, state).isEnded()) {
            throw new LocalServerException("The " + job + " job is " + state + ": "
                    + servers.flink().failure(id).orElse("no reason is known; see `make logs ARGS=jobmanager`"));
        }
    }

    /**
     * Programs first, then jobs, then the servers this run has started. May be called twice, also by two threads: each returns
     * when all is stopped, since the program ends when one of them, told to by a signal, returns.
     */
    void stop() {
        synchronized (stops) {
            if (!stopping) {
                stopAll();
            }
        }
    }

    /**
     * From now on Ctrl-C, {@code kill} and the closing of the terminal stop what this run has started and end this program with
     * exit code 0: it was to run until then.
     */
    void endAtSignals() {
        for (String name : List.of("INT", "TERM", "HUP")) {
            try {
                Signal.handle(new Signal(name), signal -> endBySignal());
            } catch (IllegalArgumentException e) {
                // No such signal here, or the Java machine keeps it to itself: then the shutdown hook stops.
            }
        }
    }

    private void endBySignal() {
        synchronized (stops) {
            if (stopping) {
                // Whoever stops it already ends the program too, and may have a failure to tell of.
                return;
            }
            stopAll();
        }
        System.exit(0);
    }

    private void stopAll() {
        try {
            stopPrograms();
        } finally {
            try {
                cancelJobs();
            } finally {
                closeServers();
            }
        }
    }

    private void stopPrograms() {
        synchronized (programs) {
            stopping = true;
            if (started) {
                out.println("\nStopping ...");
            }
            for (int i = programs.size() - 1; i >= 0; i--) {
                stop(programs.get(i));
            }
            programs.clear();
        }
    }

    private void stop(ServerProcess program) {
        try {
            program.stop();
        } catch (RuntimeException e) {
            // The others have to be stopped all the same; this one ends with this program.
            out.println(program.name() + " could not be stopped in order: " + e.getMessage());
        }
    }

    private void closeServers() {
        try {
            servers.close();
            if (started) {
                out.println(ran ? "Stopped. The next `make run` goes on from here." : "Stopped.");
            }
        } finally {
            // Last: until then nobody else may start anything here.
            if (lock != null) {
                lock.close();
            }
        }
    }

    private void cancelJobs() {
        List<String> ids = submitted();
        if (ids.isEmpty()) {
            return;
        }
        try {
            FlinkRest flink = servers.flink();
            ids.stream().filter(id -> isAlive(flink, id)).forEach(id -> {
                flink.cancel(id);
                flink.awaitEnd(id, Duration.ofSeconds(20));
            });
        } catch (LocalServerException e) {
            // A cluster of this run may be what failed, or was told to end at the same time. Its jobs end with it and
            // go on from their checkpoints as after a cancellation.
            if (!servers.isHeld(Server.FLINK)) {
                out.println("Jobs may still run in Flink at " + servers.flinkRestUrl()
                        + ", as they could not be cancelled: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            }
        }
    }

    private List<String> submitted() {
        if (servers.isHeld(Server.FLINK)) {
            // What is being submitted ends with the cluster.
            return List.copyOf(jobIds.values());
        }
        // A cluster that goes on would keep a job nobody knows, and the next run submit a second.
        synchronized (submitting) {
            return List.copyOf(jobIds.values());
        }
    }

    private Path writeConfiguration() throws IOException {
        Files.createDirectories(directory);
        ObjectNode root = YAML.createObjectNode();
        if (plan.configuration() != null) {
            JsonNode given = YAML.readTree(Files.readString(plan.configuration()));
            if (given instanceof ObjectNode mapping) {
                root = mapping;
            } else if (!given.isMissingNode() && !given.isNull()) {
                throw new LocalServerException(plan.configuration() + " is not a YAML mapping");
            }
        }
        ObjectNode kafka = section(root, "kafka");
        kafka.put("bootstrap_servers", servers.bootstrapServers());
        kafka.put("registry_url", servers.registryUrl());
        section(root, "elasticsearch").putArray("urls").add(servers.elasticsearchUrl());
        section(root, "dashboard").put("flink_url", servers.flinkRestUrl());
        ObjectNode job = section(root, "job");
        putUnlessGiven(job, "parallelism", plan.parallelism());
        if (!job.has("state_backend")) {
            job.put("state_backend", stateBackend(directory));
        }
        // Documents become visible with a checkpoint, and people watch this one; but each writes down all that the job
        // remembers, which at a high rate is much.
        if (!job.has("checkpoint_interval")) {
            job.put("checkpoint_interval", plan.rate() <= MODERATE_RATE ? "3s" : "10s");
        }
        Path file = directory.resolve("throughline.yaml");
        ObjectNode whole = root;
        replace(file, fresh -> YAML.writeValue(fresh.toFile(), whole));
        return file;
    }

    /** All of it at once: the next run goes by what is in it, whenever this one is killed. */
    private static void replace(Path file, Writing writing) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        writing.to(fresh);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @FunctionalInterface
    private interface Writing {
        void to(Path file) throws IOException;
    }

    /**
     * Where state is kept when the configuration does not say: in RocksDB, as what happens in days does not fit on the heap;
     * in a run that goes on, where it was kept before, since no backend reads another's checkpoints.
     *
     * @param directory of the run, whose configuration is still the one of the run before
     */
    static String stateBackend(Path directory) throws IOException {
        Path before = directory.resolve("throughline.yaml");
        if (!Files.exists(directory.resolve("jobs.properties")) || !Files.exists(before)) {
            return "rocksdb";
        }
        try {
            // Jobs that were not told kept it on the heap.
            return YAML.readTree(Files.readString(before))
                    .path("job")
                    .path("state_backend")
                    .asText("hashmap");
        } catch (JsonProcessingException e) {
            throw new LocalServerException(
                    before + ", the configuration of the run before, is no YAML, so that it is not known where that run"
                            + " kept its state. Mend it, or start from nothing with `make run ARGS=--fresh`.",
                    e);
        }
    }

    private static ObjectNode section(ObjectNode root, String name) {
        return root.get(name) instanceof ObjectNode present ? present : root.putObject(name);
    }

    private static void putUnlessGiven(ObjectNode section, String key, int value) {
        if (!section.has(key)) {
            section.put(key, value);
        }
    }

    private String timed(String what, Callable<String> step) throws IOException {
        out.printf(Locale.ROOT, "%-28s", what);
        out.flush();
        long begin = System.nanoTime();
        try {
            String outcome = step.call();
            out.printf(Locale.ROOT, "%6.1f s  %s%n", (System.nanoTime() - begin) / 1e9, outcome);
            return outcome;
        } catch (IOException | RuntimeException e) {
            out.println(stopping ? "stopped" : "failed");
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static LocalServerException failed(String name, String what, ServerProcess process) {
        return new LocalServerException(name + " " + what + ". " + process.endOfLog(LINES_SHOWN));
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LocalServerException("Interrupted", e);
        }
    }

    private static void unlessExiting(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hook is at work or has done it already.
        }
    }
}
