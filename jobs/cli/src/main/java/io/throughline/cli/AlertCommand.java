package io.throughline.cli;

import io.throughline.domain.alert.Action;
import io.throughline.kafka.ControlTopic;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.kafka.TopicTail;
import io.throughline.pipeline.ingest.AlertControlTopology;
import io.throughline.pipeline.ingest.AvroActions;
import io.throughline.pipeline.ingest.JsonActions;
import io.throughline.pipeline.settings.DurationText;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.schemas.AlertAction;
import io.throughline.schemas.AlertAnswer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes what a person does about an alert: to the topic the experience job reads, or to a file for replay. */
@Command(
        name = "alert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "throughline alert ack|assign|resolve|reopen|silence|unsilence ALERT [--to NAME] [--for SPAN]",
            "                  [--rule RULE [--customer ID]] [--expect-version N] [--reason TEXT] [--by NAME]",
            "                  [--at TIME] [--wait SPAN] [--config FILE] [--output FILE|-]"
        },
        description = {
            "Acknowledge, assign, resolve, reopen or silence an alert, or silence all alerts of a rule.",
            "",
            "Says what became of it, as soon as the experience job does: taken, or refused and why. The same stands in the"
                    + " alert's history and on the topic alert-answers.",
            "A silence of a rule is answered by nobody.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  alert ack a-6e1d94b07c35f2a8 --reason 'calling her now' --expect-version 1",
            "  alert assign a-6e1d94b07c35f2a8 --to grace",
            "  alert silence --rule long-wait --for '2 h' --reason 'the line is being repaired'",
            "",
            "Exit codes: 0 taken, or written and not answered in time, 1 refused, or Kafka or the Schema Registry is"
                    + " away, 2 wrong usage."
        })
final class AlertCommand implements Callable<Integer> {

    private static final String ANSWERS_TOPIC = "alert-answers";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "VERB ALERT",
            hideParamSyntax = true,
            description = "What is done, and the alert's id.")
    private List<String> words = List.of();

    @Option(names = "--to", paramLabel = "NAME", description = "With assign: who takes care of it.")
    private @Nullable String assignee;

    @Option(names = "--for", paramLabel = "SPAN", description = "With silence: for how long, for example '2 h'.")
    private @Nullable String span;

    @Option(names = "--rule", paramLabel = "RULE", description = "Silence all alerts of this rule instead of one.")
    private @Nullable String rule;

    @Option(names = "--customer", paramLabel = "ID", description = "With --rule: only those about this customer.")
    private @Nullable String customer;

    @Option(
            names = "--expect-version",
            paramLabel = "N",
            description = "The version of the alert you saw; if somebody has acted since, the command is refused.")
    private @Nullable Integer expectedVersion;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept with the alert.")
    private @Nullable String reason;

    @Option(names = "--by", paramLabel = "NAME", description = "Who; without it, who runs this command.")
    private @Nullable String by;

    @Option(
            names = "--at",
            paramLabel = "TIME",
            description = "When; ISO-8601 or epoch milliseconds, not in the future; without it, now.")
    private @Nullable String at;

    @Option(
            names = "--wait",
            paramLabel = "SPAN",
            defaultValue = "30 s",
            description = "How long to wait for the job's answer, which comes with its next checkpoint; default:"
                    + " ${DEFAULT-VALUE}. With '0 s' only write.")
    private String wait = "30 s";

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) of the jobs: where Kafka and the Schema Registry are.")
    private @Nullable Path config;

    @Option(
            names = "--output",
            paramLabel = "FILE|-",
            description = "Append to a file (- for standard output) instead of writing to Kafka, to try it on history"
                    + " with replay --actions FILE.")
    private @Nullable String output;

    @Override
    public Integer call() throws IOException, UnavailableException {
        List<String> problems = new ArrayList<>();
        Duration patience = patience(problems);
        Action action = action(problems);
        String line = JsonActions.line(action);
        if ("-".equals(output)) {
            out().println(line);
        } else if (output != null) {
            Files.writeString(Path.of(output), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            out().println("appended to " + output);
        } else {
            KafkaSettings kafka = Configurations.load(config).kafka();
            if (action.alertId() != null && !patience.isZero()) {
                return writeAndWait(action, kafka, patience);
            }
            write(action, kafka);
        }
        out().flush();
        return 0;
    }

    private int writeAndWait(Action action, KafkaSettings kafka, Duration patience)
            throws IOException, UnavailableException {
        try (TopicTail<AlertAnswer> answers = TopicTail.open(
                ANSWERS_TOPIC, AlertAnswer.class, kafka.bootstrapServers(), kafka.registryUrl(), kafka.properties())) {
            write(action, kafka);
            out().flush();
            AlertAnswer answer = answers.await(action.actionId(), patience);
            if (answer == null) {
                err().printf(
                                "%s: warning: nobody answered within %s: is the experience job running? It is taken or"
                                        + " refused when it is read; the alert's history and topic %s say which%n",
                                Throughline.name(spec), DurationText.format(patience.toMillis()), ANSWERS_TOPIC);
                return 0;
            }
            if (!answer.getTaken()) {
                err().printf("%s: refused: %s%n", Throughline.name(spec), answer.getBecause());
                return 1;
            }
            out().printf("taken; %s is at version %d%n", action.alertId(), answer.getVersion());
            out().flush();
            return 0;
        }
    }

    private void write(Action action, KafkaSettings kafka) throws UnavailableException {
        String origin = new ControlTopic<>(
                        AlertControlTopology.ACTIONS_TOPIC,
                        AlertAction.class,
                        kafka.bootstrapServers(),
                        kafka.registryUrl(),
                        kafka.properties())
                .write(AvroActions.keyOf(action), AvroActions.of(action));
        out().printf("%s written to topic %s as %s%n", action.actionId(), AlertControlTopology.ACTIONS_TOPIC, origin);
    }

    private Action action(List<String> problems) {
        if (words.isEmpty()) {
            throw new UsageException("say what is done: ack, assign, resolve, reopen, silence or unsilence");
        }
        Action.Verb verb = verb(words.get(0), problems);
        if (rule == null && (words.size() != 2 || words.get(1).isBlank())) {
            problems.add("name one alert after " + words.get(0) + ", or a rule with --rule");
        }
        if (rule != null && rule.isBlank()) {
            problems.add("--rule must name a rule");
        }
        if (rule != null && words.size() > 1) {
            problems.add("--rule silences a rule, so name no alert");
        }
        if (assignee != null && verb != Action.Verb.ASSIGN) {
            problems.add("--to says who takes care of an alert: with assign only");
        }
        if (span != null && verb != Action.Verb.SILENCE) {
            problems.add("--for says how long a silence lasts: with silence only");
        }
        if (customer != null && rule == null) {
            problems.add("--customer says whose alerts of a rule are silenced: with --rule only");
        }
        if (expectedVersion != null && rule != null) {
            problems.add("--expect-version is the version of an alert, and a rule has none: with an alert only");
        }
        if (expectedVersion != null && expectedVersion < 1) {
            problems.add("--expect-version must be at least 1, what an alert opens with, was " + expectedVersion);
        }
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        long millis = at == null ? now.toEpochMilli() : Times.millis("--at", at);
        if (millis > now.toEpochMilli()) {
            problems.add("--at: lies in the future, and what is done until then would count as done before it;"
                    + " leave it out or name a time that is past");
        }
        Long until = until(millis, problems);
        String who = by == null ? System.getProperty("user.name") : by;
        if (problems.isEmpty()) {
            Action action = new Action(
                    "x-" + UUID.randomUUID(),
                    verb,
                    rule == null ? words.get(1) : null,
                    rule,
                    customer,
                    millis,
                    who == null ? "unknown" : who,
                    expectedVersion,
                    assignee,
                    reason,
                    until);
            try {
                return JsonActions.action(JsonActions.line(action));
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage())
                        .replace("an assignee", "--to NAME")
                        .replace("until, later than at", "--for SPAN"));
            }
        }
        throw new UsageException(String.join("\n", problems));
    }

    private static Action.Verb verb(String word, List<String> problems) {
        switch (word) {
            case "ack":
                return Action.Verb.ACKNOWLEDGE;
            case "assign":
                return Action.Verb.ASSIGN;
            case "resolve":
                return Action.Verb.RESOLVE;
            case "reopen":
                return Action.Verb.REOPEN;
            case "silence":
                return Action.Verb.SILENCE;
            case "unsilence":
                return Action.Verb.UNSILENCE;
            default:
                problems.add(word + " is nothing that can be done; there are ack, assign, resolve, reopen, silence,"
                        + " unsilence");
                return Action.Verb.ACKNOWLEDGE;
        }
    }

    private @Nullable Long until(long from, List<String> problems) {
        if (span == null) {
            return null;
        }
        try {
            return from + DurationText.parse(span);
        } catch (IllegalArgumentException e) {
            problems.add("--for: " + e.getMessage());
            return null;
        }
    }

    private Duration patience(List<String> problems) {
        try {
            return Duration.ofMillis(DurationText.parse(wait));
        } catch (IllegalArgumentException e) {
            problems.add("--wait: " + e.getMessage());
            return Duration.ZERO;
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
