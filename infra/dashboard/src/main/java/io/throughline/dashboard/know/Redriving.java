package io.throughline.dashboard.know;

import java.io.IOException;

/** Lets records that did not count be read again, once the reason is gone. */
@FunctionalInterface
public interface Redriving {

    /** How many at most at a time, since somebody waits for it. */
    int AT_ONCE = 1_000;

    /**
     * Redrives up to {@link #AT_ONCE} records of a reason, each of which is redriven once in its life; returns when they are
     * written.
     *
     * @param reason {@code late}, or a reason of rejected records
     * @param by who asks
     * @throws IOException where it failed; the message says why in one line
     */
    Outcome redrive(String reason, String by) throws IOException;

    /**
     * What became of it.
     *
     * @param before were redriven before
     * @param others are no records of touchpoints
     * @param left are beyond {@link #AT_ONCE}
     */
    record Outcome(long redriven, long before, long others, long left) {}
}
