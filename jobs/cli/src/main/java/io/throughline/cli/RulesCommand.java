package io.throughline.cli;

import picocli.CommandLine.Command;

/** Alert rules: check them, try them on history, publish them, and see how good they are. */
@Command(
        name = "rules",
        mixinStandardHelpOptions = true,
        description = "Check alert rules, try them on history, publish them, and see how good they are.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RulesCheckCommand.class,
            RulesTestCommand.class,
            RulesPublishCommand.class,
            RulesQualityCommand.class
        })
final class RulesCommand {}
