package io.throughline.pipeline.stitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.JobRules;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.stitch.World.Topic;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.pipeline.wire.ErasureLayout;
import io.throughline.pipeline.wire.TouchpointChangeLayout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stitching on a cluster that fails and is rescaled while messages are under way, and while those of rolled-back attempts
 * come again: every touchpoint ends with the customer the specification says, exactly once.
 *
 * <p>{@code -Dthroughline.soak=N} plays N times as many histories.
 */
@Timeout(3600)
class StitchingSurvivesFailuresTest {

    private static final int HISTORIES = 8 * Integer.getInteger("throughline.soak", 1);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration MOMENT = Duration.ofMillis(5);

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();
    private static MiniCluster cluster;

    @TempDir
    Path savepoints;

    @BeforeAll
    static void start() throws Exception {
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(4)
                .setConfiguration(METRICS.addToConfiguration(new Configuration()))
                .withRandomPorts()
                .build());
        cluster.start();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "4", "2 4 3"})
    void everyTouchpointEndsWithTheCustomerOfTheSpecification(String parallelisms) throws Exception {
        int[] legs = Arrays.stream(parallelisms.split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
        long rolledBack = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            rolledBack += play(seed, legs);
        }
        assertThat(rolledBack)
                .as("messages of rolled-back attempts that came again, without which this proves nothing")
                .isPositive();
    }

    /** Plays one history; returns how many messages of rolled-back attempts were kept out. */
    private long play(int seed, int... parallelisms) throws Exception {
        String name = "seed " + seed + " at parallelism " + Arrays.toString(parallelisms);
        Random random = new Random(31L * seed + Arrays.hashCode(parallelisms));
        World world = World.create(name);
        RandomHistory history = new RandomHistory(random);
        int chapter = 1 + history.length() / (3 * parallelisms.length);
        long before = rolledBack();
        String savepoint = null;
        for (int leg = 0; leg < parallelisms.length; leg++) {
            world.forgetSnapshots();
            JobID job = submit(name, parallelisms[leg], savepoint);
            history.tell(world, random.nextInt(chapter));
            if (random.nextInt(4) != 0) {
                checkpoint(job);
            }
            history.tell(world, 1 + random.nextInt(chapter));
            fail(job, world, 1 + random.nextInt(40));
            history.tell(world, random.nextInt(chapter));
            if (leg < parallelisms.length - 1) {
                savepoint = savepoint(job);
                history.tell(world, 1 + random.nextInt(chapter));
                int enough = world.reads() + random.nextInt(40);
                until(job, () -> world.reads() >= enough || world.everythingRead());
            } else {
                history.tellTheRest(world);
                assertThat(owners(name, world.ledger(atRest(job, world))))
                        .as(name)
                        .isEqualTo(history.customers());
            }
            cluster.cancelJob(job).get();
            cluster.requestJobResult(job).get();
        }
        World.forget(name);
        return rolledBack() - before;
    }

    /** By all attempts of all jobs. */
    private static long rolledBack() {
        return METRICS.getMetricsByGroup().values().stream()
                .map(metrics -> metrics.get("rolled_back_messages"))
                .filter(Objects::nonNull)
                .mapToLong(counter -> ((Counter) counter).getCount())
                .sum();
    }

    private static Map<String, String> owners(String name, Map<String, Map<String, Integer>> ledger) {
        Map<String, String> owners = new TreeMap<>();
        ledger.forEach((touchpointId, customers) -> {
            if (customers.isEmpty()) {
                // It was taken back and nothing took its place: it is erased, or the specification knows of it.
                return;
            }
            assertThat(customers).as("%s: %s", name, touchpointId).hasSize(1).containsValue(1);
            owners.put(touchpointId, customers.keySet().iterator().next());
        });
        return owners;
    }

    // ---- what is done to a job

    private static JobID submit(String world, int parallelism, String savepoint) throws Exception {
        Configuration configuration = JobRules.configuration();
        configuration.set(PipelineOptions.MAX_PARALLELISM, 16);
        // Taken when the test says so.
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofDays(1));
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 1_000);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        DataStream<TouchpointChange> touchpoints = env.fromSource(
                        new LogSource<>(world, Topic.CHANGES, TouchpointChangeLayout.INSTANCE),
                        WatermarkStrategy.noWatermarks(),
                        "touchpoints",
                        LayoutType.of(TouchpointChange.class, TouchpointChangeLayout.INSTANCE))
                .uid("touchpoints");
        DataStream<Decision> decisions = env.fromSource(
                        new LogSource<>(world, Topic.DECISIONS, DecisionLayout.INSTANCE),
                        WatermarkStrategy.noWatermarks(),
                        "decisions",
                        DecisionLayout.TYPE)
                .uid("decisions");
        DataStream<Erasure> erasures = env.fromSource(
                        new LogSource<>(world, Topic.ERASURES, ErasureLayout.INSTANCE),
                        WatermarkStrategy.noWatermarks(),
                        "erasures",
                        ErasureLayout.TYPE)
                .uid("erasures");
        DataStream<Attribution> attributions = StitchTopology.stitch(
                        touchpoints, decisions, erasures, RandomHistory.CONFIG, new LogFeedback(world))
                .attributions();
        attributions
                .process(new Ledger(world), BasicTypeInfo.VOID_TYPE_INFO)
                .name("ledger")
                .uid("ledger");
        JobGraph job = env.getStreamGraph().getJobGraph();
        if (savepoint != null) {
            job.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
        }
        cluster.submitJob(job).get();
        return job.getJobID();
    }

    private static long checkpoint(JobID job) throws Exception {
        return untilItSucceeds(
                job, () -> cluster.triggerCheckpoint(job, CheckpointType.FULL).get());
    }

    private String savepoint(JobID job) throws Exception {
        return untilItSucceeds(job, () -> cluster.triggerSavepoint(
                        job, savepoints.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get());
    }

    private static void fail(JobID job, World world, int record) throws Exception {
        world.failAt(record);
        until(job, () -> {
            world.failIfNothingIsLeft();
            return world.failed();
        });
    }

    /** Takes checkpoints until one has seen everything come to rest. */
    private static long atRest(JobID job, World world) throws Exception {
        long[] completed = {0};
        until(job, () -> {
            completed[0] = checkpoint(job);
            return world.atRest(completed[0]);
        });
        return completed[0];
    }

    /** A job that is being restarted refuses; one that has failed for good ends the test. */
    private static <T> T untilItSucceeds(JobID job, Callable<T> action) throws Exception {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(MOMENT)
                .until(
                        () -> {
                            requireNotFailed(job);
                            try {
                                return action.call();
                            } catch (ExecutionException | CompletionException e) {
                                return null;
                            }
                        },
                        result -> result != null);
    }

    private static void until(JobID job, Callable<Boolean> reached) {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(MOMENT).until(() -> {
            requireNotFailed(job);
            return reached.call();
        });
    }

    private static void requireNotFailed(JobID job) throws Exception {
        if (cluster.getJobStatus(job).get() == JobStatus.FAILED) {
            cluster.requestJobResult(job)
                    .get()
                    .toJobExecutionResult(StitchingSurvivesFailuresTest.class.getClassLoader());
            throw new AssertionError("the job ended");
        }
    }
}
