package io.throughline.cli;

import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.IngestedTouchpoints;
import io.throughline.domain.ingest.TypedSubject;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Preview;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.stitch.Stitched;
import io.throughline.kafka.DecisionTopic;
import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.ingest.TouchpointTopic;
import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says which customers other rules would merge and split, before they are deployed. */
@Command(
        name = "preview",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        customSynopsis = {
            "throughline preview --config NEW.yaml [--current OLD.yaml] (--input FILE... | --topic [--limit N])",
            "                    [--decisions FILE] [--examples N] [--json]"
        },
        description = {
            "Say which customers a change of rules would merge and split, before it is deployed.",
            "",
            "Runs ingest and stitching over the same touchpoints with both configurations, in memory. The result"
                    + " does not depend on the order of the touchpoints.",
            ""
        },
        footer = {
            "",
            "A million touchpoints need 2 GB of heap, 3 GB where ingest differs: THROUGHLINE_JAVA_OPTS=-Xmx3g.",
            "",
            "Exit codes: 0 compared, with or without a change; 1 the servers are away; 2 wrong usage."
        })
final class PreviewCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--config", required = true, paramLabel = "NEW.yaml", description = "Configuration to try.")
    @SuppressWarnings("NullAway.Init")
    private Path config;

    @Option(
            names = "--current",
            paramLabel = "OLD.yaml",
            description = "Configuration in use; without it every default, with the pseudonym key of the new one.")
    private @Nullable Path current;

    @Option(names = "--input", arity = "1..*", paramLabel = "FILE", description = InputFiles.TOUCHPOINTS + ".")
    private List<Path> input = List.of();

    @Option(
            names = "--topic",
            description = "Read the topic " + TouchpointTopic.NAME
                    + " up to its present end, where the new configuration says Kafka is.")
    private boolean topic;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "With --topic: at most so many records, the newest of each partition; without it all.")
    private @Nullable Long limit;

    @Option(
            names = "--decisions",
            paramLabel = "FILE",
            description =
                    "People's decisions on identifiers, one JSON object a line, as link --output writes them; they hold"
                            + " with both. Without it, with --topic, those of the topic " + DecisionTopic.NAME + ".")
    private @Nullable Path decisions;

    @Option(
            names = "--examples",
            paramLabel = "N",
            defaultValue = "5",
            description = "Merges and splits to describe, those with the most touchpoints. Default: ${DEFAULT-VALUE}.")
    private int examples;

    @Option(names = "--json", description = "Print one JSON document.")
    private boolean json;

    /** One of the two configurations, and what it makes of the touchpoints. */
    private record Side(IngestedTouchpoints ingested, Stitched stitched) {}

    @Override
    public Integer call() throws IOException, UnavailableException {
        long start = System.nanoTime();
        check();
        Settings next = loadBoth();
        Settings now = current == null ? null : Configurations.load(current);
        IngestConfig nextIngest = next.ingest();
        IngestConfig nowIngest =
                now == null ? Settings.defaults().ingest().with(nextIngest.pseudonymKey()) : now.ingest();
        StitchConfig nowStitch = now == null ? Settings.defaults().stitch() : now.stitch();
        PublishedDecisions published = topic && decisions == null ? PublishedDecisions.read(next.kafka()) : null;
        List<Decision> nextDecisions = published == null
                ? WordFiles.decisions(decisions, Rules.of(next))
                : published.under(nextIngest, next.stitch());
        List<Decision> nowDecisions;
        if (published != null) {
            nowDecisions = published.under(nowIngest, nowStitch);
        } else {
            nowDecisions = now == null ? nextDecisions : WordFiles.decisions(decisions, Rules.of(now));
        }

        Map<IngestConfig, IngestedTouchpoints> ingested = ingest(next, List.of(nowIngest, nextIngest));
        Side before = side(ingested, nowIngest, nowDecisions, nowStitch);
        Side after = side(ingested, nextIngest, nextDecisions, next.stitch());
        Preview preview = Preview.of(before.stitched(), after.stitched(), examples);

        PreviewReport report = new PreviewReport(
                preview,
                new TypedSubject(nextIngest, new LibPhoneNumbers()),
                source(next),
                new PreviewReport.Decided(
                        published != null ? published.source() : decisions == null ? null : decisions.toString(),
                        nowDecisions.size(),
                        nextDecisions.size()),
                before.ingested().records(),
                before.ingested().rejected(),
                after.ingested().rejected());
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.json() : report.text());
        out.flush();
        if (published != null && published.written().size() > Math.min(nowDecisions.size(), nextDecisions.size())) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "preview: of %d decisions of %s %d count with the old rules, %d with the new ones; the"
                                    + " others are left out%n",
                            published.written().size(), published.source(), nowDecisions.size(), nextDecisions.size());
        }
        spec.commandLine()
                .getErr()
                .printf(
                        "preview: %d records, %.1f s%n",
                        before.ingested().records(), (System.nanoTime() - start) / 1e9);
        return 0;
    }

    private void check() {
        List<String> problems = new ArrayList<>();
        if (input.isEmpty() == !topic) {
            problems.add("say where the touchpoints are: --input FILE or --topic" + (topic ? ", not both" : ""));
        }
        if (limit != null && (!topic || limit < 1)) {
            problems.add("--limit must be at least 1 and goes with --topic only");
        }
        if (examples < 0) {
            problems.add("--examples must not be negative, was " + examples);
        }
        if (!problems.isEmpty()) {
            throw new UsageException(String.join("\n", problems));
        }
        InputFiles.check("--input", input);
    }

    /** The new configuration; the faults of both are listed together. */
    private Settings loadBoth() {
        List<String> problems = new ArrayList<>();
        Settings next = null;
        try {
            next = Configurations.load(config);
        } catch (UsageException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
        if (current != null) {
            try {
                Configurations.load(current);
            } catch (UsageException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (next == null || !problems.isEmpty()) {
            throw new UsageException(String.join("\n", problems));
        }
        return next;
    }

    private Map<IngestConfig, IngestedTouchpoints> ingest(Settings next, List<IngestConfig> configurations)
            throws IOException {
        if (!topic) {
            return InputFiles.read(input, configurations);
        }
        Map<IngestConfig, IngestedTouchpoints> result = InputFiles.empty(configurations);
        TouchpointTopic.read(
                next.kafka(), limit == null ? Long.MAX_VALUE : limit, (decoded, timestamp) -> result.values()
                        .forEach(ingested -> ingested.add(decoded, timestamp)));
        return result;
    }

    private static Side side(
            Map<IngestConfig, IngestedTouchpoints> all,
            IngestConfig ingest,
            List<Decision> decisions,
            StitchConfig stitch) {
        IngestedTouchpoints ingested = InputFiles.ingested(all, ingest);
        return new Side(ingested, Stitched.of(ingested.touchpoints(), decisions, stitch));
    }

    private String source(Settings next) {
        return topic
                ? "topic " + TouchpointTopic.NAME + " at " + next.kafka().bootstrapServers()
                : input.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
}
