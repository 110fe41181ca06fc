package io.throughline.cli;

import io.throughline.dashboard.know.RuleDescription;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Condition;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.measure.Metric;
import io.throughline.pipeline.rules.CelCondition;
import io.throughline.pipeline.settings.AlertRuleFile;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Rules of alerts in words for people who look at the pages. */
final class RuleWords {
    private static final Set<String> ABBREVIATIONS = Set.of("nps", "csat", "ces", "fcr");

    /** @param source where rules come from that are not the library's */
    static List<RuleDescription> of(AlertConfig config, String source) {
        return config.rules().stream().map(rule -> describe(rule, source)).toList();
    }

    private static RuleDescription describe(AlertRule rule, String source) {
        boolean ofLibrary = AlertRuleFile.library().contains(rule);
        return new RuleDescription(
                rule.ruleId(),
                rule.version(),
                word(rule.mode()),
                rule.title(),
                rule.severity(),
                rule.expectation(),
                condition(rule),
                expressions(rule),
                duration(rule.coolDownMs()),
                ofLibrary ? "library" : source);
    }

    private static List<String> expressions(AlertRule rule) {
        return rule.pattern().roles().stream()
                .map(Match::when)
                .filter(Objects::nonNull)
                .map(Condition::toString)
                .distinct()
                .toList();
    }

    private static String condition(AlertRule rule) {
        Pattern pattern = rule.pattern();
        String by = pattern.linkedBy();
        String linked = by == null ? "" : " about one " + name(by.replaceFirst("^properties\\.", ""));
        if (pattern instanceof Pattern.Count count) {
            String matching = matching(count.match());
            return count.count() == 1
                    ? matching
                    : count.count() + " times within " + duration(count.withinMs()) + linked
                            + (count.separateByMs() > 0
                                    ? ", at least " + duration(count.separateByMs()) + " apart"
                                    : "")
                            + ": " + matching;
        }
        if (pattern instanceof Pattern.Aggregate aggregate) {
            String of = word(aggregate.of());
            return word(aggregate.figure()) + " of " + of.replace(" ms", "")
                    + bound(aggregate.atMost(), aggregate.atLeast(), of.endsWith(" ms") ? "ms" : "")
                    + " within " + duration(aggregate.withinMs()) + linked + ": " + matching(aggregate.match());
        }
        if (pattern instanceof Pattern.Sequence sequence) {
            Match without = sequence.without();
            return sequence.steps().stream().map(RuleWords::matching).collect(Collectors.joining("; then "))
                    + " within " + duration(sequence.withinMs()) + linked
                    + (without == null ? "" : ", without " + matching(without));
        }
        if (pattern instanceof Pattern.Absence absence) {
            return matching(absence.after()) + ", not followed by " + matching(absence.of())
                    + (absence.due() == null ? " within " : " by the time promised and ")
                    + duration(absence.withinMs()) + linked;
        }
        if (pattern instanceof Pattern.Metric metric) {
            Double clear = metric.clear();
            String unit = Metric.ofId(metric.series().metricId()).unit();
            return named(metric.series()) + " over " + window(metric.window())
                    + bound(metric.atMost(), metric.atLeast(), unit)
                    + (metric.wholeInterval() ? " with its whole interval" : "")
                    + (clear == null ? "" : ", until " + amount(clear, unit))
                    + observations(metric.minimum()) + lasting(metric.lastingMs());
        }
        if (pattern instanceof Pattern.Worse worse) {
            return named(worse.series()) + " over " + window(worse.window()) + " worse than over "
                    + window(worse.baseline()) + ", interval beyond interval"
                    + observations(worse.minimum()) + lasting(worse.lastingMs());
        }
        if (pattern instanceof Pattern.Experience experience) {
            Integer fallsBy = experience.fallsBy();
            Integer atMost = experience.atMost();
            return Stream.of(
                            fallsBy == null
                                    ? null
                                    : "at least " + fallsBy + " points below its highest of "
                                            + duration(experience.withinMs()),
                            atMost == null ? null : "at most " + atMost)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining(" or ", "experience score ", ""));
        }
        return "";
    }

    private static String bound(@Nullable Double atMost, @Nullable Double atLeast, String unit) {
        double bound = Objects.requireNonNull(atMost == null ? atLeast : atMost);
        return (atMost == null ? " at least " : " at most ") + amount(bound, unit);
    }

    private static String amount(double value, String unit) {
        if (unit.equals("ms")) {
            return duration((long) value);
        }
        String plain = BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
        return unit.equals("percent") ? plain + " %" : plain;
    }

    private static String named(Pattern.Series series) {
        String name = Stream.of(series.metricId().split("_"))
                .map(word -> ABBREVIATIONS.contains(word) ? word.toUpperCase(Locale.ROOT) : word)
                .collect(Collectors.joining(" "));
        return series.dimensions().entrySet().stream()
                .map(each -> each.getValue().equals("*")
                        ? " of each " + name(each.getKey())
                        : " of " + name(each.getKey()) + " " + name(each.getValue()))
                .collect(Collectors.joining("", name, ""));
    }

    /** {@code 24h} as 24 h. */
    private static String window(String name) {
        return name.replaceFirst("^(\\d+)([a-z]+)$", "$1 $2");
    }

    private static String observations(long minimum) {
        return minimum <= 1 ? "" : ", with at least " + minimum + " observations";
    }

    private static String lasting(long millis) {
        return millis == 0 ? "" : ", for " + duration(millis);
    }

    private static String matching(Match match) {
        return String.join(", ", parts(match)) + where(match);
    }

    private static String word(Enum<?> value) {
        return name(value.name().toLowerCase(Locale.ROOT));
    }

    private static String name(String id) {
        return id.replace('_', ' ');
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
        return parts;
    }

    private static String where(Match match) {
        if (match.when() instanceof CelCondition when) {
            String words = when.words();
            return " (where " + (words == null ? "its expression holds" : words) + ")";
        }
        return "";
    }

    private static void listed(List<String> parts, String before, Iterable<String> names) {
        String joined = String.join(" or ", names).replace('_', ' ');
        if (!joined.isEmpty()) {
            parts.add(before + joined);
        }
    }

    /** In the largest unit that fits without a remainder, down to milliseconds. */
    private static String duration(long millis) {
        long[] units = {86_400_000, 3_600_000, 60_000, 1_000};
        String[] names = {" d", " h", " min", " s"};
        for (int i = 0; i < units.length; i++) {
            if (millis % units[i] == 0 && (millis != 0 || i == units.length - 1)) {
                return millis / units[i] + names[i];
            }
        }
        return millis + " ms";
    }

    private RuleWords() {}
}
