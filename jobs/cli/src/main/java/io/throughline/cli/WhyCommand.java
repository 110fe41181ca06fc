package io.throughline.cli;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import io.throughline.cli.WhyReport.Decided;
import io.throughline.domain.ingest.IngestedTouchpoints;
import io.throughline.domain.ingest.TypedSubject;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Explanation;
import io.throughline.domain.stitch.Explanation.Party;
import io.throughline.domain.stitch.Neighbourhood;
import io.throughline.domain.stitch.Subject;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.kafka.DecisionTopic;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.index.IndexedTouchpoints;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says why two touchpoints or identifiers are one customer, or why they are not. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "throughline why A B (--input FILE... [--config FILE] | --config FILE)",
            "                [--decisions FILE] [--limit N] [--json]"
        },
        description = {
            "Say why two touchpoints or identifiers are one customer, or why they are not.",
            "",
            "A and B are touchpoint ids or identifiers, TYPE:VALUE, normalised and pseudonymised as ingest does;"
                    + " TYPE:#HEX is taken as a pseudonym already, touchpoint:ID as a touchpoint whatever the id"
                    + " looks like.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  why t-1 email:ada@example.com --input touchpoints.ndjson",
            "  why customer_number:1042 customer_number:1043 --config throughline.yaml --json",
            "",
            "Exit codes: 0 answered, either way; 1 nobody knows A or B, or the index is away; 2 wrong usage."
        })
final class WhyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "A B", hideParamSyntax = true, description = "What to explain: two ids.")
    private List<String> asked = List.of();

    @Option(
            names = "--input",
            arity = "1..*",
            paramLabel = "FILE",
            description = InputFiles.TOUCHPOINTS + "; put it after A and B. No server is asked.")
    private List<Path> input = List.of();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) of the jobs: the rules, the key of pseudonyms and, without --input,"
                    + " where Elasticsearch is, whose index of touchpoints is then searched.")
    private @Nullable Path config;

    @Option(
            names = "--decisions",
            paramLabel = "FILE",
            description = "People's decisions on identifiers, one JSON object a line, as link --output writes them;"
                    + " without it, those of the topic " + DecisionTopic.NAME + " where the live index is searched,"
                    + " none with --input.")
    private @Nullable Path decisions;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Most touchpoints to fetch from the index; the answer says where it stopped there."
                    + " Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if (asked.size() != 2) {
            throw new UsageException("name two touchpoints or identifiers, A and B, before --input; there "
                    + (asked.size() == 1 ? "is " : "are ") + asked.size());
        }
        if (input.isEmpty() && config == null) {
            throw new UsageException("say where to look: --input FILE for files, --config FILE for the live index");
        }
        if (limit < 1) {
            throw new UsageException("--limit must be at least 1, was " + limit);
        }
        InputFiles.check("--input", input);
        Settings settings = Configurations.load(config);
        Decided file = new Decided(
                decisions == null ? null : decisions.toString(),
                WordFiles.decisions(decisions, Rules.of(settings)),
                0,
                null);
        TypedSubject typed = new TypedSubject(settings.ingest(), new LibPhoneNumbers());
        Subject a = typed.read(asked.get(0));
        Subject b = typed.read(asked.get(1));
        WhyReport report =
                input.isEmpty() ? fromIndex(settings, typed, file, a, b) : fromFiles(settings, typed, file, a, b);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(report.json());
        } else if (report.known()) {
            out.print(report.text());
        }
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        report.complaints().forEach(complaint -> err.println("why: " + complaint));
        return report.known() ? 0 : 1;
    }

    private WhyReport fromFiles(Settings settings, TypedSubject typed, Decided decided, Subject a, Subject b)
            throws IOException {
        IngestedTouchpoints ingested =
                InputFiles.ingested(InputFiles.read(input, List.of(settings.ingest())), settings.ingest());
        var touchpoints = ingested.touchpoints();
        Neighbourhood around = Neighbourhood.of(
                Neighbourhood.over(touchpoints),
                List.of(a, b),
                decided.decisions(),
                settings.stitch(),
                Integer.MAX_VALUE);
        Explanation why = Explanation.of(around.touchpoints(), decided.decisions(), settings.stitch(), a, b);
        String source = input.stream().map(Path::toString).collect(Collectors.joining(", "));
        return report(
                why,
                typed,
                new WhyReport.Searched(source, touchpoints.size(), ingested.rejected(), decided),
                Map.of(),
                around);
    }

    private WhyReport fromIndex(Settings settings, TypedSubject typed, Decided file, Subject a, Subject b)
            throws IOException {
        String where = String.join(",", settings.elasticsearch().connection().urls());
        try (ElasticsearchClient client = settings.elasticsearch().connection().open()) {
            IndexedTouchpoints indexed = new IndexedTouchpoints(client);
            // An index that is away is said before Kafka is waited for.
            long count = indexed.count();
            Decided decided = decisions == null ? fromTopic(settings) : file;
            Neighbourhood around =
                    Neighbourhood.of(indexed, List.of(a, b), decided.decisions(), settings.stitch(), limit);
            Explanation why = Explanation.of(around.touchpoints(), decided.decisions(), settings.stitch(), a, b);
            Map<Party, String> others = new LinkedHashMap<>();
            for (Party party : List.of(why.a(), why.b())) {
                String customer = party.subject() instanceof Subject.TouchpointId touchpoint
                        ? indexed.customerOf(touchpoint.id())
                        : null;
                if (customer != null && !customer.equals(party.customerId())) {
                    others.put(party, customer);
                }
            }
            return report(
                    why,
                    typed,
                    new WhyReport.Searched(DocumentKind.TOUCHPOINTS.alias() + " at " + where, count, 0, decided),
                    others,
                    around);
        } catch (IOException e) {
            throw isUnreachable(e)
                    ? new IOException("Elasticsearch is not reachable at " + where
                            + ": start it or set elasticsearch.urls, or name files with --input")
                    : e;
        }
    }

    /** Evidence alone is an answer, too, where nobody can be asked what was decided. */
    private static Decided fromTopic(Settings settings) {
        String source = PublishedDecisions.source(settings.kafka());
        try {
            PublishedDecisions published = PublishedDecisions.read(settings.kafka());
            List<Decision> counting = published.under(settings.ingest(), settings.stitch());
            return new Decided(source, counting, published.written().size() - counting.size(), null);
        } catch (UnavailableException e) {
            return new Decided(source, List.of(), 0, e.getMessage());
        }
    }

    private static boolean isUnreachable(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof ConnectException
                || failure instanceof UnknownHostException
                || failure instanceof SocketTimeoutException
                || (cause != null && isUnreachable(cause));
    }

    private WhyReport report(
            Explanation why,
            TypedSubject typed,
            WhyReport.Searched searched,
            Map<Party, String> others,
            Neighbourhood around) {
        return new WhyReport(
                why,
                asked.get(0),
                asked.get(1),
                typed,
                searched,
                others,
                around.complete() ? null : around.touchpoints().size());
    }
}
