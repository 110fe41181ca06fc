package io.throughline.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.pipeline.settings.Settings;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import picocli.CommandLine;

/** What is told to programs of ours, and to Flink, by files that deploy them elsewhere. */
final class Deployed {

    static final Path INFRA = Path.of("../../infra");
    static final Path CONFIGURATION = INFRA.resolve("kubernetes/base/throughline.yaml");
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(env|file):([^}]+)}");
    private static final String REPORTER = "metrics.reporter.prometheus.";

    /** What the configuration refers to: {@code env} or {@code file}. */
    static Set<String> references(String kind) throws IOException {
        Set<String> references = new TreeSet<>();
        Matcher reference = REFERENCE.matcher(Files.readString(CONFIGURATION));
        while (reference.find()) {
            if (reference.group(1).equals(kind)) {
                references.add(reference.group(2));
            }
        }
        assertThat(references).isNotEmpty();
        return references;
    }

    /** Reads the configuration as the jobs do, with secrets that could be ones. */
    static Settings settings(Map<String, String> environment, Path folder) throws IOException {
        String text = Files.readString(CONFIGURATION);
        for (String file : references("file")) {
            String secret = file.endsWith("webhook-url")
                    ? "https://crm.example/hook"
                    : "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LTEyMzQ=";
            Path held = Files.writeString(folder.resolve(Path.of(file).getFileName()), secret + "\n");
            text = text.replace("${file:" + file + "}", "${file:" + held + "}");
        }
        return Settings.load(Files.writeString(folder.resolve("throughline.yaml"), text), environment);
    }

    /** Fails where the command line would. */
    static void requireKnown(List<String> arguments) {
        CommandLine.ParseResult parsed = Throughline.commandLine().parseArgs(arguments.toArray(String[]::new));
        assertThat(parsed.hasSubcommand()).as("%s", arguments).isTrue();
    }

    static void requireJob(String mainClass) throws ReflectiveOperationException {
        assertThat(Class.forName(mainClass).getMethod("main", String[].class)).isNotNull();
    }

    /** Fails where Flink would take no notice. */
    static void requireOptions(Set<String> keys) {
        Set<String> known = new HashSet<>();
        for (Class<?> options : List.of(
                CoreOptions.class,
                JobManagerOptions.class,
                TaskManagerOptions.class,
                HighAvailabilityOptions.class,
                CheckpointingOptions.class,
                RestartStrategyOptions.class)) {
            options(options).forEach(option -> known.add(option.key()));
        }
        options(MetricOptions.class).forEach(option -> known.add(REPORTER + option.key()));
        // PrometheusReporterFactory's own.
        known.add(REPORTER + "port");
        assertThat(known).containsAll(keys);
    }

    private static Set<ConfigOption<?>> options(Class<?> of) {
        Set<ConfigOption<?>> options = new HashSet<>();
        for (Field field : of.getFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType().equals(ConfigOption.class)) {
                try {
                    options.add((ConfigOption<?>) field.get(null));
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
        return options;
    }

    private Deployed() {}
}
