package io.throughline.cli;

import io.throughline.scenarios.quality.QualityCommand;
import io.throughline.scenarios.simulator.SimulateCommand;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** One command for people who work with the pipeline. Exit codes: 0 ok, 1 failed, 2 usage. */
@Command(
        name = "throughline",
        description =
                "Joins every touchpoint of a customer into one customer, one session, one journey, while it happens.",
        mixinStandardHelpOptions = true,
        version = "throughline 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ReplayCommand.class,
            IntakeCommand.class,
            ValidateCommand.class,
            ProvisionCommand.class,
            AccountingCommand.class,
            LinkCommand.class,
            EraseCommand.class,
            WhyCommand.class,
            PreviewCommand.class,
            ReindexCommand.class,
            RedriveCommand.class,
            RetentionCommand.class,
            DeliverCommand.class,
            RulesCommand.class,
            AlertCommand.class,
            ExplainCommand.class,
            SimulateCommand.class,
            QualityCommand.class,
            DashboardCommand.class,
            CommandLine.HelpCommand.class,
        })
public final class Throughline {

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(new Throughline());
        commandLine.setUsageHelpWidth(100);
        commandLine.setExecutionExceptionHandler((failure, command, parsed) -> {
            String name = name(command.getCommandSpec());
            if (failure instanceof UsageException) {
                String.valueOf(failure.getMessage()).lines().forEach(line -> command.getErr()
                        .println(name + ": " + line));
                return CommandLine.ExitCode.USAGE;
            }
            command.getErr().println(name + ": " + inOneLine(failure));
            return CommandLine.ExitCode.SOFTWARE;
        });
        return commandLine;
    }

    /** Of a command below this one, as it is typed: rules test. */
    static String name(CommandSpec command) {
        return command.qualifiedName().replaceFirst("^throughline ", "");
    }

    /**
     * Exceptions of our own name the server and what to do, so the first of them speaks. Of the others the deepest cause
     * says what happened; those above it only where.
     */
    static String inOneLine(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !isOurs(cause)) {
            cause = cause.getCause();
        }
        if (cause instanceof OutOfMemoryError) {
            return "there is not enough memory (" + cause.getMessage() + "); give Java more, for example"
                    + " THROUGHLINE_JAVA_OPTS=-Xmx4g";
        }
        String message = cause instanceof FileSystemException file ? saying(file) : cause.getMessage();
        return (message == null || message.isBlank() ? cause.toString() : message)
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** The commonest of them have nothing but the path for a message. */
    private static @Nullable String saying(FileSystemException failure) {
        if (failure.getReason() != null) {
            return failure.getMessage();
        }
        if (failure instanceof NoSuchFileException) {
            return failure.getFile() + ": there is no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return failure.getFile() + ": access is denied";
        }
        return failure.getMessage();
    }

    private static boolean isOurs(Throwable cause) {
        return cause.getClass().getName().startsWith("io.throughline.") && cause.getMessage() != null;
    }

    private Throughline() {}
}
