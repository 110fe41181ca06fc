package io.throughline.pipeline.alert;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.pipeline.settings.AlertRuleFile;
import io.throughline.pipeline.settings.SettingsException;
import io.throughline.pipeline.wire.PublishedRule;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rules of the files with the published versions beside them. What could be used when it was published may be unusable
 * by what the program or the files have become since: it is left out, of versions that do not fit together the later.
 *
 * @param config with the rules that can be used
 * @param unusable by {@link PublishedRule#key}: the versions left out
 */
record UsableRules(AlertConfig config, Map<String, Unusable> unusable) {

    /** @param because what is wrong with it, or with it beside the versions before it */
    record Unusable(PublishedRule published, String because) {}

    static UsableRules of(AlertConfig config, Collection<PublishedRule> published) {
        Set<String> takenBack = published.stream()
                .filter(PublishedRule::takenBack)
                .map(PublishedRule::key)
                .collect(Collectors.toSet());
        AlertConfig files = config.withRules(config.rules().stream()
                .filter(rule -> !takenBack.contains(PublishedRule.key(rule.ruleId(), rule.version())))
                .toList());
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
            return new UsableRules(with(files, List.copyOf(read.values())), unusable);
        } catch (IllegalArgumentException together) {
            return oneByOne(files, read, unusable);
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
        return config.withRules(AlertRuleFile.merged(config.rules(), further));
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
