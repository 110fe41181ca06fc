package io.throughline.pipeline.alert;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.pipeline.settings.AlertRuleFile;
import io.throughline.pipeline.settings.SettingsException;
import io.throughline.pipeline.wire.PublishedRule;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The rules of the files with the published versions beside them, those that were taken back left out. What could be used when it was published may be unusable
 * by what the program or the files have become since: it is left out, of versions that do not fit together the later.
 *
 * @param config with the rules that can be used
 * @param unusable by {@link PublishedRule#key}: the versions left out
 */
record UsableRules(AlertConfig config, Map<String, Unusable> unusable) {

    /** @param because what is wrong with it, or with it beside the versions before it */
    record Unusable(PublishedRule published, String because) {}

    static UsableRules of(AlertConfig config, Collection<PublishedRule> published) {
        Map<PublishedRule, AlertRule> read = new LinkedHashMap<>();
        Map<String, Unusable> unusable = new TreeMap<>();
        for (PublishedRule each : published.stream()
                .filter(version -> !version.takenBack())
                .sorted(Comparator.comparing(PublishedRule::ruleId).thenComparingInt(PublishedRule::version))
                .toList()) {
            try {
                read.put(each, rule(each));
            } catch (SettingsException e) {
                unusable.put(each.key(), new Unusable(each, String.valueOf(e.getMessage())));
            }
        }
        try {
            return new UsableRules(with(config, List.copyOf(read.values())), unusable);
        } catch (IllegalArgumentException together) {
            return oneByOne(config, read, unusable);
        }
    }

    private static UsableRules oneByOne(
            AlertConfig files, Map<PublishedRule, AlertRule> read, Map<String, Unusable> unusable) {
        AlertConfig usable = files;
        for (Map.Entry<PublishedRule, AlertRule> each : read.entrySet()) {
            try {
                usable = with(usable, List.of(each.getValue()));
            } catch (IllegalArgumentException e) {
                unusable.put(each.getKey().key(), new Unusable(each.getKey(), String.valueOf(e.getMessage())));
            }
        }
        return new UsableRules(usable, unusable);
    }

    private static AlertConfig with(AlertConfig config, List<AlertRule> further) {
        return config.withRules(AlertRuleFile.merged(below(config.rules(), further), further));
    }

    /**
     * The rules, of which those that always held have numbers below all versions that judge from a certain time on. They judge
     * the time before, whatever number the files have come to give them since the versions were published.
     */
    private static List<AlertRule> below(List<AlertRule> rules, List<AlertRule> further) {
        Map<String, Integer> lowest = new HashMap<>();
        for (AlertRule each : further) {
            lowest.merge(each.ruleId(), each.version(), Math::min);
        }
        return rules.stream()
                .map(rule -> {
                    int number = Math.min(rule.version(), lowest.getOrDefault(rule.ruleId(), Integer.MAX_VALUE) - 1);
                    return rule.effectiveFrom() == AlertRule.ALWAYS
                            ? rule.from(number, AlertRule.ALWAYS, rule.mode())
                            : rule;
                })
                .toList();
    }

    private static AlertRule rule(PublishedRule published) {
        return AlertRuleFile.version(
                published.key(),
                published.ruleId(),
                published.version(),
                published.effectiveFrom(),
                published.definition());
    }
}
