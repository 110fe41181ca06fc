package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.throughline.elasticsearch.SinkMetrics;
import io.throughline.pipeline.ExperienceJob;
import io.throughline.pipeline.index.IndexJob;
import io.throughline.pipeline.kit.OperatorMetrics;
import io.throughline.pipeline.settings.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;

/**
 * What alerting rules and the dashboard of the pipeline's processes ask Prometheus for. What one
 * scraped from a running pipeline is in {@code scraped-metrics.txt}: names, each with its labels.
 */
class ObservabilityTest {

    private static final Path INFRA = Path.of("../../infra");
    private static final Path RUNBOOKS = Path.of("../../docs/operating.md");
    private static final Pattern METRIC = Pattern.compile("\\b((?:flink|throughline)_\\w+)(?:\\{([^}]*)})?");
    private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|=)\\s*\"([^\"]*)\"");
    private static final Pattern GROUPED = Pattern.compile("\\bby \\(([^)]*)\\)");
    private static final Pattern NAMED = Pattern.compile("\\{\\{ ?(?:\\$labels\\.)?(\\w+) ?}}");
    /** What Prometheus adds to all it scrapes. */
    private static final Set<String> OF_EVERY_TARGET = Set.of("job", "instance");

    /** One thing that is asked, and the labels its answers are told apart by. */
    private record Asked(String by, String expression, Set<String> labels) {}

    @Test
    void everyMetricThatIsAskedForIsThereWithItsLabels() throws IOException {
        Map<String, Set<String>> scraped = scraped();
        List<Asked> all = asked();
        assertThat(all).hasSizeGreaterThan(50);
        for (Asked asked : all) {
            Matcher metric = METRIC.matcher(asked.expression());
            Set<String> known = new HashSet<>(OF_EVERY_TARGET);
            while (metric.find()) {
                assertThat(scraped).as(asked.by()).containsKey(metric.group(1));
                known.addAll(scraped.get(metric.group(1)));
                for (String label : matchers(metric.group(2)).keySet()) {
                    assertThat(scraped.get(metric.group(1))).as(asked.by()).contains(label);
                }
            }
            assertThat(known).as(asked.by()).containsAll(asked.labels());
            Matcher grouped = GROUPED.matcher(asked.expression());
            while (grouped.find()) {
                assertThat(known)
                        .as(asked.by())
                        .containsAll(Arrays.asList(grouped.group(1).split(", *")));
            }
        }
    }

    @Test
    void everyOperatorAndJobThatIsAskedForIsInOneOfTheJobs() throws IOException {
        Map<String, Set<String>> known =
                Map.of("operator_name", operators(), "job_name", Set.of("throughline_experience", "throughline_index"));
        int found = 0;
        for (Asked asked : asked()) {
            Matcher metric = METRIC.matcher(asked.expression());
            while (metric.find()) {
                for (Map.Entry<String, String> matcher :
                        matchers(metric.group(2)).entrySet()) {
                    if (known.containsKey(matcher.getKey())) {
                        for (String one : matcher.getValue().split("\\|")) {
                            found++;
                            assertThat(known.get(matcher.getKey()))
                                    .as(asked.by())
                                    .anyMatch(name -> name.matches(one));
                        }
                    }
                }
            }
        }
        assertThat(found).isGreaterThan(10);
    }

    @Test
    void whatWeCountIsScrapedAndExplained() throws IOException {
        Set<String> scraped = scraped().keySet();
        String explained = Files.readString(RUNBOOKS);
        for (String name : names()) {
            assertThat(explained).contains("`" + name + "`");
            assertThat(scraped).as(name).anyMatch(each -> each.equals(name) || each.endsWith("_" + name));
        }
    }

    @Test
    void everyRuleHasARunbook() throws IOException {
        Set<String> anchors = new HashSet<>();
        Files.readAllLines(RUNBOOKS).stream()
                .filter(line -> line.startsWith("#"))
                .forEach(line -> anchors.add(line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^a-z0-9 -]", "")
                        .replace(' ', '-')));
        for (JsonNode rule : rules()) {
            String runbook = rule.path("annotations").path("runbook").asText();
            assertThat(runbook).as(rule.path("alert").asText()).startsWith("docs/operating.md#");
            assertThat(anchors).contains(runbook.substring("docs/operating.md#".length()));
            assertThat(rule.path("labels").path("severity").asText()).isIn("page", "ticket");
            assertThat(rule.path("annotations").path("summary").asText()).isNotBlank();
        }
    }

    @Test
    void everyPanelAsksTheSourceThatIsProvisioned() throws IOException {
        String sources = Files.readString(INFRA.resolve("grafana/provisioning/datasources/throughline.yaml"));
        for (JsonNode panel : board().path("panels")) {
            String source = panel.path("datasource").path("uid").asText();
            assertThat(sources).contains("uid: " + source + "\n    type: prometheus\n");
            panel.path("targets").forEach(target -> assertThat(
                            target.path("datasource").path("uid").asText())
                    .isEqualTo(source));
        }
    }

    private static List<Asked> asked() throws IOException {
        List<Asked> asked = new ArrayList<>();
        for (JsonNode rule : rules()) {
            asked.add(new Asked(
                    rule.path("alert").asText(),
                    rule.path("expr").asText(),
                    labels(rule.path("annotations").path("summary").asText())));
        }
        for (JsonNode panel : board().path("panels")) {
            for (JsonNode target : panel.path("targets")) {
                asked.add(new Asked(
                        panel.path("title").asText(),
                        target.path("expr").asText(),
                        labels(target.path("legendFormat").asText())));
            }
        }
        return asked;
    }

    private static Set<String> labels(String text) {
        Set<String> labels = new HashSet<>();
        Matcher named = NAMED.matcher(text);
        while (named.find()) {
            labels.add(named.group(1));
        }
        return labels;
    }

    private static Map<String, String> matchers(String text) {
        Map<String, String> matchers = new HashMap<>();
        if (text != null) {
            Matcher matcher = MATCHER.matcher(text);
            while (matcher.find()) {
                matchers.put(
                        matcher.group(1),
                        matcher.group(2).equals("=") ? Pattern.quote(matcher.group(3)) : matcher.group(3));
            }
        }
        return matchers;
    }

    private static List<JsonNode> rules() throws IOException {
        List<JsonNode> rules = new ArrayList<>();
        new ObjectMapper(new YAMLFactory())
                .readTree(INFRA.resolve("observability/rules.yaml").toFile())
                .path("groups")
                .forEach(group -> group.path("rules").forEach(rules::add));
        assertThat(rules).isNotEmpty();
        return rules;
    }

    private static JsonNode board() throws IOException {
        return new ObjectMapper()
                .readTree(INFRA.resolve("grafana/dashboards/pipeline.json").toFile());
    }

    /** As Flink's reporter writes them. */
    private static Set<String> operators() {
        Set<String> operators = new TreeSet<>();
        StreamExecutionEnvironment experience = StreamExecutionEnvironment.createLocalEnvironment();
        ExperienceJob.define(experience, Settings.defaults());
        StreamExecutionEnvironment index = StreamExecutionEnvironment.createLocalEnvironment();
        IndexJob.define(index, Settings.defaults());
        for (StreamExecutionEnvironment job : List.of(experience, index)) {
            job.getStreamGraph()
                    .getStreamNodes()
                    .forEach(node -> operators.add(node.getOperatorName().replaceAll("[^a-zA-Z0-9:_]", "_")));
        }
        return operators;
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>(Set.of(
                DeliveryMetrics.DELIVERED,
                DeliveryMetrics.UNWANTED,
                DeliveryMetrics.RETRIES,
                DeliveryMetrics.DEAD_LETTERS));
        for (Class<?> of : List.of(OperatorMetrics.class, SinkMetrics.class)) {
            for (Field field : of.getFields()) {
                try {
                    names.add((String) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
        // Labels, not metrics.
        names.removeAll(Set.of(OperatorMetrics.REASON, OperatorMetrics.REMARK, OperatorMetrics.RULE));
        return names;
    }

    private static Map<String, Set<String>> scraped() throws IOException {
        Map<String, Set<String>> scraped = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(ObservabilityTest.class.getResourceAsStream("scraped-metrics.txt")),
                StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
                String[] parts = line.split(" ", 2);
                scraped.put(parts[0], parts.length == 1 ? Set.of() : Set.of(parts[1].split(",")));
            });
        }
        return scraped;
    }
}
