package io.throughline.pipeline.settings;

import io.throughline.delivery.Severity;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.BusinessHours;
import io.throughline.domain.alert.CaseConfig;
import io.throughline.domain.alert.Grouping;
import io.throughline.domain.alert.NotifyConfig;
import io.throughline.domain.alert.Worth;
import io.throughline.domain.experience.ExperienceConfig;
import io.throughline.domain.measure.MeasureConfig;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads {@code alert}. */
final class AlertSettings {

    /** Rules whose every key has its place in the reference configuration; the others are read where a file names them. */
    private static final List<String> IN_THE_REFERENCE =
            AlertConfig.DEFAULTS.rules().stream().map(AlertRule::ruleId).toList();

    /** The library, and all else at its default. */
    static final AlertConfig DEFAULTS = AlertConfig.DEFAULTS.withRules(AlertRuleFile.library());

    /** @param correctable how long touchpoints are corrected, milliseconds */
    static AlertConfig read(Section section, long correctable, ExperienceConfig experience, MeasureConfig measure) {
        AlertConfig defaults = DEFAULTS;
        List<AlertRule> rules = files(section, rules(section, defaults.rules(), measure), measure);
        Set<String> resolvedByKinds =
                new LinkedHashSet<>(section.names("resolved_by_kinds", defaults.resolvedByKinds()));
        int resolvedBySatisfaction =
                section.integer("resolved_by_satisfaction", defaults.resolvedBySatisfaction(), 0, 100);
        long resolveWithin = section.durationOrZero("resolve_within", defaults.resolveWithinMs());
        long keepFor = section.duration("keep_for", Math.max(defaults.keepForMs(), correctable));
        if (keepFor < correctable) {
            section.problem(
                    "keep_for",
                    "must be at least ingest.lateness_horizon + stitch.reattribution_horizon = "
                            + DurationText.format(correctable) + ", was " + DurationText.format(keepFor));
        }
        int maxSignals = section.integer("max_signals", defaults.maxSignals(), 10);
        int maxEvidence = section.integer("max_evidence", defaults.maxEvidence(), 1);
        Worth worth = worth(section, defaults.worth());
        CaseConfig cases = new CaseConfig(
                hours(section.section("business_hours")),
                section.duration("act_within", Math.max(defaults.cases().keepForMs(), keepFor)));
        NotifyConfig notifications = notifications(section.section("notify"), defaults.notifications());
        return section.build(
                () -> new AlertConfig(
                        rules,
                        resolvedByKinds,
                        resolvedBySatisfaction,
                        resolveWithin,
                        keepFor,
                        correctable,
                        maxSignals,
                        maxEvidence,
                        worth,
                        cases,
                        notifications,
                        experience),
                defaults);
    }

    private static List<AlertRule> rules(Section section, List<AlertRule> defaults, MeasureConfig measure) {
        Map<String, AlertRule> byId = new LinkedHashMap<>();
        defaults.forEach(rule -> byId.put(rule.ruleId(), rule));
        Map<String, AlertRule> rules = new LinkedHashMap<>(byId);
        section.sections("rules", IN_THE_REFERENCE).forEach((id, rule) -> {
            AlertRule read = AlertRuleSettings.read(id, rule, byId.get(id), measure);
            if (!rule.flag("enabled", true)) {
                rules.remove(id);
            } else if (read != AlertRuleSettings.NEW) {
                rules.put(id, read);
            }
        });
        return List.copyOf(rules.values());
    }

    private static List<AlertRule> files(Section section, List<AlertRule> rules, MeasureConfig measure) {
        List<AlertRule> all = rules;
        for (String file : section.texts("rule_files", List.of())) {
            try {
                all = AlertRuleFile.merged(all, AlertRuleFile.load(Path.of(file), null, measure));
            } catch (SettingsException e) {
                e.problems().forEach(problem -> section.problem("rule_files", file + ": " + problem));
            }
        }
        return all;
    }

    private static Worth worth(Section section, Worth defaults) {
        Set<String> kinds = new LinkedHashSet<>(section.names("purchase_kinds", defaults.purchaseKinds()));
        Map<String, Worth.Tier> byName = new LinkedHashMap<>();
        defaults.tiers().forEach(tier -> byName.put(tier.name(), tier));
        List<Worth.Tier> tiers = new ArrayList<>();
        section.sections("value_tiers", byName.keySet()).forEach((name, tier) -> {
            Worth.Tier base = byName.getOrDefault(name, new Worth.Tier(name, 0, 0, Set.of(), 1));
            long spent = 1_000_000L * tier.integer("spent", (int) (base.spentMicros() / 1_000_000), 0);
            int purchases = tier.integer("purchases", base.purchases(), 0);
            Set<String> segments = new LinkedHashSet<>(tier.texts("segments", base.segments()));
            tiers.add(new Worth.Tier(name, spent, purchases, segments, tier.integer("raises", base.raises(), 0, 3)));
        });
        tiers.sort(Comparator.comparingInt(Worth.Tier::raises)
                .thenComparingLong(Worth.Tier::spentMicros)
                .reversed());
        return section.build(() -> new Worth(kinds, tiers), defaults);
    }

    private static @Nullable BusinessHours hours(Section section) {
        List<DayOfWeek> days = new ArrayList<>();
        for (String day : section.texts("days", List.of())) {
            try {
                days.add(DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT)));
            } catch (IllegalArgumentException e) {
                section.problem("days", "must name days such as monday, was " + day);
            }
        }
        String zone = section.text("zone", "UTC", AlertSettings::isZone, "a time zone such as Europe/Berlin");
        String from = section.text("from", "00:00", AlertSettings::isTime, "a time such as 08:00");
        String to = section.text("to", "00:00", AlertSettings::isTime, "a time such as 18:00");
        return days.isEmpty()
                ? null
                : section.build(
                        () -> new BusinessHours(
                                ZoneId.of(zone), Set.copyOf(days), LocalTime.parse(from), LocalTime.parse(to)),
                        new BusinessHours(ZoneId.of("UTC"), Set.copyOf(days), LocalTime.MIDNIGHT, LocalTime.MIDNIGHT));
    }

    private static boolean isZone(String text) {
        try {
            return ZoneId.of(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static boolean isTime(String text) {
        try {
            return LocalTime.parse(text) != null;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private static NotifyConfig notifications(Section section, NotifyConfig defaults) {
        List<Grouping> groupings = new ArrayList<>();
        section.sections("groups").forEach((name, group) -> {
            Grouping read = grouping(name, group);
            if (read != null) {
                groupings.add(read);
            }
        });
        List<NotifyConfig.By> burstBy = section.choices("burst_by", NotifyConfig.By.class, defaults.burstBy());
        return new NotifyConfig(
                section.duration("max_age", defaults.maxAgeMs()),
                section.integer("burst", defaults.burst(), 0),
                section.duration("burst_window", defaults.burstWindowMs()),
                section.duration("digest", defaults.digestMs()),
                burstBy == null ? defaults.burstBy() : burstBy,
                groupings);
    }

    private static @Nullable Grouping grouping(String name, Section section) {
        List<NotifyConfig.By> by = section.choices("by", NotifyConfig.By.class, List.of());
        Set<String> rules = new LinkedHashSet<>(section.texts("rules", List.of()));
        String minSeverity =
                section.choice("min_severity", Severity.class, Severity.INFO).word();
        long wait = section.durationOrZero("wait", Duration.ofSeconds(30).toMillis());
        long interval = section.duration("interval", Duration.ofMinutes(5).toMillis());
        if (by == null || by.isEmpty()) {
            if (by != null) {
                section.problem("by", "must say what alerts share, for example location");
            }
            return null;
        }
        return new Grouping(name, rules, minSeverity, by, wait, interval);
    }

    private AlertSettings() {}
}
