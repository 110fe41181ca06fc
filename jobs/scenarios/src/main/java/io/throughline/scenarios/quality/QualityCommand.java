package io.throughline.scenarios.quality;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Prints precision and recall of customers and sessions against the simulator's truth. */
@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Print how well the customers and sessions of a replay agree with what the simulator says really happened.",
            "Compared are pairs of touchpoints: precision is the share of the pairs put together that belong together,"
                    + " recall the share of those that belong together that were put together."
        },
        footer = {
            "",
            "  simulate --output touchpoints.ndjson --truth truth.ndjson",
            "  replay --input touchpoints.ndjson --out result",
            "  quality --truth truth.ndjson --result result",
            "",
            "Exit codes: 0 done, 1 failed or nothing to compare, 2 wrong usage."
        })
public final class QualityCommand implements Callable<Integer> {
    private record Found(String customer, String session) {}

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--truth", required = true, paramLabel = "FILE", description = "As simulate --truth writes it.")
    @SuppressWarnings("NullAway.Init")
    private Path truth;

    @Option(
            names = "--result",
            required = true,
            paramLabel = "DIR",
            description = "Where replay --out wrote touchpoints.ndjson.")
    @SuppressWarnings("NullAway.Init")
    private Path result;

    @Override
    public Integer call() throws IOException {
        Path touchpoints = result.resolve("touchpoints.ndjson");
        requireFile("--truth", truth);
        requireFile("--result", touchpoints);
        Map<String, Found> found = new HashMap<>();
        DocumentLine.read(
                touchpoints,
                document -> found.put(
                        document.path("touchpoint_id").asText(),
                        new Found(
                                document.path("customer_id").asText(),
                                document.path("session_id").asText(""))));
        Pairs.Counting customers = new Pairs.Counting();
        Pairs.Counting sessions = new Pairs.Counting();
        Pairs.Counting sessionsOfCustomers = new Pairs.Counting();
        long[] counts = new long[3];
        DocumentLine.read(truth, line -> {
            if (!line.path("truth").asText().equals("touchpoint")) {
                return;
            }
            Found as = found.get(line.path("touchpoint_id").asText());
            if (as == null) {
                counts[1]++;
                return;
            }
            counts[0]++;
            customers.add(line.path("person").asText(), as.customer());
            String session = line.path("session").asText("");
            if (session.isEmpty() || as.session().isEmpty()) {
                counts[2]++;
                return;
            }
            sessions.add(session, as.session());
            sessionsOfCustomers.add(session + " " + as.customer(), as.session());
        });
        if (counts[0] == 0) {
            spec.commandLine()
                    .getErr()
                    .printf("quality: no touchpoint of %s is in %s: do they belong together?%n", truth, touchpoints);
            return 1;
        }
        print("stitching", customers, "people", "customers");
        print("sessions", sessions, "in truth", "found");
        print("sessions within customers", sessionsOfCustomers, "in truth", "found");
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%,d touchpoints compared; %,d more in the truth only (rejected or late), %,d in no session on"
                                + " one side%n",
                        counts[0],
                        counts[1],
                        counts[2]);
        spec.commandLine().getOut().flush();
        return 0;
    }

    private void print(String what, Pairs.Counting counting, String inTruth, String found) {
        Pairs pairs = counting.pairs();
        spec.commandLine()
                .getOut()
                .printf(
                        Locale.ROOT,
                        "%-26s precision %.4f  recall %.4f  F1 %.4f   (%,d %s, %,d %s)%n",
                        what,
                        pairs.precision(),
                        pairs.recall(),
                        pairs.f1(),
                        counting.groupsInTruth(),
                        inTruth,
                        counting.groupsFound(),
                        found);
    }

    private void requireFile(String option, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new ParameterException(spec.commandLine(), option + ": " + file + " is not a file that can be read");
        }
    }
}
