package io.throughline.domain.alert;

import java.io.Serializable;
import java.time.Duration;

/**
 * How people are told. Durations in milliseconds.
 *
 * @param maxAgeMs of what happened longer ago than this nobody is told
 * @param burst most alerts of one rule that are told one by one within {@code burstWindowMs}; further ones are told together
 * @param digestMs how often those that came together are told
 */
public record NotifyConfig(long maxAgeMs, int burst, long burstWindowMs, long digestMs) implements Serializable {

    public static final NotifyConfig DEFAULTS = new NotifyConfig(
            Duration.ofHours(1).toMillis(),
            20,
            Duration.ofMinutes(10).toMillis(),
            Duration.ofMinutes(5).toMillis());
}
