package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.IssueChange;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.SessionChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/metrics.md} is right about every metric: its catalogue, and every worked number in it. */
class WorkedNumbersTest {
    private static final long START = 1_795_392_000_000L;
    private static final Path PAGE = page();

    private static final Pattern LINE = Pattern.compile("(?<metric>\\w+)(?: \\((?<variant>.*)\\))?: (?<given>.*) -> "
            + "(?<value>\\S+) n (?<n>\\d+)(?: from (?<low>\\S+) to (?<high>\\S+))?");

    static List<String> worked() throws IOException {
        List<String> lines = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(PAGE)) {
            if (line.startsWith("```")) {
                inside = line.equals("```worked");
            } else if (inside) {
                lines.add(line);
            }
        }
        return lines;
    }

    @ParameterizedTest
    @MethodSource("worked")
    void everyWorkedNumberComesOut(String line) {
        Matcher worked = LINE.matcher(line);
        assertThat(worked.matches())
                .as("%s reads METRIC: GIVEN -> VALUE n N from LOW to HIGH", line)
                .isTrue();
        String metric = worked.group("metric");
        String variant = worked.group("variant");
        MeasureConfig config =
                config(metric.equals("service_level") && variant != null ? Integer.parseInt(variant) : 3);
        Facts facts = new Facts(config);
        SeriesBench bench = new SeriesBench(config);
        List<String> given = List.of(worked.group("given").split(" "));
        for (int i = 0; i < given.size(); i++) {
            bench.fold(facts(facts, metric, variant, given.get(i), i));
        }
        bench.advanceTo(START + 1_000);

        assertThat(bench.standing()).containsKey(metric + "|1h");
        MetricValue value = bench.standing().get(metric + "|1h");
        isPrinted(value.value(), worked.group("value"), value.unit());
        assertThat(value.n()).isEqualTo(Long.parseLong(worked.group("n")));
        if (worked.group("low") == null) {
            assertThat(value.ciLow()).isNull();
            assertThat(value.ciHigh()).isNull();
        } else {
            isPrinted(value.ciLow(), worked.group("low"), value.unit());
            isPrinted(value.ciHigh(), worked.group("high"), value.unit());
        }
    }

    @Test
    void everyMetricHasAWorkedNumber() throws IOException {
        assertThat(worked().stream().map(line -> line.split("[: ]")[0]).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Metric.values()).map(Metric::id).toList());
    }

    @Test
    void theCatalogueOnThePageIsTheOneInTheCode() throws IOException {
        List<String> rows = Files.readAllLines(PAGE).stream()
                .filter(line -> line.matches("\\| `\\w+` \\| \\d .*"))
                .map(line -> line.substring(0, line.lastIndexOf('|', line.length() - 2)))
                .toList();
        assertThat(rows)
                .containsExactlyElementsOf(Stream.of(Metric.values())
                        .map(metric -> "| `" + metric.id() + "` | " + metric.formulaVersion(MeasureConfig.DEFAULTS)
                                + " | " + metric.unit() + " | "
                                + metric.direction().code() + " ")
                        .toList());
    }

    private static List<Fact> facts(Facts facts, String metric, String variant, String word, int i) {
        Touchpoint.Builder touchpoint = Touchpoint.of("t" + i, START, "web", "something");
        String family = metric.replaceAll("_.*", "");
        switch (family) {
            case "nps", "csat", "ces" -> touchpoint.survey(survey(family, variant, Double.parseDouble(word)));
            case "wait" -> touchpoint.waitMs(seconds(word));
            case "handle" -> touchpoint.handleMs(seconds(word));
            case "abandonment", "service" -> {
                String[] outcome = word.split(":");
                touchpoint = Touchpoint.of("t" + i, START, "call", "call_" + outcome[0])
                        .waitMs(outcome.length == 1 ? null : seconds(outcome[1]));
            }
            case "touchpoints", "customers" -> {
                return facts.of(new Attribution(word, touchpoint.build(), 1, 1));
            }
            case "sessions", "channel" -> {
                return facts.of(new SessionChange(null, session("s" + i, Integer.parseInt(word))));
            }
            case "repeat", "fcr" -> {
                return facts.of(new IssueChange(null, issue("i" + i, word)));
            }
            default -> throw new IllegalArgumentException("no way to write down facts for " + metric);
        }
        return facts.of(new Attribution("ada", touchpoint.build(), 1, 1));
    }

    private static Survey survey(String metric, String variant, double score) {
        String scale = variant != null ? variant : metric.equals("nps") ? "0-10" : "1-5";
        String[] ends = scale.split(",")[0].split("-");
        return new Survey(
                metric,
                Double.parseDouble(ends[0]),
                Double.parseDouble(ends[1]),
                !scale.endsWith("low is good"),
                score,
                null,
                null);
    }

    private static Session session(String id, int switches) {
        return new Session(
                id,
                "ada",
                Session.Status.CLOSED,
                START,
                START,
                List.of("web"),
                1,
                List.of(),
                switches,
                0,
                Map.of(),
                Session.CutCause.INACTIVITY,
                null,
                List.of(),
                List.of(),
                Map.of(),
                List.of(),
                0,
                0,
                0,
                HandoffKinds.NONE,
                0,
                List.of(),
                1);
    }

    private static Issue issue(String id, String word) {
        String ended = word.split("/")[0];
        List<Issue.Contact> contacts = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(word.split("/")[1]); i++) {
            contacts.add(new Issue.Contact(
                    id + i, START + i, START + i, "call", null, null, null, null, null, Map.of(), i > 0));
        }
        return new Issue(
                id,
                "ada",
                null,
                null,
                false,
                false,
                ended.equals("resolved"),
                !ended.equals("beyond"),
                START,
                START,
                List.of(),
                contacts,
                HandoffKinds.NONE,
                0,
                0,
                null,
                null,
                0,
                List.of(),
                0,
                List.of(),
                0);
    }

    private static Long seconds(String word) {
        return Long.parseLong(word.replace("s", "")) * 1_000;
    }

    /** Equal to as many digits as the page prints; durations within what their histogram keeps. */
    private static void isPrinted(double actual, String printed, String unit) {
        double expected = Double.parseDouble(printed);
        int point = printed.indexOf('.');
        double digits = point < 0 ? 1e-9 : 0.5 * Math.pow(10, point + 1 - printed.length()) + 1e-9;
        assertThat(actual).isCloseTo(expected, within(unit.equals("ms") ? expected * 0.004 : digits));
    }

    private static MeasureConfig config(int serviceLevelVariant) {
        MeasureConfig d = MeasureConfig.DEFAULTS;
        ServiceLevel variant = Stream.of(ServiceLevel.values())
                .filter(level -> level.number() == serviceLevelVariant)
                .findFirst()
                .orElseThrow();
        return new MeasureConfig(
                        d.windows(),
                        d.publishEveryMs(),
                        d.dimensions(),
                        d.queues(),
                        d.serviceLevelThresholdMs(),
                        variant,
                        d.metrics())
                .exact();
    }

    private static Path page() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/metrics.md"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs/metrics.md");
    }
}
