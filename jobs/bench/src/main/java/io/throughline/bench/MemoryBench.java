package io.throughline.bench;

import io.throughline.local.FlinkSize;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.JobRules;
import io.throughline.pipeline.alert.AlertTopology;
import io.throughline.pipeline.ingest.Incoming;
import io.throughline.pipeline.ingest.IngestTopology;
import io.throughline.pipeline.ingest.JsonTouchpoints;
import io.throughline.pipeline.ingest.RecordFormat;
import io.throughline.pipeline.measure.MeasureTopology;
import io.throughline.pipeline.sessionize.SessionizeTopology;
import io.throughline.pipeline.sessionize.SessionizeTopology.Sessionized;
import io.throughline.pipeline.stitch.StitchTopology.Stitched;
import io.throughline.scenarios.simulator.Emission;
import io.throughline.scenarios.simulator.Scale;
import io.throughline.scenarios.simulator.Simulation;
import io.throughline.scenarios.simulator.TouchpointJson;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the experience job remembers of what a simulated company does, and what that costs: heap per touchpoint, and CPU
 * time per touchpoint with its state on the heap and in RocksDB. Records come from memory, documents are thrown away,
 * checkpoints are written.
 */
public final class MemoryBench {
    private static final Rules RULES = Rules.DEFAULTS;
    private static final long FROM = 1_767_225_600_000L;
    private static final long SEED = 7;

    /** What RocksDB has in a slot of a local TaskManager. */
    private static final MemorySize MANAGED_PER_SLOT = MemorySize.ofMebiBytes(
            FlinkSize.standard().managed() / FlinkSize.standard().slots());

    /** With less CPU time than this in a second nothing is being done any more. */
    private static final long QUIET_NANOS = 60_000_000;

    private static volatile byte[][] records = {};

    /** @param args touchpoints, per second, parallelism, backends, seconds between checkpoints: 150000 20 1 hashmap,rocksdb 10 */
    public static void main(String[] args) throws Exception {
        int touchpoints = args.length > 0 ? Integer.parseInt(args[0]) : 150_000;
        double perSecond = args.length > 1 ? Double.parseDouble(args[1]) : 20;
        int parallelism = args.length > 2 ? Integer.parseInt(args[2]) : 1;
        String backends = args.length > 3 ? args[3] : "hashmap,rocksdb";
        Duration checkpointEvery = Duration.ofSeconds(args.length > 4 ? Long.parseLong(args[4]) : 10);
        records = simulated(touchpoints, perSecond);
        for (String backend : backends.split(",", -1)) {
            Path checkpoints = Files.createTempDirectory("memory-bench");
            try {
                measure(backend, parallelism, checkpointEvery, checkpoints);
            } finally {
                delete(checkpoints);
            }
        }
    }

    /** As many people as the live simulator would have at this rate, at an even pace. */
    private static byte[][] simulated(int touchpoints, double perSecond) {
        int people = (int) Math.max(200, Math.min(500_000, perSecond * 86_400 / Scale.PER_CUSTOMER_AND_DAY));
        Simulation simulation =
                new Simulation(new Scale(SEED, people, FROM, Long.MAX_VALUE / 4, 0, FROM, perSecond, 0), verdict -> {});
        byte[][] all = new byte[touchpoints][];
        for (int i = 0; i < touchpoints; i++) {
            Emission emission = simulation.next();
            if (emission == null) {
                throw new IllegalStateException("the simulation ended after " + i + " touchpoints");
            }
            all[i] = TouchpointJson.write(emission.touchpoint());
        }
        return all;
    }

    private static void measure(String backend, int parallelism, Duration checkpointEvery, Path checkpoints)
            throws Exception {
        int first = records.length / 3;
        InMemory.start(first);
        Source.limit = first;
        JobClient job = start(backend, parallelism, checkpointEvery, checkpoints);
        awaitQuiet(first);
        long heapAtFirst = usedHeap();
        long cpu = Cpu.ofProcess();
        long began = System.nanoTime();
        Source.limit = records.length;
        long ended = awaitQuiet(records.length);
        cpu = Cpu.ofProcess() - cpu;
        long heapAtLast = usedHeap();
        int counted = records.length - first;
        System.out.printf(
                Locale.ROOT,
                "%s, parallelism %d: %,.1f us CPU per touchpoint, %,.0f touchpoints/s; heap per touchpoint %,d bytes,"
                        + " %,d MB in use after %,d touchpoints%n",
                backend,
                parallelism,
                cpu / 1e3 / counted,
                counted / ((ended - began) / 1e9),
                (heapAtLast - heapAtFirst) / counted,
                heapAtLast >> 20,
                records.length);
        // In the backend's own format it holds what a checkpoint does, and it is complete when its place is known.
        String savepoint = job.triggerSavepoint(
                        checkpoints.resolve("complete").toUri().toString(), SavepointFormatType.NATIVE)
                .get();
        sizes(Path.of(URI.create(savepoint)).resolve("_metadata"));
        job.cancel().get();
        job.getJobExecutionResult().handle((result, cancelled) -> true).get();
    }

    /** Says what each operator wrote into a checkpoint; with RocksDB not all of it is of the keys. */
    private static void sizes(Path metadata) throws IOException {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(metadata)))) {
            Checkpoints.loadCheckpointMetadata(in, MemoryBench.class.getClassLoader(), metadata.toString())
                    .getOperatorStates()
                    .stream()
                    .filter(operator -> operator.getStateSize() > records.length)
                    .sorted(Comparator.comparing(OperatorState::getStateSize).reversed())
                    .forEach(operator -> System.out.printf(
                            Locale.ROOT,
                            "  %-28s %,6.0f bytes per touchpoint in a checkpoint%n",
                            operator.getOperatorUid().orElse("?"),
                            (double) operator.getStateSize() / records.length));
        }
    }

    /** Returns when the work was done, by the clock that only moves on. */
    private static long awaitQuiet(int expected) throws InterruptedException {
        long before = Cpu.ofProcess();
        while (true) {
            long at = System.nanoTime();
            Thread.sleep(1_000);
            long now = Cpu.ofProcess();
            if (InMemory.hasRead() >= expected && now - before < QUIET_NANOS) {
                return at;
            }
            before = now;
        }
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static JobClient start(String backend, int parallelism, Duration checkpointEvery, Path checkpoints)
            throws Exception {
        Configuration settings = JobRules.configuration();
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, true);
        if (backend.equals("rocksdb")) {
            JobRules.rocksDb(settings);
        } else {
            settings.set(StateBackendOptions.STATE_BACKEND, backend);
        }
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, checkpointEvery);
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        settings.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED_PER_SLOT.multiply(parallelism));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
        IngestTopology.Ingested ingested = IngestTopology.ingest(
                numbers(env),
                new Lines(),
                WatermarkStrategy.<Incoming>forBoundedOutOfOrderness(Duration.ofSeconds(5))
                        .withTimestampAssigner((incoming, time) ->
                                incoming.arrival().touchpoint().eventTime()),
                RULES.ingest());
        Stitched stitched = SteadyBench.stitch(env, ingested.touchpoints());
        Sessionized sessions = SessionizeTopology.sessionize(stitched, RULES.sessionize());
        MeasureTopology.Measured metrics = MeasureTopology.measure(
                stitched.attributions(),
                sessions,
                RULES.measure(),
                RULES.sessionize().retentionMs());
        AlertTopology.Alerted alerted =
                AlertTopology.alert(stitched.attributions(), metrics.current(), NothingSaid.in(env), RULES.alert());
        for (DataStream<?> documents : List.of(
                sessions.touchpoints(),
                sessions.customers(),
                sessions.sessions(),
                sessions.issues(),
                sessions.journeys(),
                sessions.transitions(),
                stitched.changes(),
                metrics.documents(),
                alerted.alerts(),
                alerted.notifications(),
                ingested.rejected(),
                ingested.late(),
                IngestTopology.account(ingested.fates(), stitched))) {
            drop(documents);
        }
        return env.executeAsync();
    }

    private static <T> void drop(DataStream<T> documents) {
        documents.sinkTo(new DiscardingSink<>());
    }

    @SuppressWarnings("deprecation")
    private static DataStream<Long> numbers(StreamExecutionEnvironment env) {
        return env.addSource(new Source(), "records", Types.LONG);
    }

    /** Numbers of records up to the limit, which may be raised; it never ends, for at the end of time nothing is due. */
    private static final class Source extends RichParallelSourceFunction<Long> {
        private static final long serialVersionUID = 1;

        private static volatile int limit;

        private volatile boolean cancelled;

        @Override
        @SuppressWarnings("deprecation")
        public void run(SourceContext<Long> context) throws InterruptedException {
            int tasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
            int next = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
            while (!cancelled) {
                if (next < limit) {
                    synchronized (context.getCheckpointLock()) {
                        context.collect((long) next);
                    }
                    next += tasks;
                } else {
                    Thread.sleep(10);
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        }
    }

    /** Records as they were simulated, by number. */
    private static final class Lines implements RecordFormat<Long> {
        private static final long serialVersionUID = 1;

        @SuppressWarnings("NullAway.Init")
        private transient JsonTouchpoints json;

        @Override
        public void open() {
            json = new JsonTouchpoints(1 << 20);
        }

        @Override
        public Reading read(Long number) {
            InMemory.read();
            return new Reading(json.decode(raw(number)), null);
        }

        @Override
        public String origin(Long number) {
            return "memory:" + number;
        }

        @Override
        public String source(Long number) {
            return "memory";
        }

        @Override
        public byte[] raw(Long number) {
            return records[Math.toIntExact(number)];
        }

        @Override
        public @Nullable String key(Long number) {
            return null;
        }

        @Override
        public @Nullable Long timestamp(Long number) {
            return null;
        }
    }

    private MemoryBench() {}
}
