package io.throughline.dashboard.know;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the jobs run and how far behind they are, as the systems that run them tell. */
public interface Operations {

    /**
     * Of each name the job started last.
     *
     * @throws IOException where they cannot be asked; the message says why in one line
     */
    List<Job> jobs() throws IOException, InterruptedException;

    /**
     * How far each consumer group is behind on each topic.
     *
     * @throws IOException where it cannot be asked; the message says why in one line
     */
    List<Lag> lag() throws IOException, InterruptedException;

    /**
     * A job.
     *
     * @param state Flink's word, such as RUNNING or RESTARTING
     * @param restarts since it was started; null: not known
     * @param stages in the order in which touchpoints pass them; none where the job has ended
     * @param checkpoints null: it takes none
     */
    record Job(
            String id,
            String name,
            String state,
            Instant startedAt,
            @Nullable Long restarts,
            List<Stage> stages,
            @Nullable Checkpoints checkpoints) {}

    /**
     * One stage of a job.
     *
     * @param watermark the event time that all of it has reached; null: none, or not yet
     */
    record Stage(String name, int tasks, int running, @Nullable Instant watermark) {}

    /**
     * Checkpoints since the job was started.
     *
     * @param failed those that began and did not complete
     * @param notBegun those that were due while not all tasks ran yet, as at the start of every job: nothing was lost by them
     * @param failedAt the last failed one; null: none
     */
    record Checkpoints(
            long completed,
            long failed,
            long notBegun,
            long inProgress,
            @Nullable Checkpoint last,
            @Nullable Instant failedAt,
            @Nullable String failure) {}

    /** A completed checkpoint. */
    record Checkpoint(Instant completedAt, long durationMs, long stateBytes) {}

    /**
     * Records behind the ends of the partitions that the group has committed a place on, as of its last commit; of a job
     * this is its last checkpoint.
     */
    record Lag(String group, String topic, long records, int partitions) {}
}
