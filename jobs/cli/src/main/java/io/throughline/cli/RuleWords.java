package io.throughline.cli;

import io.throughline.dashboard.know.RuleDescription;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Match;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Rules of alerts in words for people who look at the pages. */
final class RuleWords {

    /** @param source where the rules come from */
    static List<RuleDescription> of(AlertConfig config, String source) {
        return config.rules().stream().map(rule -> describe(rule, source)).toList();
    }

    private static RuleDescription describe(AlertRule rule, String source) {
        return new RuleDescription(
                rule.ruleId(),
                rule.version(),
                "enabled",
                rule.title(),
                rule.severity(),
                rule.expectation(),
                condition(rule),
                duration(rule.coolDownMs()),
                source);
    }

    private static String condition(AlertRule rule) {
        String matching = String.join(", ", parts(rule.match()));
        if (rule.count() == 1) {
            return matching;
        }
        return rule.count() + " times within " + duration(rule.withinMs())
                + (rule.sameTopic() ? " about one topic" : "")
                + (rule.separateByMs() > 0 ? ", at least " + duration(rule.separateByMs()) + " apart" : "") + ": "
                + matching;
    }

    private static List<String> parts(Match match) {
        List<String> parts = new ArrayList<>();
        listed(parts, "", match.kinds());
        listed(parts, "over ", match.channels());
        listed(parts, "with outcome ", match.outcomes());
        String metric = match.surveyMetric();
        if (metric != null) {
            parts.add("answer to " + metric.toUpperCase(java.util.Locale.ROOT));
        }
        if (match.satisfactionAtMost() != null) {
            parts.add("satisfaction at most " + match.satisfactionAtMost() + " %");
        }
        if (match.satisfactionAbove() != null) {
            parts.add("satisfaction above " + match.satisfactionAbove() + " %");
        }
        if (match.sentimentAtMost() != null) {
            parts.add("sentiment at most " + match.sentimentAtMost());
        }
        Long wait = match.waitAboveMs();
        if (wait != null) {
            parts.add("waited more than " + duration(wait));
        }
        return parts;
    }

    private static void listed(List<String> parts, String before, Iterable<String> names) {
        String joined = String.join(" or ", names).replace('_', ' ');
        if (!joined.isEmpty()) {
            parts.add(before + joined);
        }
    }

    private static String duration(long millis) {
        Duration duration = Duration.ofMillis(millis);
        if (duration.toDays() > 0 && millis % Duration.ofDays(1).toMillis() == 0) {
            return duration.toDays() + " d";
        }
        return duration.toHours() > 0 && millis % Duration.ofHours(1).toMillis() == 0
                ? duration.toHours() + " h"
                : duration.toMinutes() + " min";
    }

    private RuleWords() {}
}
