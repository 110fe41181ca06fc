package io.throughline.domain.stitch;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Tells the messages that belong to the present history of a job from those of an attempt that was rolled back. They
 * survive in the feedback topic although the state behind them does not, and would otherwise say what never came true.
 *
 * <p>Every message bears the attempt that sent it and the last snapshot its sender had taken part in. Of an attempt
 * that ended, only what it sent before the snapshot its successor started from counts. And what was sent after a
 * snapshot is taken in after it, so that a snapshot never knows of a message without knowing that it was sent. So messages need no transaction,
 * and a hop does not wait for a snapshot to complete.
 */
public final class Fence {

    /**
     * One attempt of one job.
     *
     * @param job hash of the job's id
     * @param base the snapshot it started from; 0: none
     * @param number how many attempts of the job came before
     */
    public record Run(long job, long base, int number) {}

    /** @param epoch the last snapshot the sender had taken part in when it sent */
    public record Stamp(Run run, long epoch) {}

    private final Run run;
    private final Map<Run, Long> cuts = new HashMap<>();
    private long epoch;
    /** One for all messages until the next snapshot. */
    private Stamp stamp;

    /**
     * @param run this attempt; the same for all of its tasks
     * @param cuts earlier attempts, and the snapshot up to which each counts
     */
    public Fence(Run run, Map<Run, Long> cuts) {
        this.run = run;
        this.cuts.putAll(cuts);
        this.epoch = run.base();
        this.stamp = new Stamp(run, epoch);
    }

    /** What a message sent now bears. */
    public Stamp stamp() {
        return stamp;
    }

    /**
     * A snapshot is taken now.
     *
     * @return what to remember for attempts that start from it
     */
    public Map<Run, Long> snapshot(long id) {
        epoch = id;
        stamp = new Stamp(run, id);
        Map<Run, Long> result = new HashMap<>(cuts);
        result.put(run, id);
        return result;
    }

    /** Whether a message was sent after a snapshot that its receiver has yet to take part in. */
    public boolean isEarly(Stamp stamp) {
        return stamp.run().equals(run) && stamp.epoch() > epoch;
    }

    /**
     * Whether a message belongs to the present history.
     *
     * @throws IllegalStateException where tasks of one attempt disagree on its number, so that what they tell each other
     *     would be lost
     */
    public boolean admits(Stamp stamp) {
        if (stamp.run().equals(run)) {
            return true;
        }
        Long cut = cuts.get(stamp.run());
        if (cut != null) {
            return stamp.epoch() < cut;
        }
        if (stamp.run().job() == run.job()
                && stamp.run().base() == run.base()
                && stamp.run().number() > run.number()) {
            throw new IllegalStateException("a message of attempt "
                    + stamp.run().number() + " reached a task of attempt " + run.number()
                    + " of the same job: stitching needs all its tasks to restart together. Use Flink's default"
                    + " scheduler (jobmanager.scheduler: Default), or rescale from a savepoint");
        }
        return false;
    }

    /** The newest of the remembered attempts; older ones have nothing left in the topic. */
    public static Map<Run, Long> newest(Collection<Map.Entry<Run, Long>> remembered, int most) {
        Map<Run, Long> result = new HashMap<>();
        remembered.stream()
                .sorted((a, b) -> Long.compare(b.getValue(), a.getValue()))
                .forEach(entry -> {
                    if (result.size() < most) {
                        result.putIfAbsent(entry.getKey(), entry.getValue());
                    }
                });
        return result;
    }
}
