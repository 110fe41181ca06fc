package io.throughline.domain.touchpoint;

import java.time.DateTimeException;
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

    private Promised() {}

    /** Whether a touchpoint that says this name, or none, may mean the promise that has this name, or none. */
    public static boolean means(@Nullable String said, @Nullable String name) {
        return said == null || said.equals(name);
    }

    /**
     * Epoch milliseconds of a time written as ISO 8601 with an offset, or as epoch milliseconds; null where it is neither.
     */
    public static @Nullable Long dueAt(String written) {
        try {
            return written.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Long.parseLong(written)
                    : OffsetDateTime.parse(written).toInstant().toEpochMilli();
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            return null;
        }
    }
}
