package io.throughline.cli;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import io.throughline.domain.ingest.DecisionValidation.Problem;
import io.throughline.domain.ingest.ErasureValidation;
import io.throughline.domain.ingest.ErasureValidation.Checked;
import io.throughline.domain.ingest.RawErasure;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.ingest.TypedSubject;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.kafka.ControlTopic;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.pipeline.index.IndexedTouchpoints;
import io.throughline.pipeline.ingest.ErasureTopology;
import io.throughline.pipeline.ingest.JsonErasures;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.settings.Settings;
import io.throughline.pipeline.wire.AvroDocuments;
import io.throughline.schemas.StitchedTouchpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says who is to be forgotten: to the topic the experience job reads, or to a file for replay. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "throughline erase IDENTIFIER... --reason TEXT [--until TIME|--for-good] [--customer] [--indexed]",
            "                  [--author NAME] [--config FILE] [--output FILE|-]"
        },
        description = {
            "Erase every touchpoint that bears an identifier, up to a time: it is taken out of customers, sessions, metrics"
                    + " and alerts, its document is deleted, and nothing that is read again brings it back."
                    + " This cannot be undone.",
            "",
            "Identifiers of persons and devices, TYPE:VALUE, normalised and pseudonymised as ingest does, or TYPE:#HEX,"
                    + " pseudonyms already.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  erase email:ada@example.com phone:+4930123456 --reason 'request 4711' --config throughline.yaml",
            "  erase customer_number:1042 --customer --reason 'request 4711' --config throughline.yaml",
            "",
            "Exit codes: 0 written, 1 a server is away or no customer has the identifier, 2 wrong usage."
        })
final class EraseCommand implements Callable<Integer> {

    /** Where documents of touchpoints are, and marks in their place. */
    private static final String MARKS = "stitched-touchpoints";

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "IDENTIFIER", description = "TYPE:VALUE or TYPE:#HEX, at least one.")
    private List<String> named = List.of();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it is kept with the erasure.")
    private @Nullable String reason;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description =
                    "ISO-8601 or epoch milliseconds, not in the future; without it, now. What happened later counts:"
                            + " who comes back is a new customer.")
    private @Nullable String until;

    @Option(names = "--for-good", description = "Whatever is still to happen is erased as well.")
    private boolean forGood;

    @Option(
            names = "--customer",
            description =
                    "All identifiers of the customers who have these, as the live index knows them, except devices that"
                            + " several people share and what is quarantined.")
    private boolean customer;

    @Option(
            names = "--indexed",
            description = "Also delete what the live index has and the job has forgotten: touchpoints older than"
                    + " stitch.reattribution_horizon. The sums they are part of stay.")
    private boolean indexed;

    @Option(
            names = "--author",
            paramLabel = "NAME",
            description = "Who asked for it; without it, who runs this command.")
    private @Nullable String author;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Configuration (YAML) of the jobs: where Kafka is, types, the key of pseudonyms; with --customer,"
                            + " where Elasticsearch is.")
    private @Nullable Path config;

    @Option(
            names = "--output",
            paramLabel = "FILE|-",
            description = "Append to a file (- for standard output) instead of writing to Kafka, to try it on history"
                    + " with replay --erasures FILE.")
    private @Nullable String output;

    @Override
    public Integer call() throws IOException, UnavailableException {
        Settings settings = Configurations.load(config);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        TypedSubject typed = new TypedSubject(settings.ingest(), new LibPhoneNumbers());
        Map<Identifier, Erasure> erasures = erasures(settings, typed, now);
        settings.warnings().forEach(warning -> err().println("erase: warning: " + warning));
        if (customer) {
            withTheirCustomers(erasures, settings, typed);
        }
        if (output == null) {
            publish(erasures.values(), settings, typed, now);
            if (indexed) {
                mark(erasures.values(), settings, typed);
            }
            return 0;
        }
        for (Erasure erasure : erasures.values()) {
            String line = JsonErasures.line(erasure, now, settings.ingest());
            if (output.equals("-")) {
                out().println(line);
            } else {
                LineFile.append(Path.of(output), line);
                print(erasure, typed, "appended to " + output);
            }
        }
        out().flush();
        return 0;
    }

    private Map<Identifier, Erasure> erasures(Settings settings, TypedSubject typed, Instant now) {
        List<String> problems = new ArrayList<>();
        if (named.isEmpty()) {
            problems.add("name at least one identifier as TYPE:VALUE, such as email:ada@example.com");
        }
        if (indexed && output != null) {
            problems.add("--indexed: nothing is deleted where the erasures only go to a file; leave out --output");
        }
        long until = until(now, problems);
        ErasureValidation validation =
                new ErasureValidation(settings.ingest(), settings.stitch(), new LibPhoneNumbers());
        Map<Identifier, Erasure> erasures = new LinkedHashMap<>();
        for (int i = 0; i < named.size(); i++) {
            Identity identity = identity(i, problems);
            if (identity == null) {
                continue;
            }
            Checked checked = validation.typed(
                    new RawErasure(identity, until, reason, author == null ? System.getProperty("user.name") : author));
            for (Problem problem : checked.problems()) {
                String said = problem.field().startsWith("identifier")
                        ? "IDENTIFIER " + (i + 1) + ": " + problem.text()
                        : option(problem.field()) + ": " + problem.text();
                if (!problems.contains(said)) {
                    problems.add(said);
                }
            }
            Erasure erasure = checked.erasure();
            if (erasure != null) {
                erasures.put(erasure.identifier(), erasure);
            }
        }
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("\n", problems));
        }
        return erasures;
    }

    private @Nullable Identity identity(int index, List<String> problems) {
        String text = named.get(index);
        int colon = text.indexOf(':');
        if (colon < 1 || colon == text.length() - 1) {
            problems.add("IDENTIFIER " + (index + 1) + ": must be TYPE:VALUE, such as email:ada@example.com");
            return null;
        }
        return new Identity(text.substring(0, colon), text.substring(colon + 1));
    }

    private static String option(String field) {
        return field.equals("erased_until") ? "--until" : "--" + field.replace('_', '-');
    }

    private long until(Instant now, List<String> problems) {
        if (forGood) {
            if (until != null) {
                problems.add("--until and --for-good exclude each other; say one of them");
            }
            return ErasureValidation.FOR_GOOD;
        }
        if (until == null) {
            return now.toEpochMilli();
        }
        try {
            long millis = Times.millis("--until", until);
            if (millis > now.toEpochMilli()) {
                problems.add("--until: lies in the future, and what is erased cannot be taken back; name a time that is"
                        + " past, or say --for-good");
            }
            return millis;
        } catch (UsageException e) {
            problems.add(String.valueOf(e.getMessage()));
            return now.toEpochMilli();
        }
    }

    private void withTheirCustomers(Map<Identifier, Erasure> erasures, Settings settings, TypedSubject typed)
            throws IOException {
        IndexedCustomers customers =
                new IndexedCustomers(settings.elasticsearch().connection());
        for (Erasure erasure : List.copyOf(erasures.values())) {
            List<IndexedCustomers.Has> has = customers.having(erasure.identifier());
            if (has.isEmpty()) {
                throw new IOException("no customer in the live index has "
                        + typed.write(erasure.identifier())
                        + ": leave out --customer to erase the identifier alone; nothing was written");
            }
            for (IndexedCustomers.Has one : has) {
                if (one.belongs()) {
                    erasures.putIfAbsent(
                            one.identifier(),
                            new Erasure(one.identifier(), erasure.until(), erasure.reason(), erasure.author()));
                } else if (!erasures.containsKey(one.identifier())) {
                    err().printf(
                                    "erase: left out: %s of %s is %s, others would be erased with it; name it to erase it"
                                            + " all the same%n",
                                    typed.write(one.identifier()), one.customerId(), one.note());
                }
            }
        }
    }

    /** The topic keeps the record that is written last, and no erasure may become smaller. */
    private void publish(Iterable<Erasure> erasures, Settings settings, TypedSubject typed, Instant now)
            throws UnavailableException, IOException {
        PublishedErasures published = PublishedErasures.read(settings.kafka());
        for (Erasure erasure : erasures) {
            Long standing = published.until(erasure);
            if (standing != null && standing >= erasure.until()) {
                print(erasure, typed, "is erased until " + Instant.ofEpochMilli(standing) + " already");
            } else {
                String origin = published.write(erasure, now);
                print(erasure, typed, "written to topic " + ErasureTopology.TOPIC + " as " + origin);
            }
        }
        out().flush();
    }

    /** The job marks those it remembers with the same marks. */
    private void mark(Iterable<Erasure> erasures, Settings settings, TypedSubject typed)
            throws IOException, UnavailableException {
        List<StitchedTouchpoint> marks = new ArrayList<>();
        try (ElasticsearchClient client = settings.elasticsearch().connection().open()) {
            IndexedTouchpoints touchpoints = new IndexedTouchpoints(client);
            for (Erasure erasure : erasures) {
                int found = touchpoints.marks(erasure, mark -> marks.add(AvroDocuments.of(mark)));
                out().printf("%s: %d touchpoints in the index%n", typed.write(erasure.identifier()), found);
            }
        }
        new ControlTopic<>(
                        MARKS,
                        StitchedTouchpoint.class,
                        settings.kafka().bootstrapServers(),
                        settings.kafka().registryUrl(),
                        settings.kafka().properties())
                .writeAll(StitchedTouchpoint::getTouchpointId, marks);
        out().printf("%d marks written to topic %s%n", marks.size(), MARKS);
        out().flush();
    }

    private void print(Erasure erasure, TypedSubject typed, String where) {
        out().printf(
                        "%s until %s: %s%n",
                        typed.write(erasure.identifier()), Instant.ofEpochMilli(erasure.until()), where);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
