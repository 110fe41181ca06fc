package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ThroughlineTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> TOUCHPOINTS = List.of(
            "{\"touchpoint_id\":\"t1\",\"event_time\":\"2026-11-23T10:00:00Z\",\"channel\":\"web\",\"kind\":\"page_view\","
                    + "\"identifiers\":[{\"type\":\"email\",\"value\":\"ada@example.com\"}]}",
            "{\"touchpoint_id\":\"t2\",\"event_time\":\"2026-11-23T10:05:00Z\",\"channel\":\"call\",\"kind\":\"complaint\","
                    + "\"identifiers\":[{\"type\":\"email\",\"value\":\"Ada@Example.com\"}]}",
            "{\"touchpoint_id\":\"t3\",\"event_time\":\"2026-11-23T12:00:00Z\",\"channel\":\"web\",\"kind\":\"page_view\","
                    + "\"identifiers\":[{\"type\":\"email\",\"value\":\"bob@example.com\"}]}",
            "no JSON");

    @TempDir
    Path folder;

    @Test
    void helpNamesEveryCommand() {
        CalledCommand help = CalledCommand.of("--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out())
                .contains(
                        "replay", "intake", "validate", "provision", "accounting", "simulate", "quality", "dashboard");
        assertThat(help.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"replay", "intake", "validate", "provision", "accounting", "simulate", "quality", "dashboard"})
    void everyCommandHasHelp(String name) {
        CalledCommand help = CalledCommand.of(name, "--help");

        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("Usage:", name);
    }

    @Test
    void helpIsACommandToo() {
        assertThat(CalledCommand.of("help").out())
                .isEqualTo(CalledCommand.of("--help").out());
        assertThat(CalledCommand.of("help", "replay").out()).contains("Usage: throughline replay");
    }

    @Test
    void anUnknownOptionIsAFaultOfUsage() {
        CalledCommand unknown = CalledCommand.of("validate", "--konfig", "x");

        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("--config");
    }

    @Test
    void validateListsEveryErrorWithItsLine() throws IOException {
        CalledCommand validate = CalledCommand.of(
                "validate",
                "--config",
                config(
                        """
                        kafka: {bootstrap_servers: nohost, registry_url: nonsense}
                        ingest:
                          max_identifiers: many
                        """));

        assertThat(validate.exitCode()).isEqualTo(2);
        assertThat(validate.out()).isEmpty();
        assertThat(validate.err().lines())
                .hasSize(4)
                .allMatch(line -> line.startsWith("validate: "))
                .anyMatch(line -> line.endsWith("3 errors"))
                .anyMatch(
                        line -> line.contains("kafka.bootstrap_servers: must be HOST:PORT") && line.contains("line 1"))
                .anyMatch(line -> line.contains("kafka.registry_url: must be an http") && line.contains("line 1"))
                .anyMatch(line -> line.contains("ingest.max_identifiers") && line.contains("line 3"));
    }

    @Test
    void validateAgreesWithAGoodConfiguration() throws IOException {
        CalledCommand validate = CalledCommand.of("validate", "--config", config("kafka: {group: mine}"), "--explain");

        assertThat(validate.exitCode()).isZero();
        assertThat(validate.out())
                .contains("kafka.group = mine   (line 1)")
                .endsWith("is valid" + System.lineSeparator());
        assertThat(validate.err()).contains("ingest.pseudonym_key is not set");
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate", "provision", "accounting"})
    void aConfigurationThatIsNotThereIsOneLine(String command) {
        CalledCommand called = CalledCommand.of(
                command, "--config", folder.resolve("none.yaml").toString());

        assertThat(called.exitCode()).isEqualTo(2);
        assertThat(called.err().lines())
                .containsExactly(command + ": " + folder.resolve("none.yaml") + ": there is no such file");
    }

    @Test
    void replayWritesWhatAFileComesTo() throws IOException {
        CalledCommand replay = replay();

        assertThat(replay.exitCode()).as(replay.err()).isZero();
        assertThat(replay.err().lines()).singleElement().asString().startsWith("replay: ");
        assertThat(ids("touchpoints", "touchpoint_id")).containsExactly("t1", "t2", "t3");
        assertThat(ids("customers", "customer_id")).hasSize(2);
        assertThat(ids("sessions", "session_id")).hasSize(2);
        assertThat(ids("alerts", "rule_id")).containsExactly("complaint");
        assertThat(ids("rejected", "reason")).containsExactly("malformed");
        JsonNode accounting =
                JSON.readTree(folder.resolve("out/accounting.json").toFile());
        assertThat(accounting.get("in").asInt()).isEqualTo(4);
        assertThat(accounting.get("processed").asInt()).isEqualTo(3);
        assertThat(accounting.get("rejected").asInt()).isEqualTo(1);
        assertThat(accounting.get("as_of").asText()).isEqualTo("2026-11-23T12:00:00.000Z");
    }

    @Test
    void replayReadsAPipeAndLeavesNoTemporaryFiles() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Process replay = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Throughline.class.getName(),
                        "replay",
                        "--input",
                        "-",
                        "--out",
                        folder.resolve("out").toString())
                .redirectErrorStream(true)
                .start();
        try (Writer input = replay.outputWriter()) {
            input.write(String.join("\n", TOUCHPOINTS));
        }
        String said = new String(replay.getInputStream().readAllBytes(), UTF_8);

        assertThat(replay.waitFor()).as(said).isZero();
        assertThat(ids("touchpoints", "touchpoint_id")).containsExactly("t1", "t2", "t3");
        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void aFailureIsOneLineThatSaysWhatToDo() {
        assertThat(Throughline.inOneLine(new IllegalStateException("job", new OutOfMemoryError("Java heap space"))))
                .isEqualTo("there is not enough memory (Java heap space); give Java more, for example"
                        + " THROUGHLINE_JAVA_OPTS=-Xmx4g");
        assertThat(Throughline.inOneLine(new NoSuchFileException("/there/x")))
                .isEqualTo("/there/x: there is no such file or directory");
        assertThat(Throughline.inOneLine(new AccessDeniedException("/there/x")))
                .isEqualTo("/there/x: access is denied");
    }

    @Test
    void replaySaysBeforeItComputesThatItCannotWrite() throws IOException {
        Files.writeString(folder.resolve("file"), "");

        CalledCommand replay = CalledCommand.of(
                "replay",
                "--input",
                Files.writeString(folder.resolve("touchpoints.ndjson"), "no JSON")
                        .toString(),
                "--out",
                folder.resolve("file/out").toString());

        assertThat(replay.exitCode()).isEqualTo(2);
        assertThat(replay.err()).startsWith("replay: --out " + folder.resolve("file/out") + " cannot be made: ");
    }

    @Test
    void replaySaysHowManyTouchpointsAnAsOfInThePastHides() throws IOException {
        CalledCommand replay = replay("--as-of", "2026-11-23T11:00:00Z");

        assertThat(replay.exitCode()).as(replay.err()).isZero();
        assertThat(ids("touchpoints", "touchpoint_id")).containsExactly("t1", "t2");
        assertThat(replay.err().lines())
                .hasSize(2)
                .contains("replay: 1 of the processed touchpoints are later than --as-of: no document has them");
    }

    @ParameterizedTest
    @ValueSource(strings = {"9999999999999999", "2200-01-01T00:00:00Z", "-1", "1969-12-31T23:59:59Z"})
    void replayRefusesATimeThatNoTouchpointHas(String asOf) throws IOException {
        CalledCommand replay = replay("--as-of", asOf);

        assertThat(replay.exitCode()).isEqualTo(2);
        assertThat(replay.err().lines())
                .singleElement()
                .asString()
                .startsWith(
                        "replay: --as-of must be from 1970 to 2199, in milliseconds where it is a number, was " + asOf);
    }

    @Test
    void replayWithoutItsInputIsOneLine() {
        CalledCommand replay =
                CalledCommand.of("replay", "--input", folder.resolve("none").toString(), "--out", folder.toString());

        assertThat(replay.exitCode()).isEqualTo(2);
        assertThat(replay.err().lines())
                .containsExactly("replay: --input " + folder.resolve("none") + " is not a file that can be read");
    }

    private CalledCommand replay(String... more) throws IOException {
        Path input = Files.write(folder.resolve("touchpoints.ndjson"), TOUCHPOINTS);
        List<String> arguments = new ArrayList<>(List.of(
                "replay",
                "--input",
                input.toString(),
                "--out",
                folder.resolve("out").toString()));
        arguments.addAll(List.of(more));
        return CalledCommand.of(arguments.toArray(String[]::new));
    }

    private List<String> ids(String kind, String field) throws IOException {
        List<String> ids = new ArrayList<>();
        for (String line : Files.readAllLines(folder.resolve("out").resolve(kind + ".ndjson"))) {
            ids.add(JSON.readTree(line).get(field).asText());
        }
        return ids;
    }

    private String config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("throughline.yaml"), yaml).toString();
    }
}
