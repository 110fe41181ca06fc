package io.throughline.domain.ingest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Tells times in epoch milliseconds from other numbers. */
final class PlausibleTime {

    /** 2200-01-01T00:00:00Z: anything later is microseconds or nanoseconds sent as milliseconds. */
    static final long YEAR_2200 = 7_258_118_400_000L;

    /**
     * What is wrong with it, naming the unit it looks like or the bound it lies beyond; null where nothing is.
     *
     * @param earliest what {@code ingest.earliest_time} says, epoch milliseconds
     */
    static @Nullable String problem(long millis, long earliest) {
        return millis >= earliest && millis < YEAR_2200
                ? null
                : millis + " is not a plausible time in epoch milliseconds" + hint(millis, earliest);
    }

    private static String hint(long value, long earliest) {
        if (value >= earliest / 1000 && value < YEAR_2200 / 1000) {
            return ", it looks like seconds";
        }
        if (value / 1000 >= earliest && value / 1000 < YEAR_2200) {
            return ", it looks like microseconds";
        }
        if (value / 1_000_000 >= earliest && value / 1_000_000 < YEAR_2200) {
            return ", it looks like nanoseconds";
        }
        return ": " + Instant.ofEpochMilli(value)
                + (value < earliest
                        ? " lies before " + Instant.ofEpochMilli(earliest) + ", ingest.earliest_time"
                        : " lies after 2199");
    }

    private PlausibleTime() {}
}
