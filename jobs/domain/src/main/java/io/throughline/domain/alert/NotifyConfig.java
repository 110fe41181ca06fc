package io.throughline.domain.alert;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How people are told. Durations in milliseconds.
 *
 * @param maxAgeMs of what happened longer ago than this nobody is told
 * @param burst most alerts of one rule and group that are told one by one within {@code burstWindowMs}; further ones are told
 *     together
 * @param digestMs how often those that came together are told
 * @param groupBy what alerts of one rule must share to be of one group; empty: the rule alone
 */
public record NotifyConfig(long maxAgeMs, int burst, long burstWindowMs, long digestMs, List<By> groupBy)
        implements Serializable {

    /** What alerts may share. One that has no such thing shares that with others that have none. */
    public enum By {
        CUSTOMER,
        /** Of the first touchpoint behind the alert. */
        CHANNEL,
        SEVERITY,
        VALUE_TIER;

        private @Nullable String of(Alert alert) {
            return switch (this) {
                case CUSTOMER -> alert.customerId();
                case CHANNEL ->
                    alert.evidence().isEmpty() ? null : alert.evidence().get(0).channel();
                case SEVERITY -> alert.severity();
                case VALUE_TIER -> alert.context().valueTier();
            };
        }
    }

    public NotifyConfig {
        groupBy = List.copyOf(new TreeSet<>(groupBy));
    }

    /** What an alert shares with those it may be told together with, as text; empty where the rule is all. */
    String group(Alert alert) {
        StringBuilder group = new StringBuilder();
        for (By by : groupBy) {
            String value = by.of(alert);
            group.append(group.isEmpty() ? "" : ", ")
                    .append(by.name().toLowerCase(Locale.ROOT))
                    .append(' ')
                    .append(value == null ? "none" : value);
        }
        return group.toString();
    }

    public static final NotifyConfig DEFAULTS = new NotifyConfig(
            Duration.ofHours(1).toMillis(),
            20,
            Duration.ofMinutes(10).toMillis(),
            Duration.ofMinutes(5).toMillis(),
            List.of());
}
