package io.throughline.pipeline.settings;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Match;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.stitch.StitchConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads {@code alert}. */
final class AlertSettings {

    /** What a new rule starts from, and what stands for one that cannot be made. */
    private static final AlertRule NEW = AlertRule.once(
            "new",
            "",
            "warning",
            "interaction",
            Match.anyOf("new"),
            Duration.ofDays(1).toMillis());

    static AlertConfig read(Section section, IngestConfig ingest, StitchConfig stitch) {
        AlertConfig defaults = AlertConfig.DEFAULTS;
        List<AlertRule> rules = rules(section, defaults.rules());
        Set<String> resolvedByKinds =
                new LinkedHashSet<>(section.texts("resolved_by_kinds", defaults.resolvedByKinds()));
        int resolvedBySatisfaction =
                section.integer("resolved_by_satisfaction", defaults.resolvedBySatisfaction(), 0, 100);
        long resolveWithin = section.durationOrZero("resolve_within", defaults.resolveWithinMs());
        long correctable = ingest.latenessHorizonMs() + stitch.reattributionHorizonMs();
        long keepFor = section.duration("keep_for", Math.max(defaults.keepForMs(), correctable));
        if (keepFor < correctable) {
            section.problem(
                    "keep_for",
                    "must be at least ingest.lateness_horizon + stitch.reattribution_horizon = "
                            + DurationText.format(correctable) + ", was " + DurationText.format(keepFor));
        }
        int maxSignals = section.integer("max_signals", defaults.maxSignals(), 10);
        int maxEvidence = section.integer("max_evidence", defaults.maxEvidence(), 1);
        return section.build(
                () -> new AlertConfig(
                        rules,
                        resolvedByKinds,
                        resolvedBySatisfaction,
                        resolveWithin,
                        keepFor,
                        maxSignals,
                        maxEvidence),
                defaults);
    }

    private static List<AlertRule> rules(Section section, List<AlertRule> defaults) {
        Map<String, AlertRule> byId = new LinkedHashMap<>();
        defaults.forEach(rule -> byId.put(rule.ruleId(), rule));
        List<AlertRule> rules = new ArrayList<>();
        section.sections("rules", byId.keySet()).forEach((id, rule) -> {
            AlertRule byDefault = byId.get(id);
            if (byDefault == null && !(rule.has("title") && rule.has("match"))) {
                rule.problem("", "a new rule needs a title and a match");
            }
            AlertRule read = byDefault != null
                    ? rule(id, rule, byDefault, byDefault.match())
                    : rule(id, rule, NEW, Match.anyOf());
            if (rule.flag("enabled", true) && read != NEW) {
                rules.add(read);
            }
        });
        return rules;
    }

    private static AlertRule rule(String id, Section section, AlertRule byDefault, Match matchByDefault) {
        int version = section.integer("version", byDefault.version(), 1);
        String title = section.text("title", byDefault.title());
        String severity = section.text("severity", byDefault.severity());
        String expectation = section.text("expectation", byDefault.expectation());
        Match match = match(section.section("match"), matchByDefault);
        int count = section.integer("count", byDefault.count(), 1);
        long within = section.durationOrZero("within", byDefault.withinMs());
        long separateBy = section.durationOrZero("separate_by", byDefault.separateByMs());
        boolean sameTopic = section.flag("same_topic", byDefault.sameTopic());
        long coolDown = section.durationOrZero("cool_down", byDefault.coolDownMs());
        return section.build(
                () -> new AlertRule(
                        id,
                        version,
                        title,
                        severity,
                        expectation,
                        match,
                        count,
                        within,
                        separateBy,
                        sameTopic,
                        coolDown),
                byDefault);
    }

    private static Match match(Section section, Match byDefault) {
        return new Match(
                new LinkedHashSet<>(section.texts("kinds", byDefault.kinds())),
                new LinkedHashSet<>(section.texts("channels", byDefault.channels())),
                new LinkedHashSet<>(section.texts("outcomes", byDefault.outcomes())),
                section.optionalText("survey_metric", byDefault.surveyMetric()),
                section.optionalInteger("satisfaction_at_most", byDefault.satisfactionAtMost(), 0, 100),
                section.optionalInteger("satisfaction_above", byDefault.satisfactionAbove(), 0, 100),
                section.optionalDecimal("sentiment_at_most", byDefault.sentimentAtMost(), -1, 1),
                section.optionalDuration("wait_above", byDefault.waitAboveMs()));
    }

    private AlertSettings() {}
}
