package io.throughline.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.pipeline.settings.Settings;
import io.throughline.scenarios.quality.DocumentLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says why an alert fired, and what became of it. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Say why an alert fired - rule, version, values, window, touchpoints - and what became of it.",
        footer = {
            "",
            "Examples:",
            "  explain a-6e1d94b07c35f2a8 --result result/",
            "  explain a-6e1d94b07c35f2a8 --config throughline.yaml",
            "",
            "Exit codes: 0 explained; 1 nobody knows the alert, or the index is away; 2 wrong usage."
        })
final class ExplainCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "ALERT", description = "The alert's id.")
    @SuppressWarnings("NullAway.Init")
    private String alertId;

    @Option(names = "--result", paramLabel = "DIR", description = "What a replay wrote; no server is asked.")
    private @Nullable Path result;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "Configuration (YAML) of the jobs: where Elasticsearch is, whose index of alerts is searched.")
    private @Nullable Path config;

    @Option(names = "--json", description = "Print the alert's document.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        if ((result == null) == (config == null)) {
            throw new UsageException(
                    "say where to look: --result DIR for a replay's, --config FILE for the live index; one of them");
        }
        JsonNode alert = result != null ? fromResult(result) : fromIndex(Configurations.load(config));
        if (alert == null) {
            spec.commandLine().getErr().println("explain: nobody knows alert " + alertId);
            return 1;
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(alert.toPrettyString());
        } else {
            print(alert, out);
        }
        out.flush();
        return 0;
    }

    private @Nullable JsonNode fromResult(Path directory) throws IOException {
        Path file = directory.resolve("alerts.ndjson");
        if (!Files.isReadable(file)) {
            throw new UsageException("--result " + directory + " holds no alerts.ndjson that can be read");
        }
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                JsonNode alert = DocumentLine.parsed(line, file, number);
                if (alert.path("alert_id").asText().equals(alertId)) {
                    return alert;
                }
            }
        }
        return null;
    }

    private @Nullable JsonNode fromIndex(Settings settings) {
        return settings
                .elasticsearch()
                .connection()
                .ask(client -> client.search(
                                search -> search.index(DocumentKind.ALERTS.alias())
                                        .size(1)
                                        .query(query -> query.term(
                                                term -> term.field("alert_id").value(alertId))),
                                ObjectNode.class)
                        .hits()
                        .hits())
                .stream()
                .map(hit -> (JsonNode) hit.source())
                .findFirst()
                .orElse(null);
    }

    private static void print(JsonNode alert, PrintWriter out) {
        out.println(alert.path("reason").asText());
        line(
                out,
                "alert",
                alert.path("alert_id").asText() + ", " + alert.path("status").asText());
        line(
                out,
                "rule",
                alert.path("rule_id").asText() + ", version "
                        + alert.path("rule_version").asText() + ", "
                        + alert.path("severity").asText());
        optional(out, "breaks", alert.path("expectation"));
        optional(out, "customer", alert.path("customer_id"));
        optional(out, "value tier", alert.path("value_tier"));
        if (alert.path("priority").asInt() > 0) {
            optional(out, "priority", alert.path("priority"));
        }
        if (alert.hasNonNull("window_start")) {
            String from = alert.path("window_start").asText();
            // Of a metric it is as long as the reason says, and may have ended before the alert opened.
            line(
                    out,
                    "window",
                    alert.hasNonNull("customer_id")
                            ? from + " to " + alert.path("opened_at").asText()
                            : "from " + from);
        }
        if (alert.hasNonNull("measured")) {
            line(
                    out,
                    "measured",
                    alert.path("measured").asText()
                            + (alert.hasNonNull("bound")
                                    ? " against " + alert.path("bound").asText()
                                    : ""));
        }
        optional(out, "said by", alert.path("inhibited_by"));
        optional(out, "retracted", alert.path("retracted_because"));
        if (!alert.path("evidence").isEmpty()) {
            out.println("because of");
        }
        for (JsonNode evidence : alert.path("evidence")) {
            out.println("  " + evidence.path("event_time").asText() + "  "
                    + evidence.path("touchpoint_id").asText() + "  "
                    + evidence.path("kind").asText() + " on "
                    + evidence.path("channel").asText()
                    + (evidence.hasNonNull("detail")
                            ? ": " + evidence.path("detail").asText()
                            : ""));
        }
        if (!alert.path("history").isEmpty()) {
            out.println("what became of it");
        }
        for (JsonNode transition : alert.path("history")) {
            out.println("  " + transition.path("at").asText() + "  "
                    + transition.path("what").asText() + " by "
                    + transition.path("by").asText()
                    + (transition.hasNonNull("because")
                            ? ": " + transition.path("because").asText()
                            : ""));
        }
        optional(out, "assigned to", alert.path("assignee"));
        optional(out, "due", alert.path("due_at"));
        optional(out, "next", alert.path("next_action"));
    }

    private static void optional(PrintWriter out, String name, JsonNode value) {
        if (!value.isMissingNode() && !value.isNull()) {
            line(out, name, value.asText());
        }
    }

    private static void line(PrintWriter out, String name, String value) {
        out.println(String.format("  %-12s %s", name, value));
    }
}
