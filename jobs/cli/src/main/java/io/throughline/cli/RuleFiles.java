package io.throughline.cli;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.pipeline.settings.AlertRuleFile;
import io.throughline.pipeline.settings.SettingsException;
import java.nio.file.Path;
import java.util.List;

/** Files of alert rules that commands are given. */
final class RuleFiles {

    /**
     * The file's rules, which can stand in the configuration.
     *
     * @throws UsageException listing everything that is wrong with it by line and column
     */
    static List<AlertRule> read(Path file, AlertConfig config) {
        try {
            List<AlertRule> rules = AlertRuleFile.load(file, config.keepForMs());
            AlertConfig unused = config.withRules(AlertRuleFile.merged(config.rules(), rules));
            return rules;
        } catch (SettingsException | IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private RuleFiles() {}
}
