package io.throughline.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever bytes there are: nothing throws, every event comes to one outcome, what comes out can be written, and the same
 * bytes come to the same again.
 */
class DamagedInputTest {

    private static final int HISTORIES = Integer.getInteger("throughline.soak", 1) * 400;

    private static final List<String> SEGMENT = List.of(
            "{\"type\":\"track\",\"event\":\"Order Completed\",\"messageId\":\"m1\",\"userId\":\"4711\",\"originalTimestamp\":\"2026-01-31T12:00:00Z\",\"sentAt\":\"2026-01-31T12:00:01Z\",\"receivedAt\":\"2026-01-31T12:00:02Z\",\"properties\":{\"revenue\":1e3,\"currency\":\"EUR\",\"products\":[{\"sku\":\"a\"}]},\"context\":{\"traits\":{\"email\":\"ada@example.com\"}}}",
            "{\"batch\":[{\"type\":\"page\",\"name\":\"Home\",\"messageId\":\"m2\",\"anonymousId\":\"a\",\"timestamp\":1769860800000},{\"type\":\"alias\"}],\"sentAt\":\"2026-01-31T12:00:01Z\"}");

    private static final List<String> SNOWPLOW = List.of(
            "shop\tweb\t\t2026-01-31 12:00:01.250\t\tpage_view\te1\t\t\t\t\t\t4711\t\t\td1" + "\t".repeat(37)
                    + "{\"data\":[{\"schema\":\"iglu:com.acme/user/jsonschema/1-0-0\",\"data\":{\"email\":\"a@b.c\"}}]}"
                    + "\t".repeat(78),
            "{\"event\":\"unstruct\",\"event_name\":\"site_search\",\"event_id\":\"e2\",\"platform\":\"web\",\"user_id\":\"4711\",\"derived_tstamp\":\"2026-01-31T12:00:00.500Z\",\"unstruct_event_com_acme_x_1\":{\"terms\":[\"a\"]}}");

    private static final List<String> CLOUDEVENTS = List.of(
            "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"t\",\"time\":\"2026-01-31T12:00:00Z\",\"data\":{\"channel\":\"web\",\"kind\":\"login\",\"email\":\"a@b.c\",\"survey\":{\"metric\":\"nps\",\"scale_min\":0,\"scale_max\":10,\"score\":1}}}",
            "[{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"/a\",\"type\":\"t\",\"time\":\"2026-01-31T12:00:00Z\",\"subject\":\"email:a@b.c\",\"data_base64\":\"eyJjaGFubmVsIjoiYXBwIn0=\",\"ext\":true}]");

    private static final List<String> CSV =
            List.of("at,who,what", "2026-01-31T12:00:00Z,\"a@b.c\",\"says \"\"hi\"\", twice\"", "1769860800000,b@b.c,");

    static Stream<Arguments> vocabularies() {
        return Stream.of(
                Arguments.of("segment", new Segment(Mapping.NONE), SEGMENT),
                Arguments.of("snowplow", new Snowplow(Mapping.NONE), SNOWPLOW),
                Arguments.of("cloudevents", new CloudEvents(Mapping.NONE), CLOUDEVENTS),
                Arguments.of("csv", Csv.of(table(), CsvFormat.DEFAULTS, List.of("at", "who", "what")), CSV));
    }

    private static Mapping table() {
        return new Mapping(
                List.of(),
                Map.of(),
                null,
                Rules.fields("event_time<at", "kind=visit", "channel=store"),
                Map.of("email", List.of("who")),
                Map.of(),
                List.of("what"),
                List.of(),
                "");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vocabularies")
    void aDamagedRecordIsAccountedFor(String name, Vocabulary vocabulary, List<String> sound) throws IOException {
        Random random = new Random(name.hashCode());
        for (int i = 0; i < HISTORIES; i++) {
            byte[] record = damaged(sound.get(random.nextInt(sound.size())).getBytes(UTF_8), random);

            List<Outcome> outcomes = vocabulary.read(record);

            assertThat(outcomes).as(new String(record, UTF_8)).isNotEmpty().isEqualTo(vocabulary.read(record));
            for (Outcome outcome : outcomes) {
                if (outcome instanceof Outcome.Mapped mapped) {
                    written(mapped);
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vocabularies")
    void everySoundRecordIsATouchpointOrIgnored(String name, Vocabulary vocabulary, List<String> sound) {
        for (String record : name.equals("csv") ? sound.subList(1, sound.size()) : sound) {
            assertThat(vocabulary.read(record.getBytes(UTF_8)))
                    .allMatch(outcome -> !(outcome instanceof Outcome.Rejected), record);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vocabularies")
    void everyLineOfADamagedTableIsInOneRecord(String name, Vocabulary vocabulary, List<String> sound)
            throws IOException {
        Random random = new Random(name.hashCode());
        for (int i = 0; i < HISTORIES; i++) {
            List<byte[]> lines = new ArrayList<>(List.of(CSV.get(0).getBytes(UTF_8)));
            for (int j = 0; j < 8; j++) {
                for (String line : new String(
                                damaged(CSV.get(1 + random.nextInt(2)).getBytes(UTF_8), random), UTF_8)
                        .split("\n")) {
                    if (!line.isBlank()) {
                        lines.add(line.getBytes(UTF_8));
                    }
                }
            }
            long[] seen = {0};
            Intake intake = Intake.ofTable(table(), CsvFormat.DEFAULTS, 300, (line, record, outcome) -> {
                for (byte b : record) {
                    seen[0] += b == '\n' ? 1 : 0;
                }
                seen[0]++;
            });
            for (int j = 0; j < lines.size(); j++) {
                intake.line(lines.get(j), j + 1, lines.get(j).length);
            }
            intake.end();

            assertThat(seen[0]).isEqualTo(lines.size() - 1);
        }
    }

    /** Every value has the names of all it is in: a line of a megabyte could come to gigabytes. */
    @Test
    void namesThatAreLongerTogetherThanARecordMayBeAreRejected() {
        StringBuilder properties = new StringBuilder();
        for (int i = 0; i < 50; i++) {
            properties.append("{\"").append("n".repeat(1_000)).append("\":");
        }
        properties.append('{');
        for (int i = 0; i < 200; i++) {
            properties.append(i == 0 ? "\"" : ",\"").append(i).append("\":").append(i % 2 == 0 ? "1" : "{}");
        }
        properties.append('}').append("}".repeat(50));

        assertThat(new Segment(Mapping.NONE).read(tracked(properties.toString())))
                .singleElement()
                .isInstanceOfSatisfying(Outcome.Rejected.class, rejected -> {
                    assertThat(rejected.reason()).isEqualTo(RejectReason.OVERSIZE);
                    assertThat(rejected.detail()).startsWith("properties: ").hasSizeLessThan(200);
                });
    }

    private static byte[] tracked(String properties) {
        return ("{\"type\":\"track\",\"event\":\"Signed In\",\"messageId\":\"m1\",\"userId\":\"4711\","
                        + "\"timestamp\":\"2026-01-31T12:00:00Z\",\"properties\":" + properties + "}")
                .getBytes(UTF_8);
    }

    private static void written(Outcome.Mapped mapped) throws IOException {
        new SpecificDatumWriter<>(io.throughline.schemas.Touchpoint.class)
                .write(mapped.touchpoint(), EncoderFactory.get().binaryEncoder(new ByteArrayOutputStream(), null));
        assertThat(mapped.touchpoint().getIdentifiers()).isNotEmpty();
        assertThat(mapped.touchpoint().getKind()).isNotBlank();
    }

    /** Some bytes changed, left out, doubled, or another place's put in; or none, seldom. */
    private static byte[] damaged(byte[] sound, Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int rate = 1 + random.nextInt(200);
        String interesting = "\"\\{}[]:,\t\n;'0-e.\0";
        for (byte b : sound) {
            switch (random.nextInt(rate) == 0 ? random.nextInt(5) : 5) {
                case 0 -> bytes.write(random.nextInt(256));
                case 1 -> bytes.write(interesting.charAt(random.nextInt(interesting.length())));
                case 2 -> {
                    bytes.write(b);
                    bytes.write(b);
                }
                case 3 -> bytes.writeBytes("\\ud800".getBytes(UTF_8));
                case 4 -> {
                    // Left out.
                }
                default -> bytes.write(b);
            }
        }
        return bytes.toByteArray();
    }
}
