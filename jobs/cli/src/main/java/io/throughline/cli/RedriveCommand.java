package io.throughline.cli;

import io.throughline.kafka.Redrive;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.pipeline.settings.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes dead letters' records to their topic again. Exit codes: 0 ok, 1 failed, 2 usage. */
@Command(
        name = "redrive",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Write records that did not count to the topic touchpoints again, byte by byte as they were, once the reason"
                    + " is gone: a schema was registered, a channel configured, a late import is wanted after all.",
            "",
            "Each record is redriven once, however often and from where this is run. It counts as if it had been received"
                    + " when it was, and is not called late. What still cannot count is rejected again, as a new"
                    + " dead letter.",
            ""
        })
final class RedriveCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "TOPIC",
            required = true,
            description = "Which dead letters: rejected or late.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String from;

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = "Those of this reason only, such as unknown_schema; throughline accounting lists them.")
    private @Nullable String reason;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Those that became dead letters at or after this time (ISO-8601 with offset, or epoch"
                    + " milliseconds).")
    private @Nullable String since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "10000",
            description = "At most so many, the oldest of each partition first (default: ${DEFAULT-VALUE}).")
    private long limit;

    @Option(
            names = "--again",
            description = "Also what was redriven before. A late record is then counted a second time where its"
                    + " touchpoint_id is forgotten, stitch.reattribution_horizon after its event time.")
    private boolean again;

    @Option(names = "--dry-run", description = "Say what would be redriven, and write nothing.")
    private boolean dryRun;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) that says where Kafka and the Schema Registry are.")
    private @Nullable Path config;

    @Override
    public Integer call() {
        if (!Redrive.SOURCES.contains(from)) {
            throw new UsageException("--from must be rejected or late, was " + from);
        }
        if (limit < 1) {
            throw new UsageException("--limit must be at least 1, was " + limit);
        }
        long first = since == null ? 0 : Times.millis("--since", since);
        Settings settings = Configurations.load(config);
        KafkaSettings kafka = settings.kafka();
        Redrive.Outcome outcome = new Redrive(
                        kafka.bootstrapServers(), kafka.registryUrl(), kafka.group(), kafka.properties())
                .run(new Redrive.Request(
                        from, reason, first, limit, again, dryRun, System.getProperty("user.name", "somebody")));
        PrintWriter out = spec.commandLine().getOut();
        out.println(said(outcome, dryRun));
        out.flush();
        return 0;
    }

    static String said(Redrive.Outcome outcome, boolean dryRun) {
        String reasons =
                outcome.redriven().entrySet().stream().map(RedriveCommand::each).collect(Collectors.joining(", "));
        return (dryRun ? "would redrive " : "redriven ")
                + outcome.total()
                + (reasons.isEmpty() ? "" : " (" + reasons + ")")
                + (outcome.before() == 0 ? "" : "; " + outcome.before() + " left out: redriven before")
                + (outcome.others() == 0 ? "" : "; " + outcome.others() + " left out: no records of touchpoints")
                + (outcome.left() == 0 ? "" : "; " + outcome.left() + " more match: run it again or raise --limit");
    }

    private static String each(Map.Entry<String, Long> reason) {
        return reason.getKey() + " " + reason.getValue();
    }
}
