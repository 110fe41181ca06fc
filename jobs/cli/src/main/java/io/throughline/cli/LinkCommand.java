package io.throughline.cli;

import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.DecisionValidation.Checked;
import io.throughline.domain.ingest.RawDecision;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.kafka.DecisionTopic;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.pipeline.ingest.AvroDecisions;
import io.throughline.pipeline.ingest.JsonDecisions;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.settings.KafkaSettings;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes a person's decision on two identifiers: to the topic the experience job reads, or to a file for replay. */
@Command(
        name = "link",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "throughline link --always|--never|--withdraw A B --reason TEXT [--author NAME]",
            "                 [--effective-from TIME] [--config FILE] [--output FILE|-]"
        },
        description = {
            "Decide that two identifiers are one customer, or never are; it wins over evidence and survives replay.",
            "",
            "A and B are identifiers of persons, TYPE:VALUE, normalised and pseudonymised as ingest does,"
                    + " or TYPE:#HEX, pseudonyms already. Touchpoint ids are not accepted: name an"
                    + " identifier that the touchpoint bears.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  link --never email:family@example.com customer_number:1042 --reason 'father and son'",
            "  link --always phone:+4930123456 'email:#8a1f0c52d6e94b7788c3a5f4e1d2b390' --reason 'told us'",
            "",
            "Exit codes: 0 written, 1 Kafka or the Schema Registry is away, 2 wrong usage."
        })
final class LinkCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--always",
            description = "They are one customer, unless that breaks a unique type, a limit or another decision.")
    private boolean always;

    @Option(names = "--never", description = "They are never one customer.")
    private boolean never;

    @Option(names = "--withdraw", description = "Evidence alone decides, as if nobody had ever decided.")
    private boolean withdraw;

    @Parameters(arity = "0..*", paramLabel = "A B", description = "The two identifiers, TYPE:VALUE or TYPE:#HEX.")
    private List<String> identifiers = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept with the decision.")
    private @Nullable String reason;

    @Option(names = "--author", paramLabel = "NAME", description = "Who decided; without it, who runs this command.")
    private @Nullable String author;

    @Option(
            names = "--effective-from",
            paramLabel = "TIME",
            description =
                    "ISO-8601 or epoch milliseconds, not in the future; without it, now. Of several decisions on a"
                            + " pair the one with the latest time holds, for all of its history.")
    private @Nullable String effectiveFrom;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) of the jobs: where Kafka is, types, the key of pseudonyms.")
    private @Nullable Path config;

    @Option(
            names = "--output",
            paramLabel = "FILE|-",
            description = "Append to a file (- for standard output) instead of writing to Kafka, to try it on history"
                    + " with replay --decisions FILE.")
    private @Nullable String output;

    @Override
    public Integer call() throws IOException, UnavailableException {
        Settings settings = Configurations.load(config);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        DecisionValidation validation =
                new DecisionValidation(settings.ingest(), settings.stitch(), new LibPhoneNumbers());
        Decision decision = decision(validation, now);
        settings.warnings().forEach(warning -> err().println("link: warning: " + warning));
        if (output == null) {
            publish(decision, settings, validation, now);
            return 0;
        }
        String line = JsonDecisions.line(decision, now, settings.ingest());
        if (output.equals("-")) {
            out().println(line);
            out().flush();
        } else {
            LineFile.append(Path.of(output), line);
            print(decision, settings, "appended to " + output);
        }
        return 0;
    }

    private Decision decision(DecisionValidation validation, Instant now) {
        List<String> problems = new ArrayList<>();
        String verdict = verdict(problems);
        boolean two = identifiers.size() == 2;
        if (!two) {
            problems.add("name two identifiers, A and B, as TYPE:VALUE; there "
                    + (identifiers.size() == 1 ? "is " : "are ") + identifiers.size());
        }
        Identity one = two ? identity("A", identifiers.get(0), problems) : null;
        Identity other = two ? identity("B", identifiers.get(1), problems) : null;
        Checked checked = validation.typed(new RawDecision(
                verdict,
                one,
                other,
                effectiveFrom(now, problems),
                reason,
                author == null ? System.getProperty("user.name") : author));
        for (DecisionValidation.Problem problem : checked.problems()) {
            String option = option(problem.field());
            // What could not be handed over is complained of already.
            boolean said = problem.field().equals("verdict")
                    || problem.field().equals("one") && one == null
                    || problem.field().equals("other") && other == null;
            if (!said) {
                problems.add(option + ": " + problem.text());
            }
        }
        Decision decision = checked.decision();
        if (decision == null || !problems.isEmpty()) {
            throw new UsageException(String.join("\n", problems));
        }
        return decision;
    }

    private String verdict(List<String> problems) {
        List<String> asked = new ArrayList<>();
        if (always) {
            asked.add("--always");
        }
        if (never) {
            asked.add("--never");
        }
        if (withdraw) {
            asked.add("--withdraw");
        }
        if (asked.isEmpty()) {
            problems.add("say what is decided: --always, --never or --withdraw");
        } else if (asked.size() > 1) {
            problems.add(String.join(" and ", asked) + " exclude each other; say one of them");
        }
        return DecisionValidation.word(
                always ? Decision.Verdict.ALWAYS : never ? Decision.Verdict.NEVER : Decision.Verdict.WITHDRAWN);
    }

    private static @Nullable Identity identity(String name, String text, List<String> problems) {
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            problems.add(name + ": must be TYPE:VALUE, such as email:ada@example.com; touchpoint ids are not accepted");
            return null;
        }
        return new Identity(text.substring(0, colon), text.substring(colon + 1));
    }

    private long effectiveFrom(Instant now, List<String> problems) {
        if (effectiveFrom == null) {
            return now.toEpochMilli();
        }
        try {
            long millis = Times.millis("--effective-from", effectiveFrom);
            if (millis > now.toEpochMilli()) {
                problems.add("--effective-from: lies in the future, where nobody could overrule it until then;"
                        + " leave it out or name a time that is past");
            }
            return millis;
        } catch (UsageException e) {
            problems.add(String.valueOf(e.getMessage()));
            return now.toEpochMilli();
        }
    }

    private static String option(String field) {
        return switch (field) {
            case "one", "one.type", "one.value" -> "A";
            case "other", "other.type", "other.value" -> "B";
            default -> "--" + field.replace('_', '-');
        };
    }

    /** Only a decision that will hold is written: the topic keeps the last one of a pair, the job the latest. */
    private void publish(Decision decision, Settings settings, DecisionValidation validation, Instant now)
            throws UnavailableException {
        KafkaSettings kafka = settings.kafka();
        DecisionTopic topic = new DecisionTopic(kafka.bootstrapServers(), kafka.registryUrl(), kafka.properties());
        String key = AvroDecisions.keyOf(decision);
        DecisionTopic.Written newest = topic.newest(key);
        Decision standing = newest == null
                ? null
                : validation
                        .published(AvroDecisions.raw(newest.decision()), newest.timestamp())
                        .decision();
        if (standing != null && standing.overrules(decision)) {
            throw new UsageException("--effective-from: \"" + DecisionValidation.word(standing.verdict())
                    + "\" is decided for this pair with effect from " + Instant.ofEpochMilli(standing.effectiveFrom())
                    + " and would go on holding; leave the option out or name a later time");
        }
        String origin = topic.write(key, AvroDecisions.of(decision, now));
        print(decision, settings, "written to topic " + DecisionTopic.NAME + " as " + origin);
    }

    private void print(Decision decision, Settings settings, String where) {
        out().printf(
                        "%s: %s and %s%neffective from %s%n%s%n",
                        DecisionValidation.word(decision.verdict()),
                        shown(decision.one(), settings),
                        shown(decision.other(), settings),
                        Instant.ofEpochMilli(decision.effectiveFrom()),
                        where);
        out().flush();
    }

    /** In a form in which it can be given to this command again. */
    private static String shown(Identifier identifier, Settings settings) {
        return identifier.type() + ":" + DecisionValidation.typed(identifier, settings.ingest());
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
