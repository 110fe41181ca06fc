package io.throughline.pipeline.kit;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Holds back those who write snapshots. Each task has a thread that writes its state, all of them begin at once, and the
 * system shares the processors between all that would run: with dozens of such threads the barrier they belong to, still on
 * its way from task to task, waited for its turn at each of them, and with it everything behind it. Together they now take
 * half of the processors; one alone is not held back where there are two.
 */
final class SnapshotPace {
    /** Work that is not worth looking at the clock for. */
    private static final int RECORDS_BETWEEN = 32;

    /** Work that is not worth sleeping for. */
    private static final long SHORTEST_NANOS = 500_000;

    /** What has taken longer was waiting itself. */
    private static final long LONGEST_NANOS = 20_000_000;

    /** Up to when the share of all of this process is taken, nanoseconds. */
    private static final AtomicLong TAKEN_UNTIL = new AtomicLong(System.nanoTime());

    private final AtomicLong takenUntil;
    private final LongSupplier nanos;
    private final LongConsumer sleep;
    private final int processors;

    private int records;
    private long since;

    SnapshotPace() {
        this(
                TAKEN_UNTIL,
                System::nanoTime,
                LockSupport::parkNanos,
                Runtime.getRuntime().availableProcessors());
    }

    SnapshotPace(AtomicLong takenUntil, LongSupplier nanos, LongConsumer sleep, int processors) {
        this.takenUntil = takenUntil;
        this.nanos = nanos;
        this.sleep = sleep;
        this.processors = processors;
        this.since = nanos.getAsLong();
    }

    /** To be called for every record that was written. */
    void wrote() {
        if (++records < RECORDS_BETWEEN) {
            return;
        }
        records = 0;
        long now = nanos.getAsLong();
        long worked = Math.min(now - since, LONGEST_NANOS);
        if (worked < SHORTEST_NANOS) {
            return;
        }
        long share = 2 * worked / processors;
        long until = takenUntil.updateAndGet(taken -> (taken - (now - worked) > 0 ? taken : now - worked) + share);
        if (until - now > 0) {
            sleep.accept(until - now);
        }
        since = nanos.getAsLong();
    }
}
