package io.throughline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Match;
import io.throughline.domain.alert.Pattern;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.replay.Replay;
import io.throughline.pipeline.replay.ReplayResult;
import io.throughline.pipeline.rules.CelCondition;
import io.throughline.pipeline.settings.Settings;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what rules would have alerted of, and when, in touchpoints of the past. */
@Command(
        name = "test",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Show what the rules of a file would have alerted of, and when. Nobody is told, nothing is changed.",
            "",
            "Metrics are published and judged on the way through the file, as in a running job, so that a rule of a metric"
                    + " shows a drop that is over by the end of it. That takes longer: some 2 ms a touchpoint.",
            ""
        },
        footer = {"", "Exit codes: 0 shown, 1 failed, 2 wrong usage or rules that cannot be used."})
final class RulesTestCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "Alert rules (YAML).")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(names = "--on", required = true, paramLabel = "FILE", description = InputFiles.TOUCHPOINTS + ".")
    @SuppressWarnings("NullAway.Init")
    private Path input;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) for everything else; its own alert rules are left out.")
    private @Nullable Path config;

    @Option(names = "--as-of", paramLabel = "TIME", description = "Time to evaluate at, as for replay.")
    private @Nullable String asOf;

    @Option(names = "--json", description = "Print the alerts, one JSON object a line.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        InputFiles.check("--on", List.of(input));
        Settings settings = Configurations.load(config);
        AlertConfig alone = RuleFiles.alone(file, settings);
        ReplayResult result = Replay.runAtPace(
                input,
                Rules.of(settings).withAlert(alone),
                asOf == null ? null : (Long) Times.millis("--as-of", asOf),
                2);
        List<JsonNode> alerts = new ArrayList<>();
        for (byte[] alert : result.of("alerts")) {
            alerts.add(JSON.readTree(alert));
        }
        alerts.sort(
                Comparator.comparing((JsonNode alert) -> alert.path("opened_at").asText())
                        .thenComparing(alert -> alert.path("alert_id").asText()));
        PrintWriter out = spec.commandLine().getOut();
        for (JsonNode alert : alerts) {
            out.println(json ? new String(JSON.writeValueAsBytes(alert), StandardCharsets.UTF_8) : inALine(alert));
        }
        if (!json) {
            summary(alone.rules(), alerts, out);
        }
        for (String failure : failures(alone.rules())) {
            if (json) {
                spec.commandLine().getErr().println(Throughline.name(spec) + ": " + failure);
            } else {
                out.println(failure);
            }
        }
        out.flush();
        String leftOut = InputFiles.leftOut(result.accounting().get("rejected").asLong());
        if (leftOut != null) {
            spec.commandLine().getErr().println(Throughline.name(spec) + ": " + leftOut);
        }
        return 0;
    }

    private static String inALine(JsonNode alert) {
        return alert.path("opened_at").asText() + "  " + alert.path("status").asText() + "  "
                + alert.path("rule_id").asText() + "  "
                + alert.path("customer_id").asText("-") + "  "
                + alert.path("reason").asText();
    }

    private static void summary(List<AlertRule> rules, List<JsonNode> alerts, PrintWriter out) {
        TreeMap<String, AlertRule> byId = new TreeMap<>();
        rules.forEach(rule -> byId.put(rule.ruleId(), rule));
        byId.forEach((id, rule) -> {
            List<JsonNode> of = alerts.stream()
                    .filter(alert -> alert.path("rule_id").asText().equals(id))
                    .toList();
            if (rule.pattern() instanceof Pattern.OfMetric) {
                out.printf("%s: %d alerts of metrics%n", id, of.size());
                return;
            }
            long customers = of.stream()
                    .map(alert -> alert.path("customer_id").asText())
                    .distinct()
                    .count();
            out.printf("%s: %d alerts of %d customers%n", id, of.size(), customers);
        });
    }

    private static List<String> failures(List<AlertRule> rules) {
        List<String> failures = new ArrayList<>();
        for (AlertRule rule : rules) {
            for (Match match : rule.pattern().roles()) {
                if (match.when() instanceof CelCondition condition && condition.failuresInThisProcess() > 0) {
                    failures.add("%s: \"%s\" could not be evaluated %d times, the last time: %s"
                            .formatted(
                                    rule.ruleId(),
                                    condition,
                                    condition.failuresInThisProcess(),
                                    condition.lastFailure()));
                }
            }
        }
        return failures;
    }
}
