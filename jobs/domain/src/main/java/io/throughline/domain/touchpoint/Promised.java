package io.throughline.domain.touchpoint;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** How touchpoints speak of promises: what kinds there are, which promise they mean, when it is due. */
public final class Promised {
    public static final String MADE = "promise_made";
    /** Sets or moves the time a promise is due. */
    public static final String DUE = "promise_due";

    public static final String KEPT = "promise_kept";
    /** The company says that it will not keep a promise, or has not. */
    public static final String BROKEN = "promise_broken";

    private static final long LATEST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();

    private Promised() {}

    /** Whether a touchpoint that says this name, or none, may mean the promise that has this name, or none. */
    public static boolean means(@Nullable String said, @Nullable String name) {
        return said == null || said.equals(name);
    }

    /**
     * Epoch milliseconds of a time written as ISO 8601 with an offset, or as epoch milliseconds; null where it is neither, or
     * not of the years 1970 to 9999: no promise is meant for then, and an index could not read it.
     */
    public static @Nullable Long dueAt(String written) {
        try {
            long due = written.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Long.parseLong(written)
                    : OffsetDateTime.parse(written).toInstant().toEpochMilli();
            return due >= 0 && due <= LATEST ? (Long) due : null;
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            return null;
        }
    }
}
