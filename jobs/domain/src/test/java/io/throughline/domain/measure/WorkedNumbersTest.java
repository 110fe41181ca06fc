package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
    private static final long START = WorkedFacts.START;
    private static final Path PAGE = page();

    private static final Pattern LINE =
            Pattern.compile("(?<metric>\\w+)(?:\\{(?<part>.*)})?(?: \\((?<variant>.*)\\))?: (?<given>.*) -> "
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
        SeriesBench bench = new SeriesBench(config);
        List<String> given = List.of(worked.group("given").split(" "));
        if (metric.startsWith("expectation")) {
            given.forEach(word -> bench.component(component(word)));
        } else {
            bench.fold(new WorkedFacts(config).of(metric, variant, given));
        }
        bench.advanceTo(START + 60_000);

        String part = worked.group("part");
        String id = metric + (part == null ? "" : "|" + part.replace(",", "|")) + "|1h";
        assertThat(bench.standing()).containsKey(id);
        MetricValue value = bench.standing().get(id);
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
        assertThat(worked().stream().map(line -> line.split("[:{ ]")[0]).collect(Collectors.toSet()))
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

    /** METRIC=VALUE/N. */
    private static MetricValue component(String word) {
        String[] named = word.split("[=/]");
        Metric metric = Metric.ofId(named[0]);
        return new MetricValue(
                metric.id(),
                1,
                Map.of(),
                "1h",
                Double.parseDouble(named[1]),
                metric.unit(),
                Long.parseLong(named[2]),
                null,
                null,
                true,
                metric.direction().code(),
                START,
                false,
                START);
    }

    /** Equal to as many digits as the page prints; durations within what their histogram keeps. */
    private static void isPrinted(double actual, String printed, String unit) {
        double expected = Double.parseDouble(printed);
        int point = printed.indexOf('.');
        double digits = point < 0 ? 1e-9 : 0.5 * Math.pow(10, point + 1 - printed.length()) + 1e-9;
        assertThat(actual).isCloseTo(expected, within(unit.equals("ms") ? expected * 0.004 : digits));
    }

    private static MeasureConfig config(int serviceLevelVariant) {
        ServiceLevel variant = Stream.of(ServiceLevel.values())
                .filter(level -> level.number() == serviceLevelVariant)
                .findFirst()
                .orElseThrow();
        return MeasureConfig.DEFAULTS.toBuilder()
                .serviceLevelVariant(variant)
                .build()
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
