package io.throughline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Pattern;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.replay.People;
import io.throughline.pipeline.replay.Replay;
import io.throughline.pipeline.replay.ReplayResult;
import io.throughline.pipeline.settings.Settings;
import io.throughline.scenarios.quality.DocumentLine;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says how well rules find the dissatisfaction that the simulator knows of. */
@Command(
        name = "quality",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Say how well alert rules find dissatisfaction, against what the simulator knows of it.",
            "",
            "Precision: of the alerts of a rule, how many are about an episode that left the person dissatisfied."
                    + " Recall: of all such episodes, how many the rule alerts of. Time to alert: from the beginning of"
                    + " the episode to when the alert opened, over the alerts that are right.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  simulate --days 14 --output touchpoints.ndjson --truth truth.ndjson",
            "  rules quality --on touchpoints.ndjson --truth truth.ndjson"
        })
final class RulesQualityCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--on", required = true, paramLabel = "FILE", description = InputFiles.TOUCHPOINTS + ".")
    @SuppressWarnings("NullAway.Init")
    private Path input;

    @Option(
            names = "--truth",
            required = true,
            paramLabel = "FILE",
            description = "What really happened, as simulate --truth writes it.")
    @SuppressWarnings("NullAway.Init")
    private Path truth;

    @Option(names = "--rules", paramLabel = "FILE", description = "Judge by these alert rules (YAML) alone.")
    private @Nullable Path rules;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration (YAML); without it the defaults.")
    private @Nullable Path config;

    /** An episode as it really was. */
    private record Episode(long start, boolean dissatisfied) {}

    /** What one rule came to. */
    private static final class Score {
        private int alerts;
        private int right;
        private final Set<String> found = new HashSet<>();
        private final List<Long> times = new ArrayList<>();
    }

    @Override
    public Integer call() throws Exception {
        InputFiles.check("--on", List.of(input));
        if (Files.isDirectory(truth) || !Files.isReadable(truth)) {
            throw new UsageException("--truth " + truth + " is not a file that can be read");
        }
        Settings settings = Configurations.load(config);
        AlertConfig alert = rules == null ? settings.alert() : RuleFiles.alone(rules, settings);
        Map<String, String> episodeOf = new HashMap<>();
        Map<String, Episode> episodes = new TreeMap<>();
        readTruth(episodeOf, episodes);
        ReplayResult result =
                Replay.run(input, People.SILENT, Rules.of(settings).withAlert(alert), null, 2);
        TreeMap<String, Score> scores = new TreeMap<>();
        Set<String> ofMetrics = new TreeSet<>();
        for (AlertRule rule : alert.rules()) {
            if (rule.pattern() instanceof Pattern.OfMetric) {
                ofMetrics.add(rule.ruleId());
            } else {
                scores.put(rule.ruleId(), new Score());
            }
        }
        Score any = new Score();
        for (byte[] document : result.of("alerts")) {
            JsonNode node = JSON.readTree(document);
            if (node.hasNonNull("customer_id")) {
                Score score = scores.computeIfAbsent(node.path("rule_id").asText(), id -> new Score());
                count(node, episodeOf, episodes, score);
                count(node, episodeOf, episodes, any);
            }
        }
        print(scores, any, episodes, ofMetrics);
        String leftOut = InputFiles.leftOut(result.accounting().get("rejected").asLong());
        if (leftOut != null) {
            spec.commandLine().getErr().println(Throughline.name(spec) + ": " + leftOut);
        }
        return 0;
    }

    private void readTruth(Map<String, String> episodeOf, Map<String, Episode> episodes) throws IOException {
        DocumentLine.read(truth, node -> {
            switch (node.path("truth").asText()) {
                case "touchpoint" ->
                    episodeOf.put(
                            node.path("touchpoint_id").asText(),
                            node.path("episode").asText());
                case "episode" ->
                    episodes.put(
                            node.path("episode").asText(),
                            new Episode(
                                    Instant.parse(node.path("start").asText()).toEpochMilli(),
                                    node.path("dissatisfied").asBoolean()));
                default -> {
                    // Bad records open no alert.
                }
            }
        });
    }

    /** An alert is about the episodes of its evidence; of the past of another episode it says nothing. */
    private static void count(
            JsonNode alert, Map<String, String> episodeOf, Map<String, Episode> episodes, Score score) {
        Set<String> about = new HashSet<>();
        for (JsonNode evidence : alert.path("evidence")) {
            String episode = episodeOf.get(evidence.path("touchpoint_id").asText());
            if (episode != null && episodes.containsKey(episode)) {
                about.add(episode);
            }
        }
        if (about.isEmpty()) {
            return;
        }
        score.alerts++;
        long opened = Instant.parse(alert.path("opened_at").asText()).toEpochMilli();
        long time = Long.MAX_VALUE;
        for (String id : about) {
            Episode episode = episodes.get(id);
            if (episode != null && episode.dissatisfied) {
                score.found.add(id);
                time = Math.min(time, Math.max(0, opened - episode.start));
            }
        }
        if (time != Long.MAX_VALUE) {
            score.right++;
            score.times.add(time);
        }
    }

    private void print(TreeMap<String, Score> scores, Score any, Map<String, Episode> episodes, Set<String> ofMetrics) {
        long dissatisfied =
                episodes.values().stream().filter(Episode::dissatisfied).count();
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "%d episodes, %d of them dissatisfied (%.1f %%): an alert at random has that precision%n%n",
                episodes.size(),
                dissatisfied,
                100.0 * dissatisfied / Math.max(1, episodes.size()));
        out.printf(
                "%-30s %8s %10s %8s %12s %12s%n", "rule", "alerts", "precision", "recall", "median time", "p90 time");
        scores.forEach((rule, score) -> print(rule, score, dissatisfied, out));
        print("any rule", any, dissatisfied, out);
        // Zeros would say that they find nothing.
        ofMetrics.forEach(rule -> out.printf("%-30s not judged: about a metric, rules test shows it%n", rule));
        out.flush();
    }

    private static void print(String rule, Score score, long dissatisfied, PrintWriter out) {
        List<Long> times = score.times.stream().sorted().toList();
        out.printf(
                Locale.ROOT,
                "%-30s %8d %10s %8s %12s %12s%n",
                rule,
                score.alerts,
                score.alerts == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * score.right / score.alerts),
                dissatisfied == 0
                        ? "-"
                        : String.format(Locale.ROOT, "%.1f %%", 100.0 * score.found.size() / dissatisfied),
                quantile(times, 0.5),
                quantile(times, 0.9));
    }

    private static String quantile(List<Long> sorted, double share) {
        if (sorted.isEmpty()) {
            return "-";
        }
        Duration time = Duration.ofMillis(sorted.get((int) Math.min(sorted.size() - 1, share * sorted.size())));
        return time.toHours() >= 48
                ? String.format(Locale.ROOT, "%.1f d", time.toMinutes() / 1440.0)
                : time.toMinutes() >= 120
                        ? String.format(Locale.ROOT, "%.1f h", time.toMinutes() / 60.0)
                        : String.format(Locale.ROOT, "%.1f min", time.toSeconds() / 60.0);
    }
}
