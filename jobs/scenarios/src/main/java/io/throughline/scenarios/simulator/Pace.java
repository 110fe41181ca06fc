package io.throughline.scenarios.simulator;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Keeps records at a rate of wall-clock time; catches up at most one second of delay. */
final class Pace {
    private static final long SECOND = 1_000_000_000L;

    private final double nanosPerRecord;
    private final BooleanSupplier stopped;
    private double due = System.nanoTime();

    /** @param perSecond records per second; infinity: as fast as possible */
    Pace(double perSecond, BooleanSupplier stopped) {
        this.nanosPerRecord = SECOND / perSecond;
        this.stopped = stopped;
    }

    /** Waits until the next record may go. */
    void await() {
        if (nanosPerRecord == 0) {
            return;
        }
        due = Math.max(due + nanosPerRecord, System.nanoTime() - SECOND);
        // Below a millisecond waiting costs more than it orders.
        while (due - System.nanoTime() > 1_000_000 && !stopped.getAsBoolean()) {
            LockSupport.parkNanos((long) Math.min(due - System.nanoTime(), SECOND / 5.0));
        }
    }

    /** Waits until the wall clock shows that moment, or the stop; true if it had to wait. */
    static boolean until(long epochMillis, BooleanSupplier stopped) {
        boolean waited = false;
        while (System.currentTimeMillis() < epochMillis && !stopped.getAsBoolean()) {
            waited = true;
            LockSupport.parkNanos(Math.min(epochMillis - System.currentTimeMillis(), 200) * 1_000_000);
        }
        return waited;
    }
}
