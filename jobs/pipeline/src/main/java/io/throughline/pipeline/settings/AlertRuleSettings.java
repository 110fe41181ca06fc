package io.throughline.pipeline.settings;

import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.AlertRule.Care;
import io.throughline.domain.alert.AlertRule.Mode;
import io.throughline.domain.alert.Condition;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Match.Direction;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.Metric;
import io.throughline.pipeline.ingest.IsoTime;
import io.throughline.pipeline.rules.CelCondition;
import io.throughline.pipeline.rules.ExpressionException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one rule of {@code alert.rules}, of a file of rules or of the topic {@code alert-rules}. */
final class AlertRuleSettings {

    /** What a new rule starts from, and what stands for one that cannot be made. */
    static final AlertRule NEW = AlertRule.once(
            "new",
            "",
            "warning",
            "interaction",
            Match.anyOf("new"),
            Duration.ofDays(1).toMillis());

    private static final List<String> PATTERNS =
            List.of("match", "aggregate", "sequence", "absence", "metric", "worse", "experience");

    private static final List<String> MORE = List.of(
            "mode", "effective_from", "next_action", "acknowledge_within", "resolve_within", "inhibits", "linked_by");

    private static final double ANY = Double.MAX_VALUE;

    /**
     * @param byDefault the rule of that name there is already; null for a new one
     * @param measure whose windows it may look at
     */
    static AlertRule read(String id, Section section, @Nullable AlertRule byDefault, MeasureConfig measure) {
        section.knows(PATTERNS);
        section.knows(MORE);
        List<String> patterns = PATTERNS.stream().filter(section::has).toList();
        if (byDefault == null && !(section.has("title") && !patterns.isEmpty())) {
            section.problem("", "a new rule needs a title and a match");
        }
        if (patterns.size() > 1) {
            section.problem(patterns.get(1), "a rule looks for one thing; there is " + patterns.get(0) + " already");
        }
        AlertRule base = byDefault != null ? byDefault : NEW;
        int version = section.integer("version", base.version(), 1);
        String title = section.text("title", base.title());
        String severity = section.text("severity", base.severity());
        String expectation = section.text("expectation", base.expectation());
        String asked = patterns.isEmpty() ? "match" : patterns.get(0);
        Pattern pattern = asked.equals("match")
                        && (byDefault == null || !patterns.isEmpty() || base.pattern() instanceof Pattern.Count)
                ? count(section, byDefault)
                : asked.equals("match") ? base.pattern() : pattern(asked, section, base.pattern(), measure);
        long coolDown = section.durationOrZero("cool_down", base.coolDownMs());
        Mode mode = section.has("mode") ? section.choice("mode", Mode.class, base.mode()) : base.mode();
        long effectiveFrom = section.has("effective_from") ? time(section, base.effectiveFrom()) : base.effectiveFrom();
        Care care = care(section, base.care());
        return section.build(
                () -> new AlertRule(
                        id, version, title, severity, expectation, pattern, coolDown, mode, effectiveFrom, care),
                base);
    }

    private static Pattern pattern(String asked, Section section, Pattern base, MeasureConfig measure) {
        Section part = section.section(asked);
        return switch (asked) {
            case "aggregate" -> aggregate(part);
            case "sequence" -> sequence(part);
            case "absence" -> absence(part, base instanceof Pattern.Absence absence ? absence : null);
            case "metric" -> metric(part);
            case "experience" -> experience(part);
            default -> worse(part, measure);
        };
    }

    private static Pattern count(Section section, @Nullable AlertRule byDefault) {
        Pattern.Count base = byDefault != null && byDefault.pattern() instanceof Pattern.Count count
                ? count
                : new Pattern.Count(Match.anyOf(), 1, 0, 0, null);
        Match match = match(section.section("match"), base.match());
        int count = section.integer("count", base.count(), 1);
        long within = section.durationOrZero("within", base.withinMs());
        long separateBy = section.durationOrZero("separate_by", base.separateByMs());
        boolean sameTopic = section.flag("same_topic", "topic".equals(base.linkedBy()));
        String linkedBy = section.has("linked_by")
                ? linkedBy(section, null)
                : sameTopic ? "topic" : "topic".equals(base.linkedBy()) ? null : base.linkedBy();
        return new Pattern.Count(match, count, within, separateBy, linkedBy);
    }

    private static Pattern aggregate(Section section) {
        return new Pattern.Aggregate(
                match(section.section("match"), Match.anyOf()),
                section.choice("figure", Pattern.Figure.class, Pattern.Figure.AVERAGE),
                section.choice("of", Pattern.Field.class, Pattern.Field.SENTIMENT),
                section.integer("minimum", 2, 1),
                section.duration("within", Duration.ofDays(1).toMillis()),
                section.optionalDecimal("at_most", null, -ANY, ANY),
                section.optionalDecimal("at_least", null, -ANY, ANY),
                linkedBy(section, null));
    }

    private static Pattern sequence(Section section) {
        List<Match> steps = new ArrayList<>();
        List<Section> items = section.items("steps");
        if (items == null) {
            section.problem("", "a sequence needs steps");
        } else {
            items.forEach(step -> steps.add(match(step, Match.anyOf())));
        }
        return new Pattern.Sequence(
                steps,
                section.has("without") ? match(section.section("without"), Match.anyOf()) : null,
                section.duration("within", Duration.ofDays(1).toMillis()),
                linkedBy(section, null));
    }

    private static Pattern absence(Section section, Pattern.@Nullable Absence base) {
        return new Pattern.Absence(
                match(section.section("after"), base == null ? Match.anyOf() : base.after()),
                match(section.section("of"), base == null ? Match.anyOf() : base.of()),
                section.durationOrZero("within", base == null ? 0 : base.withinMs()),
                section.optionalText("due", base == null ? null : base.due()),
                linkedBy(section, base == null ? null : base.linkedBy()));
    }

    private static Pattern experience(Section section) {
        return new Pattern.Experience(
                section.optionalInteger("falls_by", null, 1, 100),
                section.optionalInteger("at_most", null, 0, 100),
                section.duration("within", Duration.ofDays(7).toMillis()),
                section.duration("counts", Duration.ofDays(30).toMillis()),
                ExperienceConfig.DEFAULTS);
    }

    private static Pattern metric(Section section) {
        return new Pattern.Metric(
                series(section),
                window(section, "window", "24h"),
                section.optionalDecimal("at_most", null, -ANY, ANY),
                section.optionalDecimal("at_least", null, -ANY, ANY),
                section.integer("minimum", 30, 1),
                section.flag("whole_interval", false),
                section.optionalDecimal("clear", null, -ANY, ANY),
                section.durationOrZero("lasting", 0));
    }

    private static Pattern worse(Section section, MeasureConfig measure) {
        Pattern.Worse worse = new Pattern.Worse(
                series(section),
                window(section, "window", "24h"),
                window(section, "baseline", "30d"),
                section.integer("minimum", 30, 1),
                section.durationOrZero("lasting", 0));
        if (RuleWindows.isNoLonger(worse.baseline(), worse.window(), measure)) {
            // A published version that was left out for it would let the one before it judge again.
            if (section.has("window") && !section.has("baseline")) {
                section.mistake(
                        "window", "must be shorter than baseline, " + worse.baseline() + ", was " + worse.window());
            } else {
                section.mistake(
                        "baseline", "must be longer than window, " + worse.window() + ", was " + worse.baseline());
            }
        }
        return worse;
    }

    private static Pattern.Series series(Section section) {
        String metric = section.text("metric_id", "");
        if (metric.isEmpty()) {
            section.problem("", "metric_id must name a metric, for example csat");
        } else if (!Metric.exists(metric)) {
            section.problem("metric_id", "no metric is called " + metric + "; docs/metrics.md lists them");
        }
        Map<String, String> dimensions = new TreeMap<>();
        if (section.has("dimensions")) {
            section.properties("dimensions")
                    .forEach((dimension, value) -> dimensions.put(
                            dimension, Names.ARE_VALUES_OF.contains(dimension) ? Names.spelled(value) : value));
        }
        return new Pattern.Series(metric, dimensions);
    }

    private static String window(Section section, String name, String byDefault) {
        return section.text(name, byDefault, text -> !text.isBlank(), "the name of one of measure.windows");
    }

    private static @Nullable String linkedBy(Section section, @Nullable String byDefault) {
        return section.optionalText(
                "linked_by",
                byDefault,
                text -> List.of("topic", "case_id", "product").contains(text)
                        || (text.startsWith(Pattern.PROPERTY) && text.length() > Pattern.PROPERTY.length()),
                "topic, case_id, product or properties.NAME");
    }

    private static Care care(Section section, Care base) {
        return new Care(
                section.has("next_action") ? section.optionalText("next_action", base.nextAction()) : base.nextAction(),
                section.has("acknowledge_within")
                        ? section.optionalDuration("acknowledge_within", base.acknowledgeWithinMs())
                        : base.acknowledgeWithinMs(),
                section.has("resolve_within")
                        ? section.optionalDuration("resolve_within", base.resolveWithinMs())
                        : base.resolveWithinMs(),
                section.has("inhibits")
                        ? new LinkedHashSet<>(section.texts("inhibits", base.inhibits()))
                        : base.inhibits());
    }

    private static long time(Section section, long byDefault) {
        Long time = section.written("effective_from", null, (text, flaws) -> {
            try {
                return IsoTime.parseOrMillis(text);
            } catch (DateTimeException e) {
                flaws.add("must be a time such as 2026-01-31T12:00:00Z, was \"" + text + "\"", 1, 1);
                return null;
            }
        });
        return time == null ? byDefault : time;
    }

    static Match match(Section section, Match byDefault) {
        Match match = read(section, byDefault);
        if (match.satisfactionAbove() != null
                && match.satisfactionAtMost() != null
                && match.satisfactionAbove() >= match.satisfactionAtMost()) {
            // A published version that was left out for it would let the one before it judge again.
            section.mistake(
                    "satisfaction_above",
                    "must be below satisfaction_at_most, since no answer lies above " + match.satisfactionAbove()
                            + " and at most at " + match.satisfactionAtMost());
        }
        return match;
    }

    private static Match read(Section section, Match byDefault) {
        section.knows(List.of("direction", "when"));
        return new Match(
                section.has("direction")
                        ? section.choice("direction", Direction.class, byDefault.direction())
                        : byDefault.direction(),
                new LinkedHashSet<>(section.names("kinds", byDefault.kinds())),
                new LinkedHashSet<>(section.names("channels", byDefault.channels())),
                new LinkedHashSet<>(section.names("outcomes", byDefault.outcomes())),
                section.optionalName("survey_metric", byDefault.surveyMetric()),
                section.optionalInteger("satisfaction_at_most", byDefault.satisfactionAtMost(), 0, 100),
                section.optionalInteger("satisfaction_above", byDefault.satisfactionAbove(), 0, 100),
                section.optionalDecimal("sentiment_at_most", byDefault.sentimentAtMost(), -1, 1),
                section.optionalDuration("wait_above", byDefault.waitAboveMs()),
                section.has("when")
                        ? section.written("when", byDefault.when(), AlertRuleSettings::condition)
                        : byDefault.when());
    }

    private static @Nullable Condition condition(String expression, Section.Flaws flaws) {
        try {
            CelCondition condition = CelCondition.of(expression);
            condition.mistakes().forEach(flaw -> flaws.addMistake(flaw.message(), flaw.line(), flaw.column()));
            return condition;
        } catch (ExpressionException e) {
            e.flaws().forEach(flaw -> flaws.add(flaw.message(), flaw.line(), flaw.column()));
            return CelCondition.ALWAYS;
        }
    }

    private AlertRuleSettings() {}
}
