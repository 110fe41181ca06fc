package io.throughline.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files people start from, and the page that explains them, are what the code does. */
class PublishedSettingsTest {

    private static final Pattern ROW =
            Pattern.compile("^\\| `([a-z][^`]*)` \\|([^|]*)\\|([^|]*)\\| .+ \\|$", Pattern.MULTILINE);

    @Test
    void theReferenceFileSetsEveryKeyToItsDefault() throws IOException {
        Settings reference = Settings.parse("reference.yaml", resource("reference.yaml"), Map.of());

        assertThat(values(reference)).isEqualTo(values(Settings.defaults()));
        assertThat(reference.inForce())
                .allSatisfy(
                        setting -> assertThat(setting.line()).as(setting.path()).isPositive());
    }

    @Test
    void theMinimalFileNeedsTheEnvironmentItNamesAndNothingElse() throws IOException {
        Settings minimal = Settings.parse(
                "minimal.yaml",
                resource("minimal.yaml"),
                Map.of(
                        "THROUGHLINE_PSEUDONYM_KEY", "sixteen or more characters",
                        "KAFKA_BOOTSTRAP_SERVERS", "broker:9092",
                        "SCHEMA_REGISTRY_URL", "http://registry:8081",
                        "ELASTICSEARCH_URL", "https://search:9200",
                        "ELASTICSEARCH_API_KEY", "key",
                        "CHECKPOINT_DIRECTORY", "s3://bucket/checkpoints"));

        assertThat(minimal.warnings()).isEmpty();
        assertThat(minimal.kafka().bootstrapServers()).isEqualTo("broker:9092");
        assertThat(minimal.job().checkpointDirectory()).isEqualTo("s3://bucket/checkpoints");
    }

    @Test
    void thePageExplainsEveryKeyThereIsAndNoOther() throws IOException {
        assertThat(new TreeSet<>(documented().keySet())).isEqualTo(new TreeSet<>(Settings.keys()));
    }

    @Test
    void thePageNamesTheDefaultsThatHold() throws IOException {
        Map<String, String> defaults = values(Settings.defaults());
        documented().forEach((key, value) -> {
            if (value.startsWith("`")) {
                assertThat(defaults).containsEntry(key, value.replace("`", ""));
            }
            if (value.isEmpty()) {
                assertThat(defaults).containsEntry(key, "");
            }
        });
    }

    @Test
    void noKindThatAStageLooksForIsRemarkedOnAsUnknown() {
        Map<String, String> defaults = values(Settings.defaults());
        Set<String> known = listed(defaults.getOrDefault("ingest.kinds", ""));

        assertThat(known).contains("page_view");
        defaults.forEach((key, value) -> {
            if (key.endsWith("kinds")) {
                assertThat(known).as(key).containsAll(listed(value));
            }
        });
    }

    private static Set<String> listed(String value) {
        return Stream.of(value.replaceAll("[\\[\\]\\s]", "").split(","))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toSet());
    }

    /** Key to what the page says its default is: a code span, words, or nothing. */
    private static Map<String, String> documented() throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("../../docs/configuration.md")));
        while (row.find()) {
            assertThat(rows.put(row.group(1), row.group(3).strip()))
                    .as("%s explained once", row.group(1))
                    .isNull();
        }
        return rows;
    }

    private static Map<String, String> values(Settings settings) {
        return settings.inForce().stream().collect(Collectors.toMap(Setting::path, Setting::value));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = Settings.class.getResourceAsStream("/settings/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
