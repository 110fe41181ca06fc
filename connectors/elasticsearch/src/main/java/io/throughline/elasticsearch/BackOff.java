package io.throughline.elasticsearch;

import java.io.Serializable;
import java.util.random.RandomGenerator;

/**
 * How long to wait before trying again: exponential with full jitter, so that subtasks that failed together do not come
 * back together.
 *
 * @param floorMillis least wait, so that luck never makes a spin
 * @param initialMillis longest wait after the first failure; doubles with each further one
 * @param maxMillis longest wait ever
 * @param unauthorisedMillis wait while credentials are refused
 */
public record BackOff(long floorMillis, long initialMillis, long maxMillis, long unauthorisedMillis)
        implements Serializable {

    public static final BackOff DEFAULT = new BackOff(250, 1_000, 15_000, 30_000);

    public BackOff {
        if (floorMillis < 1 || initialMillis < floorMillis || maxMillis < initialMillis || unauthorisedMillis < 1) {
            throw new IllegalArgumentException(
                    "back-off must be 1 <= floor <= initial <= max and unauthorised >= 1, but is " + floorMillis + ", "
                            + initialMillis + ", " + maxMillis + ", " + unauthorisedMillis + " ms");
        }
    }

    /** @param failures failures in a row, at least 1 */
    long afterFailures(int failures, RandomGenerator random) {
        long ceiling = Math.min(maxMillis, initialMillis << Math.min(failures - 1, 20));
        return Math.max(floorMillis, random.nextLong(ceiling + 1));
    }
}
