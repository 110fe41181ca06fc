package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntakeCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SEGMENT =
            """
            {"type": "identify", "messageId": "s-1", "anonymousId": "anon-1", "userId": "4711", "traits": {"email": "Ada@Example.com"}, "timestamp": "2026-01-31T10:00:00Z"}
            {"type": "group", "messageId": "s-2", "userId": "4711", "groupId": "g-1", "timestamp": "2026-01-31T10:00:01Z"}
            {"type": "track", "event": "Order Completed", "messageId": "s-3", "anonymousId": "anon-1", "timestamp": "2026-01-31T10:05:00Z", "properties": {"revenue": 25, "currency": "EUR"}}
            """;

    private static final String SNOWPLOW =
            """
            {"event": "page_view", "event_name": "page_view", "event_id": "p-1", "platform": "web", "user_id": "4711", "domain_userid": "d-1", "derived_tstamp": "2026-01-31T10:10:00.000Z", "collector_tstamp": "2026-01-31T10:10:00.100Z"}
            {"event": "page_ping", "event_name": "page_ping", "event_id": "p-2", "platform": "web", "user_id": "4711", "derived_tstamp": "2026-01-31T10:10:10.000Z", "collector_tstamp": "2026-01-31T10:10:10.100Z"}
            """;

    private static final String CLOUD_EVENTS =
            """
            [{"specversion": "1.0", "id": "c-1", "source": "/chat", "type": "chat.message", "subject": "email:ada@example.com", "time": "2026-01-31T10:20:00Z", "data": {"channel": "chat", "kind": "message"}}]
            """;

    private static final String CALLS =
            """
            Zeit;Kunde;Mail;Ergebnis
            31.01.2026 11:30;;ada@example.com;"gelöst; ""endlich\"""
            31.01.2026 11:31;;;offen
            gestern;4711;;offen
            """;

    private static final String CALLS_MAPPING =
            """
            csv: {delimiter: ";", time_format: "dd.MM.yyyy HH:mm", zone: Europe/Berlin}
            fields: {event_time: Zeit, outcome: Ergebnis}
            constants: {channel: call, kind: call_answered}
            identifiers: {customer_number: Kunde, email: Mail}
            """;

    @TempDir
    Path folder;

    @Test
    void fourSourcesAreOnePerson() throws IOException {
        Path all = folder.resolve("all.ndjson");
        Path calls = file("calls.csv", CALLS);
        Path mapping = file("calls.yaml", CALLS_MAPPING);
        for (List<Object> source : List.<List<Object>>of(
                List.of("segment", file("segment.ndjson", SEGMENT)),
                List.of("snowplow", file("snowplow.json", SNOWPLOW)),
                List.of("cloudevents", file("chat.json", CLOUD_EVENTS)),
                List.of("csv", calls, "--mapping", mapping))) {
            Path part = folder.resolve("part.ndjson");
            Invocation intake =
                    intake(source.get(0), source.get(1), "--output", part, source.subList(2, source.size()));
            assertThat(intake.exit()).as(intake.err().toString()).isZero();
            // Twice, as after a run that was interrupted: ids are the same, so nothing counts twice.
            for (int i = 0; i < 2; i++) {
                Files.write(all, Files.readAllBytes(part), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            }
        }

        Invocation replay = Invocation.of(
                "replay",
                "--input",
                all.toString(),
                "--out",
                folder.resolve("out").toString());

        assertThat(replay.exit()).as(replay.err().toString()).isZero();
        JsonNode accounting =
                JSON.readTree(folder.resolve("out/accounting.json").toFile());
        assertThat(accounting.get("in").asInt()).isEqualTo(10);
        assertThat(accounting.get("processed").asInt()).isEqualTo(5);
        assertThat(accounting.get("duplicate").asInt()).isEqualTo(5);
        List<String> customers = Files.readAllLines(folder.resolve("out/customers.ndjson"));
        assertThat(customers).hasSize(1);
        assertThat(JSON.readTree(customers.get(0)).get("touchpoint_count").asInt())
                .isEqualTo(5);
        assertThat(JSON.readTree(customers.get(0)).get("channels"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder("web", "chat", "call");
    }

    @Test
    void everyEventIsCountedAndWhatIsRejectedIsTold() throws IOException {
        Path calls = file("calls.csv", CALLS);

        Invocation intake = intake(
                "csv", calls, "--output", folder.resolve("out.ndjson"), "--mapping", file("calls.yaml", CALLS_MAPPING));

        assertThat(intake.exit()).isZero();
        assertThat(intake.err())
                .containsExactly(
                        "intake: " + calls + ":3: missing_field: identifiers: none of Kunde, Mail has a value",
                        "intake: " + calls
                                + ":4: invalid_value: event_time (Zeit): must be a time (dd.MM.yyyy HH:mm in Europe/Berlin), was \"gestern\"",
                        "intake: 3 read = 1 written + 2 rejected (invalid_value 1, missing_field 1) + 0 ignored");
        assertThat(intake("snowplow", file("s.json", SNOWPLOW), "--output", folder.resolve("out.ndjson"))
                        .err())
                .containsExactly("intake: 2 read = 1 written + 0 rejected + 1 ignored (page_ping 1)");
    }

    @Test
    void whatIsRejectedIsKeptAsReplayKeepsIt() throws IOException {
        Path input = folder.resolve("events.ndjson.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(input))) {
            gzip.write(SEGMENT.getBytes(UTF_8));
            gzip.write("\nno JSON\n".getBytes(UTF_8));
            gzip.write(new byte[] {'x', (byte) 0xff, '\n'});
        }
        Path rejected = folder.resolve("rejected.ndjson");

        Invocation intake = intake("segment", input, "--output", folder.resolve("out.ndjson"), "--rejected", rejected);

        assertThat(intake.err())
                .containsExactly("intake: 5 read = 2 written + 2 rejected (malformed 2) + 1 ignored (group 1)");
        List<String> letters = Files.readAllLines(rejected);
        JsonNode noJson = JSON.readTree(letters.get(0));
        assertThat(noJson.get("reason").asText()).isEqualTo("malformed");
        assertThat(noJson.get("origin").asText()).isEqualTo(input + ":5");
        assertThat(noJson.get("raw").asText()).isEqualTo("no JSON");
        JsonNode noText = JSON.readTree(letters.get(1));
        assertThat(noText.get("raw").asText()).isEqualTo("eP8=");
        assertThat(noText.get("raw_encoding").asText()).isEqualTo("base64");
    }

    @Test
    void aTouchpointLargerThanARecordMayBeIsRejectedAndNotWritten() throws IOException {
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            properties.append(i == 0 ? "\"" : ",\"").append(i).append("\":\"x\"");
        }
        String within =
                "{\"" + "n".repeat(20_000) + "\":{" + properties + "},\"text\":\"" + "x".repeat(900_000) + "\"}";
        String record = SEGMENT.lines().skip(2).findFirst().orElseThrow();
        Path input = file("large.ndjson", record.replaceFirst("\\{\"revenue.*?}", within) + "\n" + record + "\n");
        Path output = folder.resolve("out.ndjson");

        Invocation intake = intake("segment", input, "--output", output);

        assertThat(intake.err()).last().isEqualTo("intake: 2 read = 1 written + 1 rejected (oversize 1) + 0 ignored");
        assertThat(intake.err())
                .first()
                .asString()
                .startsWith("intake: " + input + ":1: oversize: its touchpoint has 15")
                .endsWith(" bytes, a record may have 1000000");
        assertThat(Files.readAllLines(output)).hasSize(1);
    }

    @Test
    void aCompressedFileThatIsCutOffFails() throws IOException {
        Path input = folder.resolve("events.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(input))) {
            gzip.write(SEGMENT.repeat(50).getBytes(UTF_8));
        }
        Files.write(input, Arrays.copyOf(Files.readAllBytes(input), (int) Files.size(input) - 20));

        Invocation intake = intake("segment", input, "--output", folder.resolve("out.ndjson"));

        assertThat(intake.exit()).isEqualTo(1);
        assertThat(intake.err()).last().asString().contains(input + " is compressed with gzip and cut off or damaged");
    }

    @Test
    void aMappingIsToldOfAllItsErrorsAtOnce() throws IOException {
        Path mapping = file(
                "calls.yaml",
                """
                csv: {delimiter: ";;", time_format: "dd.MM.yyyy HH:mm", charset: klingon, decimal_coma: true}
                fields:
                  even_time: Zeit
                constants: {channel: call, sentiment: good, event_time: now}
                identifiers: {E-Mail: Mail}
                events:
                  Umtausch: {kind: complaint, ignore: true}
                  UMTAUSCH: {kind: complaint}
                """);

        Invocation intake =
                intake("csv", file("calls.csv", CALLS), "--output", folder.resolve("out.ndjson"), "--mapping", mapping);

        assertThat(intake.exit()).isEqualTo(2);
        String said = String.join("\n", intake.err());
        assertThat(said)
                .contains("csv.delimiter: must be one character, such as ; or \"\\t\", was \";;\" (line 1)")
                .contains("csv.time_format: times without an offset need a zone, for example Europe/Berlin (line 1)")
                .contains("csv.charset: is no encoding that Java knows (line 1)")
                .contains("csv.decimal_coma: unknown key, did you mean decimal_comma? (line 1)")
                .contains("fields.even_time: unknown key, did you mean event_time? (line 3)")
                .contains("fields.event_time: the column with the time is missing (line 3)")
                .contains("constants.sentiment: must be a number, was \"good\" (line 4)")
                .contains("constants.event_time: cannot be the same for all (line 4)")
                .contains("identifiers.E-Mail: must be a type of identifier")
                .contains("events.Umtausch.ignore: what is ignored is nothing else (line 7)")
                .contains("events.UMTAUSCH: means the same event as another rule")
                .contains("event: the column that names events is missing");
        assertThat(folder.resolve("out.ndjson")).doesNotExist();
    }

    @Test
    void theMappingThatThePageShowsIsOne() throws IOException {
        String page = Files.readString(Path.of("../../docs/intake.md"));
        String mapping = page.substring(page.indexOf("```yaml") + "```yaml".length());
        Path calls = file(
                "calls.csv",
                """
                Nr;Zeit;Art;Kunde;E-Mail;Wartezeit;Betrag
                17;31.01.2026 13:00;Reklamation;K-1;ada@example.com;12,5;1.234,56
                18;31.01.2026 13:01;Testanruf;;;;
                """);

        Invocation intake = intake(
                "csv",
                calls,
                "--output",
                folder.resolve("out.ndjson"),
                "--mapping",
                file("calls.yaml", mapping.substring(0, mapping.indexOf("```"))));

        assertThat(intake.err()).containsExactly("intake: 2 read = 1 written + 0 rejected + 1 ignored (testanruf 1)");
        assertThat(JSON.readTree(Files.readString(folder.resolve("out.ndjson"))))
                .isEqualTo(
                        JSON.readTree(
                                """
                                {"touchpoint_id": "calls-17", "event_time": "2026-01-31T12:00:00.000Z", "channel": "call", "kind": "complaint",
                                 "identifiers": [{"type": "customer_number", "value": "K-1"}, {"type": "email", "value": "ada@example.com"}],
                                 "topic": "return", "wait_ms": 12500, "value": {"amount": 1234.56, "currency": "EUR"}}"""));
    }

    @Test
    void aTableThatTheMappingIsNotForIsSaidAtOnce() throws IOException {
        Path calls = file("other.csv", "Zeit;Kunde;Ergebnis\n");

        Invocation intake = intake(
                "csv", calls, "--output", folder.resolve("out.ndjson"), "--mapping", file("calls.yaml", CALLS_MAPPING));

        assertThat(intake.exit()).isEqualTo(2);
        assertThat(intake.err())
                .containsExactly("intake: " + calls + " has no column Mail; it has Zeit, Kunde, Ergebnis");
    }

    @Test
    void wrongUsageIsSaid() throws IOException {
        Path input = file("events.ndjson", SEGMENT);
        Path output = folder.resolve("out.ndjson");

        assertThat(intake("matomo", input, "--output", output).err())
                .containsExactly("intake: --from must be segment, snowplow, cloudevents or csv, was matomo");
        assertThat(intake("csv", input, "--output", output).err())
                .containsExactly("intake: --from csv needs --mapping FILE, which says what the columns mean");
        assertThat(intake("segment", input).err())
                .containsExactly("intake: name either --output, for a file, or --config, for the topic touchpoints");
        assertThat(intake("segment", input, "--output", output, "--config", input)
                        .exit())
                .isEqualTo(2);
        assertThat(intake("segment", folder.resolve("none"), "--output", output).exit())
                .isEqualTo(2);
        assertThat(intake("segment", input, "--output", input).err())
                .containsExactly("intake: " + input + " is read, so it cannot be written; name another file");
        assertThat(intake("segment", input, "--output", folder.resolve("no/folder"))
                        .exit())
                .isEqualTo(2);
        assertThat(intake("segment", input, "--output", output, "--mapping", file("m.yaml", "csv: {}"))
                        .err())
                .containsExactly(
                        "intake: " + folder.resolve("m.yaml") + ": 1 error",
                        "intake:   csv: is about --from csv (line 1)");
    }

    @Test
    void oneFileCannotTakeBothHoweverItIsNamed() throws IOException {
        Path input = file("events.ndjson", SEGMENT);
        Path output = folder.resolve("new.ndjson");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder);

        for (Path same : List.of(
                output,
                folder.resolve("./new.ndjson"),
                link.resolve("new.ndjson"),
                Path.of("").toAbsolutePath().relativize(output))) {
            assertThat(intake("segment", input, "--output", output, "--rejected", same)
                            .err())
                    .as(same.toString())
                    .containsExactly("intake: --output and --rejected cannot be the same file");
            assertThat(output).doesNotExist();
        }
        Path existing = file("existing.ndjson", "");
        Path hard = Files.createLink(folder.resolve("hard.ndjson"), existing);
        assertThat(intake("segment", input, "--output", existing, "--rejected", hard)
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void aPipeGoesInAndOut() throws Exception {
        Process intake = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dfile.encoding=US-ASCII",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Throughline.class.getName(),
                        "intake",
                        "--from",
                        "csv",
                        "--mapping",
                        file("calls.yaml", CALLS_MAPPING).toString(),
                        "--input",
                        "-",
                        "--output",
                        "-")
                .redirectInput(file("calls.csv", CALLS).toFile())
                .start();

        List<String> lines = new String(intake.getInputStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
        String said = new String(intake.getErrorStream().readAllBytes(), UTF_8);

        assertThat(intake.waitFor()).as(said).isZero();
        assertThat(lines).hasSize(1);
        assertThat(JSON.readTree(lines.get(0)).get("outcome").asText()).isEqualTo("gelöst; \"endlich\"");
        assertThat(said).contains("intake: standard input:3: missing_field: ");
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private static Invocation intake(Object from, Object input, Object... more) {
        List<String> arguments =
                new ArrayList<>(List.of("intake", "--from", from.toString(), "--input", input.toString()));
        for (Object each : more) {
            if (each instanceof List<?> several) {
                several.forEach(one -> arguments.add(one.toString()));
            } else {
                arguments.add(each.toString());
            }
        }
        return Invocation.of(arguments.toArray(String[]::new));
    }
}
