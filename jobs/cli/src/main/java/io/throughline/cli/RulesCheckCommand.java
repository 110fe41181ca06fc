package io.throughline.cli;

import io.throughline.domain.alert.AlertRule;
import io.throughline.pipeline.settings.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether a file of alert rules can be used, and everything that is wrong with it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Say whether a file of alert rules can be used; if not, everything that is wrong, by line and column.",
        footer = {"", "Exit codes: 0 it can be used, 2 it cannot."})
final class RulesCheckCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "Alert rules (YAML).")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) whose rules they will stand beside; without it the defaults.")
    private @Nullable Path config;

    @Override
    public Integer call() {
        Settings settings = Configurations.load(config);
        List<AlertRule> rules = RuleFiles.read(file, settings.alert());
        PrintWriter out = spec.commandLine().getOut();
        for (AlertRule rule : rules) {
            out.printf(
                    "%s: version %d, %s, %s%n",
                    rule.ruleId(),
                    rule.version(),
                    rule.mode().name().toLowerCase(Locale.ROOT),
                    rule.pattern().getClass().getSimpleName().toLowerCase(Locale.ROOT));
        }
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        Set<String> known = Stream.concat(rules.stream(), settings.alert().rules().stream())
                .map(AlertRule::ruleId)
                .collect(Collectors.toSet());
        for (AlertRule rule : rules) {
            for (String inhibited : rule.care().inhibits()) {
                if (!known.contains(inhibited)) {
                    err.printf(
                            "%s: inhibits %s, a rule that neither this file nor the configuration has: it inhibits nothing"
                                    + " unless that rule is published%n",
                            rule.ruleId(), inhibited);
                }
            }
        }
        err.flush();
        return 0;
    }
}
