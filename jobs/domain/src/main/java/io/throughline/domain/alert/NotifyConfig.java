package io.throughline.domain.alert;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How people are told. Durations in milliseconds.
 *
 * @param maxAgeMs of what happened longer ago than this nobody is told
 * @param burst most alerts of one rule, or groups of one grouping, that are told one by one within {@code burstWindowMs};
 *     further ones are told together
 * @param digestMs how often those that came together are told
 * @param burstBy what alerts of one rule must share to be counted together; empty: the rule alone
 * @param groupings who is told of together, the first that takes an alert holds; none: every alert by itself
 */
public record NotifyConfig(
        long maxAgeMs, int burst, long burstWindowMs, long digestMs, List<By> burstBy, List<Grouping> groupings)
        implements Serializable {

    /** Keeps what is remembered by grouping apart from what is remembered by rule, whatever they are called. */
    private static final String GROUPING = "grouping ";

    /** What alerts may share. */
    public enum By {
        RULE,
        CUSTOMER,
        CHANNEL,
        TOPIC,
        LOCATION,
        EXPECTATION,
        SEVERITY,
        VALUE_TIER;

        /** As configuration and documents spell it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        @Nullable
        String of(Alert alert) {
            return switch (this) {
                case RULE -> alert.ruleId();
                case CUSTOMER -> alert.customerId();
                case CHANNEL -> alert.channel();
                case TOPIC -> alert.context().topic();
                case LOCATION -> alert.context().location();
                case EXPECTATION -> alert.expectation();
                case SEVERITY -> alert.severity();
                case VALUE_TIER -> alert.context().valueTier();
            };
        }
    }

    public NotifyConfig {
        burstBy = List.copyOf(new TreeSet<>(burstBy));
        groupings = List.copyOf(groupings);
        Set<String> names = new HashSet<>();
        for (Grouping grouping : groupings) {
            if (!names.add(grouping.name())) {
                throw new IllegalArgumentException("alert.notify.groups names " + grouping.name() + " twice");
            }
        }
    }

    /** The same with groupings. */
    public NotifyConfig withGroupings(List<Grouping> others) {
        return new NotifyConfig(maxAgeMs, burst, burstWindowMs, digestMs, burstBy, others);
    }

    /**
     * Under what is remembered what was told of an alert: its grouping, or its rule. It follows from content that changes, so it is
     * asked once for each alert.
     */
    public String key(Alert alert) {
        Grouping grouping = grouping(alert);
        return grouping == null ? alert.ruleId() : GROUPING + grouping.name();
    }

    /** Under what may be remembered what was told of a rule's alerts. */
    public List<String> keys(String ruleId) {
        List<String> keys = new ArrayList<>(List.of(ruleId));
        for (Grouping grouping : groupings) {
            if (grouping.takesRule(ruleId)) {
                keys.add(GROUPING + grouping.name());
            }
        }
        return keys;
    }

    /** The grouping of a {@link #key}; null where it is a rule's, or none is called so any more. */
    @Nullable
    Grouping groupingOf(String key) {
        return key.startsWith(GROUPING) ? grouping(key.substring(GROUPING.length())) : null;
    }

    /** The grouping that takes an alert; null where none does. */
    @Nullable
    Grouping grouping(Alert alert) {
        for (Grouping grouping : groupings) {
            if (grouping.shared(alert) != null) {
                return grouping;
            }
        }
        return null;
    }

    /** The grouping of a name; null where there is none. */
    @Nullable
    Grouping grouping(String name) {
        return groupings.stream()
                .filter(grouping -> grouping.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /**
     * What an alert shares with those it is counted with, as text; empty where the rule is all. One that lacks something shares
     * that with others that lack it.
     */
    String burst(Alert alert) {
        Map<String, String> shared = new LinkedHashMap<>();
        for (By by : burstBy) {
            String value = by.of(alert);
            shared.put(by.word(), value == null ? "none" : value);
        }
        return NotifyState.name(shared);
    }

    public static final NotifyConfig DEFAULTS = new NotifyConfig(
            Duration.ofHours(1).toMillis(),
            20,
            Duration.ofMinutes(10).toMillis(),
            Duration.ofMinutes(5).toMillis(),
            List.of(),
            List.of());
}
