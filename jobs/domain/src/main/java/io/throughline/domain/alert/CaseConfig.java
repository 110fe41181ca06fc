package io.throughline.domain.alert;

import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How alerts are taken care of.
 *
 * @param hours when time limits run; null: always
 * @param keepForMs how long after it opened an alert can be acted on
 */
public record CaseConfig(@Nullable BusinessHours hours, long keepForMs) implements Serializable {

    public static final CaseConfig DEFAULTS =
            new CaseConfig(null, Duration.ofDays(90).toMillis());

    long after(long start, long durationMs) {
        return hours == null ? start + durationMs : hours.after(start, durationMs);
    }
}
