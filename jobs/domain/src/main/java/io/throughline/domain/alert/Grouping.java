package io.throughline.domain.alert;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Alerts, of whatever rules, that people are told of together. Each keeps its own document and its own life; only what is told of
 * them is put together. Durations in milliseconds of event time.
 *
 * @param name names it to those who are told
 * @param rules ids of the rules whose alerts it takes; empty: of all
 * @param minSeverity the mildest severity it takes: critical, error, warning or info
 * @param by what alerts must share to be of one group, at least one; an alert that lacks any of it is not taken
 * @param waitMs how long after its first alert a group is told, so that what comes with it is in it
 * @param intervalMs how long after it was told a group is told again at the earliest
 */
public record Grouping(
        String name, Set<String> rules, String minSeverity, List<NotifyConfig.By> by, long waitMs, long intervalMs)
        implements Serializable {

    public Grouping {
        rules = new TreeSet<>(rules);
        by = List.copyOf(new TreeSet<>(by));
        if (by.isEmpty()) {
            throw new IllegalArgumentException(
                    "by must say what alerts share, for example location, or they are all of one group");
        }
        if (waitMs < 0 || intervalMs < 1) {
            throw new IllegalArgumentException("wait must not be negative and interval must be positive");
        }
    }

    /** The place of a severity from the gravest, 0, on; one that is not known comes last. */
    static int rank(String severity) {
        int place = AlertRule.SEVERITIES.indexOf(severity);
        return place < 0 ? AlertRule.SEVERITIES.size() : place;
    }

    /** What an alert shares with the others of its group; null where it is not taken. */
    @Nullable
    Map<String, String> shared(Alert alert) {
        if (!takesRule(alert.ruleId()) || rank(alert.severity()) > rank(minSeverity)) {
            return null;
        }
        Map<String, String> shared = new TreeMap<>();
        for (NotifyConfig.By each : by) {
            String value = each.of(alert);
            if (value == null) {
                return null;
            }
            shared.put(each.word(), value);
        }
        return shared;
    }

    boolean takesRule(String ruleId) {
        return rules.isEmpty() || rules.contains(ruleId);
    }
}
