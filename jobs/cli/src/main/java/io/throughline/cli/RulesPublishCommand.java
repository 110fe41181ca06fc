package io.throughline.cli;

import io.throughline.domain.alert.AlertRule;
import io.throughline.kafka.ControlTopic;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.pipeline.ingest.AlertControlTopology;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.pipeline.settings.RuleWindows;
import io.throughline.pipeline.settings.Settings;
import io.throughline.schemas.AlertRuleVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Publishes a version of a rule to the running job, or takes one back. */
@Command(
        name = "publish",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Publish the one rule of a file as a new version to the running job, or take a version back.",
            "",
            "To end a rule, publish a version with mode: disabled. What is taken back is as if it had never been: its"
                    + " alerts are retracted.",
            ""
        },
        footer = {"", "Exit codes: 0 written, 1 Kafka or the Schema Registry is away, 2 it cannot be used."})
final class RulesPublishCommand implements Callable<Integer> {

    /** So that every task knows the version before it judges. */
    private static final Duration NOTICE = Duration.ofMinutes(1);

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "The rule (YAML), with its version.")
    private @Nullable Path file;

    @Option(names = "--take-back", paramLabel = "RULE@VERSION", description = "Take this version back instead.")
    private @Nullable String takeBack;

    @Option(
            names = "--effective-from",
            paramLabel = "TIME",
            description = "Event time it judges from, unless the file says so; without either, a minute from now.")
    private @Nullable String effectiveFrom;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    private @Nullable String reason;

    @Option(names = "--author", paramLabel = "NAME", description = "Who; without it, who runs this command.")
    private @Nullable String author;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration (YAML) of the jobs.")
    private @Nullable Path config;

    @Override
    public Integer call() throws IOException, UnavailableException {
        Settings settings = Configurations.load(config);
        KafkaSettings kafka = settings.kafka();
        ControlTopic<AlertRuleVersion> topic = new ControlTopic<>(
                AlertControlTopology.RULES_TOPIC,
                AlertRuleVersion.class,
                kafka.bootstrapServers(),
                kafka.registryUrl(),
                kafka.properties());
        PrintWriter out = spec.commandLine().getOut();
        if ((file == null) == (takeBack == null)) {
            throw new UsageException("name a FILE to publish, or a version to --take-back; one of them");
        }
        if (takeBack != null) {
            if (!takeBack.matches("[a-z0-9]+(-[a-z0-9]+)*@[0-9]{1,9}")) {
                throw new UsageException("--take-back must be RULE@VERSION, such as long-wait@3, was " + takeBack);
            }
            out.printf("%s taken back: %s%n", takeBack, topic.write(takeBack, null));
        } else if (file != null) {
            publish(file, settings, topic, out);
        }
        out.flush();
        return 0;
    }

    private void publish(Path rules, Settings settings, ControlTopic<AlertRuleVersion> topic, PrintWriter out)
            throws IOException, UnavailableException {
        List<AlertRule> read = RuleFiles.read(rules, settings);
        if (read.size() != 1) {
            throw new UsageException(rules + " holds " + read.size() + " rules; publish them one by one");
        }
        AlertRule rule = read.get(0);
        Optional<String> unknown = RuleWindows.unknown(rule, settings.measure());
        if (unknown.isPresent()) {
            throw new UsageException(rules + ": " + unknown.get());
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Instant from = effectiveFrom != null
                ? Instant.ofEpochMilli(Times.millis("--effective-from", effectiveFrom))
                : rule.effectiveFrom() != AlertRule.ALWAYS
                        ? Instant.ofEpochMilli(rule.effectiveFrom())
                        : now.plus(NOTICE);
        if (from.isBefore(now)) {
            spec.commandLine()
                    .getErr()
                    .println(Throughline.name(spec) + ": warning: " + from
                            + " is past; of what came since, it sees only what other rules had held");
        }
        String key = rule.ruleId() + "@" + rule.version();
        String origin = topic.write(
                key,
                new AlertRuleVersion(
                        rule.ruleId(),
                        rule.version(),
                        from,
                        Files.readString(rules),
                        author == null ? System.getProperty("user.name") : author,
                        reason,
                        now));
        out.printf("%s judges from %s, written as %s%n", key, from, origin);
    }
}
