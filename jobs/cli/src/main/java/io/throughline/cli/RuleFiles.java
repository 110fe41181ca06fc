package io.throughline.cli;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.pipeline.settings.AlertRuleFile;
import io.throughline.pipeline.settings.Settings;
import io.throughline.pipeline.settings.SettingsException;
import java.nio.file.Path;
import java.util.List;

/** Files of alert rules that commands are given. */
final class RuleFiles {

    /**
     * The file's rules, which can stand beside those of the configuration.
     *
     * @throws UsageException listing everything that is wrong with it by line and column
     */
    static List<AlertRule> read(Path file, Settings settings) {
        return read(file, settings, settings.alert());
    }

    /** The configuration with the file's rules and no others; faults as {@link #read}. */
    static AlertConfig alone(Path file, Settings settings) {
        AlertConfig none = settings.alert().withRules(List.of());
        return none.withRules(AlertRuleFile.merged(List.of(), read(file, settings, none)));
    }

    private static List<AlertRule> read(Path file, Settings settings, AlertConfig beside) {
        try {
            List<AlertRule> rules = AlertRuleFile.load(file, beside, settings.measure());
            AlertConfig unused = beside.withRules(AlertRuleFile.merged(beside.rules(), rules));
            return rules;
        } catch (SettingsException | IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private RuleFiles() {}
}
