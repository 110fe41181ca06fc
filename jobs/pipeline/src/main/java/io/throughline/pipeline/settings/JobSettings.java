package io.throughline.pipeline.settings;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How the Flink jobs run. Durations in milliseconds.
 *
 * @param parallelism of every operator
 * @param maxParallelism how far the job can ever be scaled without losing its state
 * @param checkpointIntervalMs also how long documents wait to be visible, since they are written in transactions
 * @param checkpointDirectory URI; null: as the cluster says
 * @param stateBackend where state lives
 * @param watermarkDelayMs how far behind the latest event time of a partition event time is taken to have reached
 * @param idleTimeoutMs after this long without a record, processing time, a partition no longer holds event time back
 */
public record JobSettings(
        int parallelism,
        int maxParallelism,
        long checkpointIntervalMs,
        @Nullable String checkpointDirectory,
        StateBackend stateBackend,
        long watermarkDelayMs,
        long idleTimeoutMs)
        implements Serializable {

    /** Where state lives. */
    public enum StateBackend {
        /** On the heap: seven times faster, as big as memory. */
        HASHMAP,
        /** On disk. */
        ROCKSDB
    }

    static JobSettings read(Section section) {
        int maxParallelism = section.integer("max_parallelism", 128, 1, 32_768);
        int parallelism = section.integer("parallelism", 2, 1);
        if (parallelism > maxParallelism) {
            section.problem("parallelism", "must be at most job.max_parallelism, was " + parallelism);
        }
        return new JobSettings(
                parallelism,
                maxParallelism,
                section.duration("checkpoint_interval", 10_000),
                section.optionalText("checkpoint_directory", null),
                section.choice("state_backend", StateBackend.class, StateBackend.HASHMAP),
                section.durationOrZero("watermark_delay", 5_000),
                section.duration("idle_timeout", 30_000));
    }
}
