package io.throughline.cli;

import io.throughline.dashboard.know.RuleDescription;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Condition;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Pattern;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
                rule.mode().name().toLowerCase(Locale.ROOT),
                rule.title(),
                rule.severity(),
                rule.expectation(),
                condition(rule.pattern()),
                duration(rule.coolDownMs()),
                source);
    }

    private static String condition(Pattern pattern) {
        if (pattern instanceof Pattern.Count count) {
            return counted(count);
        }
        if (pattern instanceof Pattern.Aggregate aggregate) {
            return word(aggregate.figure()) + " of " + word(aggregate.of())
                    + bounds(aggregate.atMost(), aggregate.atLeast()) + " over " + aggregate.minimum()
                    + " or more within " + duration(aggregate.withinMs()) + linked(pattern) + ": "
                    + words(aggregate.match());
        }
        if (pattern instanceof Pattern.Sequence sequence) {
            Match without = sequence.without();
            return sequence.steps().stream().map(RuleWords::words).collect(Collectors.joining(", then "))
                    + (without == null ? "" : ", without " + words(without) + " between") + ", within "
                    + duration(sequence.withinMs()) + linked(pattern);
        }
        if (pattern instanceof Pattern.Absence absence) {
            return "no " + words(absence.of()) + " within " + duration(absence.withinMs())
                    + (absence.due() == null ? " after " : " of the time promised by ") + words(absence.after())
                    + linked(pattern);
        }
        if (pattern instanceof Pattern.Metric metric) {
            return series(metric.series()) + " over " + metric.window()
                    + (metric.wholeInterval() ? ", its whole interval," : "")
                    + bounds(metric.atMost(), metric.atLeast()) + ", n at least " + metric.minimum();
        }
        Pattern.Worse worse = (Pattern.Worse) pattern;
        return series(worse.series()) + " over " + worse.window() + " worse than over " + worse.baseline()
                + " beyond both intervals, n at least " + worse.minimum();
    }

    private static String counted(Pattern.Count count) {
        if (count.count() == 1) {
            return words(count.match());
        }
        return count.count() + " times within " + duration(count.withinMs())
                + ("topic".equals(count.linkedBy()) ? " about one topic" : linked(count))
                + (count.separateByMs() > 0 ? ", at least " + duration(count.separateByMs()) + " apart" : "") + ": "
                + words(count.match());
    }

    private static String linked(Pattern pattern) {
        return pattern.linkedBy() == null ? "" : ", same " + pattern.linkedBy();
    }

    private static String bounds(@Nullable Double atMost, @Nullable Double atLeast) {
        return (atMost == null ? "" : " at most " + atMost) + (atLeast == null ? "" : " at least " + atLeast);
    }

    private static String series(Pattern.Series series) {
        return series.metricId() + (series.dimensions().isEmpty() ? "" : " by " + series.dimensions());
    }

    private static String word(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String words(Match match) {
        return String.join(", ", parts(match));
    }

    private static List<String> parts(Match match) {
        List<String> parts = new ArrayList<>();
        listed(parts, "", match.kinds());
        listed(parts, "over ", match.channels());
        listed(parts, "with outcome ", match.outcomes());
        String metric = match.surveyMetric();
        if (metric != null) {
            parts.add("answer to " + metric.toUpperCase(Locale.ROOT));
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
        Condition condition = match.when();
        if (condition != null) {
            parts.add("where " + condition);
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
