package io.throughline.domain.alert;

import io.throughline.domain.alert.Causes.Cause;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Why a rule fired, in words, with values. */
final class Reasons {

    static String of(Cause cause) {
        AlertRule rule = cause.rule();
        Pattern pattern = rule.pattern();
        List<Signal> completed = cause.evidence().subList(0, cause.completedBy()).stream()
                .map(AlertState.Current::signal)
                .toList();
        Signal last = completed.get(completed.size() - 1);
        String what = what(rule, last);
        if (pattern instanceof Pattern.Count count) {
            return count.count() == 1
                    ? rule.title() + ": " + what
                    : rule.title() + ": " + count.count() + " within " + AlertRule.exactly(count.withinMs()) + ", last "
                            + what;
        }
        if (pattern instanceof Pattern.Aggregate aggregate) {
            Double measured = cause.measured();
            return rule.title() + ": " + word(aggregate.figure()) + " of " + word(aggregate.of()) + " "
                    + (measured == null ? "" : Match.number(Math.round(measured * 100) / 100.0)) + " over "
                    + completed.size() + " within " + AlertRule.exactly(aggregate.withinMs()) + ", last " + what;
        }
        if (pattern instanceof Pattern.Experience experience) {
            return rule.title() + ": experience score " + score(experience, cause) + " after " + completed.size()
                    + (completed.size() == 1 ? " bad experience within " : " bad experiences within ")
                    + AlertRule.exactly(experience.withinMs()) + ", last " + what;
        }
        if (pattern instanceof Pattern.Sequence sequence) {
            return rule.title() + ": "
                    + completed.stream()
                            .map(signal -> signal.kind() + " on " + signal.channel())
                            .collect(Collectors.joining(", then "))
                    + " within " + AlertRule.exactly(sequence.withinMs());
        }
        Signal after = completed.get(0);
        return rule.title() + ": nothing followed " + what(rule, after) + " within "
                + AlertRule.about(cause.openedAt() - after.eventTime());
    }

    private static String score(Pattern.Experience pattern, Cause cause) {
        Double measured = cause.measured();
        Double bound = cause.bound();
        if (measured == null || bound == null) {
            return "";
        }
        return Match.number(measured) + (pattern.isLow(measured) ? ", at most " : ", down from ") + Match.number(bound)
                + ",";
    }

    private static String what(AlertRule rule, Signal signal) {
        String detail = detail(rule, signal);
        return (detail == null ? signal.kind() : detail) + " on " + signal.channel();
    }

    /** The value that mattered to the first of the rule's matches that it fits; null where the kind says it all. */
    static @Nullable String detail(AlertRule rule, Signal signal) {
        Pattern pattern = rule.pattern();
        if (pattern instanceof Pattern.Aggregate aggregate) {
            Double value = aggregate.of().of(signal);
            return value == null ? null : word(aggregate.of()) + " " + Match.number(Math.round(value * 100) / 100.0);
        }
        if (pattern instanceof Pattern.Experience experience) {
            return experience.detail(signal);
        }
        if (pattern instanceof Pattern.Count count) {
            return count.match().detail(signal);
        }
        for (Match match : pattern.roles()) {
            if (match.mayMatch(signal)) {
                return match.detail(signal);
            }
        }
        return rule.match().detail(signal);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private Reasons() {}
}
