package io.throughline.pipeline;

import io.throughline.pipeline.kit.Prompt;
import io.throughline.pipeline.settings.JobSettings;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** What holds for every job, in production and in tests. */
public final class JobRules {

    /** A checkpoint that takes longer than this has failed; some failures are no reason to restart the job. */
    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(5);

    private static final int TOLERABLE_FAILURES = 10;

    /**
     * How long a record may wait for others before it crosses to the next task, where nothing {@link Prompt} is asked for. Each
     * of the hundred edges of the job has a thread that wakes this often, whether there is anything to hand on or not.
     */
    private static final Duration BUFFER_TIMEOUT = Duration.ofMillis(200);

    /** Flink's own option is in the library of the backend, which the cluster has and the job has not. */
    private static final ConfigOption<Boolean> BLOOM_FILTERS = ConfigOptions.key(
                    "state.backend.rocksdb.use-bloom-filter")
            .booleanType()
            .defaultValue(false);

    /** Every operator has its own uid, nothing is written by Kryo, records are passed on without copying. */
    public static Configuration configuration() {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.AUTO_WATERMARK_INTERVAL, Duration.ofMillis(200));
        configuration.set(ExecutionOptions.BUFFER_TIMEOUT, BUFFER_TIMEOUT);
        return configuration;
    }

    /** The same, and what is configured, for an environment that a cluster made. */
    public static void apply(StreamExecutionEnvironment env, JobSettings job) {
        Configuration configuration = configuration();
        configuration.set(PipelineOptions.MAX_PARALLELISM, job.maxParallelism());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(job.checkpointIntervalMs()));
        // A checkpoint that takes longer than the interval would otherwise be followed by the next at once.
        configuration.set(
                CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS, Duration.ofMillis(job.checkpointIntervalMs() / 2));
        configuration.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, CHECKPOINT_TIMEOUT);
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, TOLERABLE_FAILURES);
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        if (job.stateBackend() == JobSettings.StateBackend.ROCKSDB) {
            rocksDb(configuration);
        } else {
            configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        }
        if (job.checkpointDirectory() != null) {
            configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, job.checkpointDirectory());
        }
        env.configure(configuration);
        env.setParallelism(job.parallelism());
    }

    /**
     * Settings that RocksDB needs here, whatever the cluster's are. Most keys of ingest and of stitching are new, and a Bloom
     * filter knows that without reading; a checkpoint that is not incremental would write all state each time.
     */
    public static void rocksDb(Configuration configuration) {
        configuration.set(StateBackendOptions.STATE_BACKEND, "rocksdb");
        configuration.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        configuration.set(BLOOM_FILTERS, true);
    }

    private JobRules() {}
}
