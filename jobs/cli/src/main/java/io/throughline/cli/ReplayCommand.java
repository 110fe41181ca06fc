package io.throughline.cli;

import io.throughline.domain.stitch.Decision;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.replay.People;
import io.throughline.pipeline.replay.Replay;
import io.throughline.pipeline.replay.ReplayResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the experience job over a file and writes what it comes to. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Run the experience job over a file of touchpoints, without servers, and write the final documents.",
            "They are touchpoints, customers, identity-changes, sessions, issues, journeys, transitions, metrics, alerts,"
                    + " alert-answers and rejected as KIND.ndjson, and accounting.json.",
            "Nothing is late; the result does not depend on the order of the lines."
        },
        footer = {
            "",
            "Everything is in memory: 100,000 touchpoints (50 MB) need 1 GB of heap: THROUGHLINE_JAVA_OPTS=-Xmx1g.",
            "",
            "Exit codes: 0 done, also where records were rejected; 1 failed; 2 wrong usage."
        })
final class ReplayCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE|-",
            description = InputFiles.TOUCHPOINTS + "; - for standard input.")
    @SuppressWarnings("NullAway.Init")
    private Path input;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Directory for the documents; made if it does not exist.")
    @SuppressWarnings("NullAway.Init")
    private Path out;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML); without it every default holds.")
    private @Nullable Path config;

    @Option(
            names = "--decisions",
            paramLabel = "FILE",
            description =
                    "People's decisions on identifiers, one JSON object a line, as link --output writes them. With"
                            + " --as-of, those effective from a later time do not hold.")
    private @Nullable Path decisions;

    @Option(
            names = "--erasures",
            paramLabel = "FILE",
            description = "Who is to be forgotten, one JSON object a line, as erase --output writes them; all hold,"
                    + " whatever --as-of says.")
    private @Nullable Path erasures;

    @Option(
            names = "--actions",
            paramLabel = "FILE",
            description = "What people did about alerts, one JSON object a line, as alert --output writes them. With"
                    + " --as-of, those of a later time do not hold.")
    private @Nullable Path actions;

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description =
                    "Time to evaluate at, ISO-8601 or epoch milliseconds; without it the largest event time"
                            + " that counts. Touchpoints after it are processed and evidence of who is who, but stand in no document.")
    private @Nullable String asOf;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            defaultValue = "2",
            description = "Parallel tasks; changes nothing but speed. Default: ${DEFAULT-VALUE}.")
    private int parallelism;

    @Override
    public Integer call() throws Exception {
        long start = System.nanoTime();
        Path lines = InputFiles.readOnce(input);
        if (out.toString().isEmpty()) {
            throw new UsageException("--out is empty, a directory is needed; . is the one you are in");
        }
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new UsageException("--out " + out + " is a file, a directory is needed");
        }
        if (parallelism < 1 || parallelism > 64) {
            throw new UsageException("--parallelism must be from 1 to 64, was " + parallelism);
        }
        Rules rules = Rules.of(Configurations.load(config));
        Long asOfMillis = asOf == null ? null : Times.millis("--as-of", asOf);
        List<Decision> decided = WordFiles.decisions(decisions, rules);
        People people = new People(decided, WordFiles.erasures(erasures, rules), ActionFiles.read(actions));
        makeDirectory();
        keepWhatIsRead();
        ReplayResult result = Replay.run(lines, people, rules, asOfMillis, parallelism);
        result.write(out);
        if (decisions != null) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "replay: decisions: %d read, %d left out as effective only after --as-of%n",
                            decided.size(),
                            decided.stream()
                                    .filter(decision -> asOfMillis != null && decision.effectiveFrom() > asOfMillis)
                                    .count());
        }
        spec.commandLine()
                .getErr()
                .printf("replay: %s, %.1f s%n", result.accounting(), (System.nanoTime() - start) / 1e9);
        long hidden = result.accounting().get("processed").asLong()
                - result.of("touchpoints").size();
        if (asOf != null && hidden > 0) {
            spec.commandLine()
                    .getErr()
                    .printf(
                            "replay: %d of the processed touchpoints are later than --as-of: no document has them%n",
                            hidden);
        }
        return 0;
    }

    /** Before anything is computed: nobody wants to wait for a result that cannot be written. */
    private void makeDirectory() {
        try {
            Files.createDirectories(out);
        } catch (IOException e) {
            throw new UsageException("--out " + out + " cannot be made: " + Throughline.inOneLine(e));
        }
        if (!Files.isWritable(out)) {
            throw new UsageException("--out " + out + " is a directory that cannot be written to");
        }
    }

    /** Documents replace what has their name, and nobody means to lose the touchpoints they are made of. */
    private void keepWhatIsRead() throws IOException {
        for (Path read : Stream.of(input, config, decisions, erasures, actions)
                .filter(Objects::nonNull)
                .toList()) {
            for (Path written : ReplayResult.files(out)) {
                if (Files.exists(read) && Files.exists(written) && Files.isSameFile(read, written)) {
                    throw new UsageException("--out " + out + " would write its documents over " + read
                            + ", which is read; name another directory");
                }
            }
        }
    }
}
