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
            "",
            "Time to acknowledge: from when an alert opened to when it was first acknowledged or assigned, over those"
                    + " that were. Time to resolve: to when it was resolved, by a person or a touchpoint, over those"
                    + " that are resolved in the end. Alerts of rules on trial are left out, and retracted ones.",
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

    @Option(
            names = "--actions",
            paramLabel = "FILE",
            description = "What people did about alerts, one JSON object a line, as alert --output writes them.")
    private @Nullable Path actions;

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

    /** How long it took people to react to the alerts of one rule and severity, or of all of a severity. Milliseconds. */
    private static final class Reaction {
        private int alerts;
        private final List<Long> acknowledged = new ArrayList<>();
        private final List<Long> resolved = new ArrayList<>();
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
        People people = new People(List.of(), List.of(), ActionFiles.read(actions));
        ReplayResult result = Replay.run(input, people, Rules.of(settings).withAlert(alert), null, 2);
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
        TreeMap<String, Reaction> reactions = new TreeMap<>();
        TreeMap<String, Reaction> bySeverity = new TreeMap<>();
        for (byte[] document : result.of("alerts")) {
            JsonNode node = JSON.readTree(document);
            if (node.hasNonNull("customer_id")) {
                Score score = scores.computeIfAbsent(node.path("rule_id").asText(), id -> new Score());
                count(node, episodeOf, episodes, score);
                count(node, episodeOf, episodes, any);
                react(node, node.path("rule_id").asText(), reactions);
                react(node, "any rule", bySeverity);
            }
        }
        print(scores, any, episodes, ofMetrics);
        print(reactions, bySeverity);
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

    /** Of what was no cause nobody had to take care, nor of what is on trial. */
    private static void react(JsonNode alert, String who, Map<String, Reaction> reactions) {
        String status = alert.path("status").asText();
        if (status.equals("retracted") || status.equals("shadow")) {
            return;
        }
        Reaction reaction = reactions.computeIfAbsent(
                String.format("%-30s %-8s", who, alert.path("severity").asText()), row -> new Reaction());
        reaction.alerts++;
        long opened = Instant.parse(alert.path("opened_at").asText()).toEpochMilli();
        for (JsonNode transition : alert.path("history")) {
            String what = transition.path("what").asText();
            if (what.equals("acknowledged") || what.startsWith("assigned")) {
                reaction.acknowledged.add(
                        Instant.parse(transition.path("at").asText()).toEpochMilli() - opened);
                break;
            }
        }
        if (status.equals("resolved")) {
            reaction.resolved.add(
                    Instant.parse(alert.path("resolved_at").asText()).toEpochMilli() - opened);
        }
    }

    private void print(TreeMap<String, Reaction> reactions, TreeMap<String, Reaction> bySeverity) {
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%nHow quickly people reacted, from when an alert opened%n%n");
        out.printf(
                "%-30s %-8s %8s %12s %12s %12s %12s%n",
                "rule", "severity", "alerts", "acknowledged", "median time", "resolved", "median time");
        reactions.forEach((row, reaction) -> print(row, reaction, out));
        bySeverity.forEach((row, reaction) -> print(row, reaction, out));
        out.flush();
    }

    private static void print(String row, Reaction reaction, PrintWriter out) {
        out.printf(
                "%s %8d %12d %12s %12d %12s%n",
                row,
                reaction.alerts,
                reaction.acknowledged.size(),
                quantile(reaction.acknowledged.stream().sorted().toList(), 0.5),
                reaction.resolved.size(),
                quantile(reaction.resolved.stream().sorted().toList(), 0.5));
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
