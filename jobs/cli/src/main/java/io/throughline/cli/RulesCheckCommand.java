package io.throughline.cli;

import io.throughline.domain.alert.AlertRule;
import io.throughline.domain.alert.Pattern;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.Metric;
import io.throughline.pipeline.settings.Settings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says whether a file of alert rules can be used, and everything that is wrong with it. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Say whether a file of alert rules can be used; if not, everything that is wrong, by line and column.",
        footer = {"", "Exit codes: 0 it can be used, 2 it cannot."})
final class RulesCheckCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "Alert rules (YAML).")
    @SuppressWarnings("NullAway.Init")
    private Path file;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration (YAML) whose rules they will stand beside; without it the defaults.")
    private @Nullable Path config;

    @Override
    public Integer call() {
        Settings settings = Configurations.load(config);
        List<AlertRule> rules = RuleFiles.read(file, settings);
        PrintWriter out = spec.commandLine().getOut();
        for (AlertRule rule : rules) {
            out.printf(
                    "%s: version %d, %s, %s%n",
                    rule.ruleId(),
                    rule.version(),
                    rule.mode().name().toLowerCase(Locale.ROOT),
                    rule.pattern().getClass().getSimpleName().toLowerCase(Locale.ROOT));
        }
        out.flush();
        PrintWriter err = spec.commandLine().getErr();
        Set<String> known = Stream.concat(rules.stream(), settings.alert().rules().stream())
                .map(AlertRule::ruleId)
                .collect(Collectors.toSet());
        for (AlertRule rule : rules) {
            for (String inhibited : rule.care().inhibits()) {
                if (!known.contains(inhibited)) {
                    err.printf(
                            "%s: inhibits %s, a rule that neither this file nor the configuration has: it inhibits nothing"
                                    + " unless that rule is published%n",
                            rule.ruleId(), inhibited);
                }
            }
        }
        neverFiring(rules, settings.measure()).forEach(err::println);
        err.flush();
        return 0;
    }

    /** Says of each rule that looks at figures nobody publishes that it does. */
    static List<String> neverFiring(List<AlertRule> rules, MeasureConfig measure) {
        return rules.stream()
                .flatMap(rule -> unpublished(rule.pattern(), measure).stream()
                        .map(what ->
                                rule.ruleId() + ": never fires, since " + what + " is not published as configured"))
                .toList();
    }

    /** The series a rule looks at, where measure does not publish such. */
    private static Optional<String> unpublished(Pattern pattern, MeasureConfig measure) {
        Pattern.Series series;
        List<String> windows;
        if (pattern instanceof Pattern.Metric bounded) {
            series = bounded.series();
            windows = List.of(bounded.window());
        } else if (pattern instanceof Pattern.Worse worse) {
            series = worse.series();
            windows = List.of(worse.window(), worse.baseline());
        } else {
            return Optional.empty();
        }
        Set<String> dimensions = new TreeSet<>(series.dimensions().keySet());
        for (String window : windows) {
            if (measure.windows().stream().noneMatch(each -> each.name().equals(window))) {
                return Optional.of("window " + window + " (measure.windows)");
            }
        }
        if (!measure.metrics().contains(series.metricId())) {
            return Optional.of(series.metricId() + " (measure.metrics)");
        }
        Metric metric = Metric.ofId(series.metricId());
        return measure.publishes(metric, dimensions)
                ? Optional.empty()
                : Optional.of(metric.id()
                        + (dimensions.isEmpty() ? " over everything" : " by " + String.join(", ", dimensions))
                        + " (" + whereFrom(metric) + ")");
    }

    /** What says by which dimensions a metric is published. */
    private static String whereFrom(Metric metric) {
        String always = String.join(", ", new TreeSet<>(metric.alwaysBy()));
        String more = always.isEmpty() ? "" : ", always by " + always;
        return switch (metric.family().brokenDown()) {
            case BY_DIMENSIONS -> "measure.dimensions" + more;
            case BY_CUSTOMER_DIMENSIONS -> "measure.customer_dimensions" + more;
            case NOT -> always.isEmpty() ? "only over everything" : "only by " + always;
        };
    }
}
