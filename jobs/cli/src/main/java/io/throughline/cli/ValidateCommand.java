package io.throughline.cli;

import io.throughline.pipeline.settings.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a configuration as a whole. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = "Check a configuration: list every error with its path and line, or say that there is none.")
final class ValidateCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Configuration (YAML).")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    @Option(names = "--explain", description = "Also print every key with the value it has; secrets stay hidden.")
    private boolean explain;

    @Override
    public Integer call() {
        Settings settings = Configurations.load(config);
        if (explain) {
            spec.commandLine().getOut().print(settings.explain());
        }
        PrintWriter err = spec.commandLine().getErr();
        settings.warnings().forEach(warning -> err.println("validate: warning: " + warning));
        RulesCheckCommand.neverFiring(settings.alert().rules(), settings.measure())
                .forEach(rule -> err.println("validate: warning: alert.rules." + rule));
        spec.commandLine().getOut().println(config + " is valid");
        spec.commandLine().getOut().flush();
        return 0;
    }
}
