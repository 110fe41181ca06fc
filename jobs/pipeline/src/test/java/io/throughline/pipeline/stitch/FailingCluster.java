package io.throughline.pipeline.stitch;

import static org.awaitility.Awaitility.await;

import io.throughline.pipeline.JobRules;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
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
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A cluster whose jobs fail, take checkpoints and are rescaled when a test says so. */
public final class FailingCluster implements AutoCloseable {
    public static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration MOMENT = Duration.ofMillis(5);

    private final InMemoryReporter metrics = InMemoryReporter.createWithRetainedMetrics();
    private final MiniCluster cluster;

    public FailingCluster() throws Exception {
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(4)
                .setConfiguration(metrics.addToConfiguration(new Configuration()))
                .withRandomPorts()
                .build());
        cluster.start();
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }

    /** What a job here is made with. */
    public static StreamExecutionEnvironment environment(int parallelism) {
        Configuration configuration = JobRules.configuration();
        configuration.set(PipelineOptions.MAX_PARALLELISM, 16);
        configuration.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(20));
        // Taken when the test says so.
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofDays(1));
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, 1_000);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(1));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(parallelism);
        return env;
    }

    /** @param savepoint where the job goes on from; null: it begins */
    public JobID submit(StreamExecutionEnvironment env, String savepoint) throws Exception {
        JobGraph job = env.getStreamGraph().getJobGraph();
        if (savepoint != null) {
            job.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
        }
        cluster.submitJob(job).get();
        return job.getJobID();
    }

    public void end(JobID job) throws Exception {
        cluster.cancelJob(job).get();
        cluster.requestJobResult(job).get();
    }

    /** Returns its number. */
    public long checkpoint(JobID job) throws Exception {
        return untilItSucceeds(
                job, () -> cluster.triggerCheckpoint(job, CheckpointType.FULL).get());
    }

    /** Returns where it is. */
    public String savepoint(JobID job, Path directory) throws Exception {
        return untilItSucceeds(job, () -> cluster.triggerSavepoint(
                        job, directory.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get());
    }

    /** Lets the job fail at a record from now, at the latest when there is none left. */
    public void fail(JobID job, World world, int record) {
        world.failAt(record);
        until(job, () -> {
            world.failIfNothingIsLeft();
            return world.failed();
        });
    }

    /** Takes checkpoints until one has seen everything come to rest; returns its number. */
    public long atRest(JobID job, World world) {
        long[] completed = {0};
        until(job, () -> {
            completed[0] = checkpoint(job);
            return world.atRest(completed[0]);
        });
        return completed[0];
    }

    public void until(JobID job, Callable<Boolean> reached) {
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(MOMENT).until(() -> {
            requireNotFailed(job);
            return reached.call();
        });
    }

    /** The sum of a counter over all attempts of all jobs. */
    public long counted(String name) {
        return metrics.getMetricsByGroup().values().stream()
                .map(group -> group.get(name))
                .filter(Objects::nonNull)
                .mapToLong(counter -> ((Counter) counter).getCount())
                .sum();
    }

    /** A job that is being restarted refuses; one that has failed for good ends the test. */
    private <T> T untilItSucceeds(JobID job, Callable<T> action) {
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

    private void requireNotFailed(JobID job) throws Exception {
        if (cluster.getJobStatus(job).get() == JobStatus.FAILED) {
            cluster.requestJobResult(job).get().toJobExecutionResult(FailingCluster.class.getClassLoader());
            throw new AssertionError("the job ended");
        }
    }
}
