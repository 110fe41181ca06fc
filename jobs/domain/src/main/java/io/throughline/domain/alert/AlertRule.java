package io.throughline.domain.alert;

import java.io.Serializable;
import java.util.List;

/**
 * When one customer's touchpoints are reason enough to tell someone. Durations in milliseconds of event time.
 *
 * @param ruleId names the rule for ever; part of every alert_id
 * @param version grows with every change of the rule
 * @param title what is wrong, in words
 * @param severity critical, error, warning or info
 * @param expectation speed, reliability, interaction or closure
 * @param match which touchpoints count
 * @param count occurrences that complete the cause
 * @param withinMs longest time from the first of them to the last; a span of exactly this counts
 * @param separateByMs matches that follow each other within this time are one occurrence; 0: each is its own
 * @param sameTopic whether only occurrences about one topic count together
 * @param coolDownMs how long after opening further matches become evidence of the same alert
 */
public record AlertRule(
        String ruleId,
        int version,
        String title,
        String severity,
        String expectation,
        Match match,
        int count,
        long withinMs,
        long separateByMs,
        boolean sameTopic,
        long coolDownMs)
        implements Serializable {

    private static final List<String> SEVERITIES = List.of("critical", "error", "warning", "info");
    private static final List<String> EXPECTATIONS = List.of("speed", "reliability", "interaction", "closure");

    public AlertRule {
        require(ruleId.matches("[a-z0-9]+(-[a-z0-9]+)*"), ruleId, "rule_id must be lower-case words joined by -");
        require(version >= 1, ruleId, "version must be at least 1, was " + version);
        require(SEVERITIES.contains(severity), ruleId, "severity must be one of " + SEVERITIES + ", was " + severity);
        require(
                EXPECTATIONS.contains(expectation),
                ruleId,
                "expectation must be one of " + EXPECTATIONS + ", was " + expectation);
        require(!match.isAnything(), ruleId, "match must name at least one condition");
        require(count >= 1, ruleId, "count must be at least 1, was " + count);
        require(count == 1 || withinMs >= 1, ruleId, "within must be positive for a count of " + count);
        require(separateByMs >= 0, ruleId, "separate_by must not be negative, was " + separateByMs + " ms");
        require(coolDownMs >= 0, ruleId, "cool_down must not be negative, was " + coolDownMs + " ms");
    }

    /** A rule that one touchpoint completes. */
    public static AlertRule once(
            String ruleId, String title, String severity, String expectation, Match match, long coolDownMs) {
        return new AlertRule(ruleId, 1, title, severity, expectation, match, 1, 0, 0, false, coolDownMs);
    }

    String reason(List<Signal> cause) {
        Signal last = cause.get(cause.size() - 1);
        String detail = match.detail(last);
        String what = (detail == null ? last.kind() : detail) + " on " + last.channel();
        return count == 1
                ? title + ": " + what
                : title + ": " + count + " within " + words(withinMs) + ", last " + what;
    }

    /** In the largest unit that fits without a remainder, else whole seconds. */
    static String words(long ms) {
        long[] units = {86_400_000, 3_600_000, 60_000};
        String[] names = {" d", " h", " min"};
        for (int i = 0; i < units.length; i++) {
            if (ms >= units[i] && ms % units[i] == 0) {
                return ms / units[i] + names[i];
            }
        }
        return ms / 1_000 + " s";
    }

    private static void require(boolean holds, String ruleId, String message) {
        if (!holds) {
            throw new IllegalArgumentException("alert.rules." + ruleId + ": " + message);
        }
    }
}
