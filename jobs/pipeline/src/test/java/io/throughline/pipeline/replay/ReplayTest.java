package io.throughline.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.pipeline.ExperienceTopology.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole topology on Flink's mini cluster, by the door its users take. */
class ReplayTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    @Test
    void aStoryOfOneCustomerOnThreeChannels() throws Exception {
        ReplayResult result = replay(
                2,
                """
                {"touchpoint_id":"t1","event_time":"2026-01-01T10:00:00Z","channel":"web","kind":"page_view","identifiers":[{"type":"cookie","value":"ck"}]}
                {"touchpoint_id":"t2","event_time":"2026-01-01T10:10:00Z","channel":"web","kind":"login","identifiers":[{"type":"cookie","value":"ck"},{"type":"email","value":"Ada@Example.com "}]}
                {"touchpoint_id":"t3","event_time":"2026-01-01T10:20:00Z","channel":"call","kind":"call_answered","wait_ms":45000,"identifiers":[{"type":"customer_number","value":"7"},{"type":"email","value":"ada@example.com"}]}
                {"touchpoint_id":"t4","event_time":"2026-01-01T15:00:00Z","channel":"email","kind":"survey_response","identifiers":[{"type":"email","value":"ada@example.com"}],"survey":{"metric":"csat","scale_min":1,"scale_max":5,"score":1,"about":{"channel":"call"}}}
                """);

        assertThat(result.of("customers")).singleElement().satisfies(customer -> {
            assertThat(json(customer).get("touchpoint_count").asLong()).isEqualTo(4);
            assertThat(json(customer).get("session_count").asLong()).isEqualTo(2);
            assertThat(texts(json(customer).get("channels"))).containsExactly("call", "email", "web");
            assertThat(json(customer).get("identifiers").findValuesAsText("type"))
                    .containsExactly("customer_number", "email", "cookie");
        });
        assertThat(column(result, "sessions", "status")).containsExactlyInAnyOrder("closed", "open");
        assertThat(column(result, "touchpoints", "customer_id").stream().distinct())
                .hasSize(1);
        assertThat(metric(result, "csat", "24h", "{}").get("value").asDouble()).isZero();
        assertThat(metric(result, "csat", "1h", "{\"channel\":\"call\"}")
                        .get("n")
                        .asLong())
                .isEqualTo(1);
        assertThat(result.of("alerts")).isNotEmpty();
        assertThat(Files.readString(write(result).resolve("customers.ndjson")))
                .as("a pseudonym stands for the address")
                .doesNotContain("ada@example.com");
    }

    @Test
    void anAnswerThatOnlyNamesItsTouchpointCountsWhereThatWas() throws Exception {
        ReplayResult result = replay(
                2,
                """
                {"touchpoint_id":"t1","event_time":"2026-01-01T10:00:00Z","channel":"email","kind":"survey_response","identifiers":[{"type":"email","value":"ada@example.com"}],"survey":{"metric":"csat","scale_min":1,"scale_max":5,"score":2,"about":{"touchpoint_id":"t2"}}}
                {"touchpoint_id":"t2","event_time":"2026-01-01T09:40:00Z","channel":"call","kind":"call_answered","touchpoint":"hotline","identifiers":[{"type":"email","value":"ada@example.com"}]}
                {"touchpoint_id":"t3","event_time":"2026-01-01T10:05:00Z","channel":"email","kind":"survey_response","identifiers":[{"type":"email","value":"bob@example.com"}],"survey":{"metric":"csat","scale_min":1,"scale_max":5,"score":5,"about":{"touchpoint_id":"t2"}}}
                """);

        JsonNode ofCalls = metric(result, "csat", "24h", "{\"channel\":\"call\"}");
        assertThat(ofCalls.get("n").asLong()).isEqualTo(1);
        assertThat(ofCalls.get("value").asDouble()).isZero();
        assertThat(metric(result, "csat", "24h", "{\"touchpoint\":\"hotline\"}")
                        .get("n")
                        .asLong())
                .isEqualTo(1);
        JsonNode ofMail = metric(result, "csat", "24h", "{\"channel\":\"email\"}");
        assertThat(ofMail.get("n").asLong()).as("bob has no such call").isEqualTo(1);
        assertThat(ofMail.get("value").asDouble()).isEqualTo(100);
        assertThat(metric(result, "csat", "24h", "{}").get("n").asLong()).isEqualTo(2);
    }

    /** Tasks that exchange everything with each other need buffers by the square of their number. */
    @Test
    void manyTasksHaveRoomToTalk() throws Exception {
        ReplayResult result = replay(
                20,
                """
                {"touchpoint_id":"t1","event_time":"2026-01-01T10:00:00Z","channel":"web","kind":"login","identifiers":[{"type":"cookie","value":"ck"},{"type":"email","value":"ada@example.com"}]}
                {"touchpoint_id":"t2","event_time":"2026-01-01T10:10:00Z","channel":"web","kind":"page_view","identifiers":[{"type":"cookie","value":"ck"}]}
                """);

        assertThat(result.of("customers")).hasSize(1);
    }

    @Test
    void everyLineIsAccountedFor() throws Exception {
        ReplayResult result = replay(
                2,
                """
                {"touchpoint_id":"t1","event_time":1767261600000,"channel":"web","kind":"page_view","identifiers":[{"type":"cookie","value":"a"}]}
                {"touchpoint_id":"t1","event_time":1767261600000,"channel":"web","kind":"page_view","identifiers":[{"type":"cookie","value":"a"}]}

                not json
                {"touchpoint_id":"t2","channel":"web","kind":"page_view","identifiers":[{"type":"cookie","value":"a"}]}
                {"touchpoint_id":"t3","event_time":1767261600000,"channel":"web","kind":"page_view","identifiers":[{"type":"cookie","value":"a"}],"shoe_size":43}
                """);

        ObjectNode accounting = result.accounting();
        assertThat(accounting.get("in").asLong()).isEqualTo(5);
        assertThat(accounting.get("processed").asLong()).isEqualTo(1);
        assertThat(accounting.get("duplicate").asLong()).isEqualTo(1);
        assertThat(accounting.get("rejected").asLong()).isEqualTo(3);
        assertThat(column(result, "rejected", "reason")).containsExactly("malformed", "missing_field", "unknown_field");
        assertThat(column(result, "rejected", "origin"))
                .containsExactly("touchpoints.ndjson:4", "touchpoints.ndjson:5", "touchpoints.ndjson:6");
        assertThat(column(result, "rejected", "raw")).startsWith("not json");
    }

    /** Neither a resolution nor what made somebody a valued customer, while both are known to be evidence of who is who. */
    @Test
    void noAlertKnowsWhatHappenedAfterItsTime() throws Exception {
        Path input = Files.writeString(
                directory.resolve("touchpoints.ndjson"),
                """
                {"touchpoint_id":"t1","event_time":"2026-01-01T10:00:00Z","channel":"email","kind":"complaint","identifiers":[{"type":"email","value":"a@x.org"}]}
                {"touchpoint_id":"t2","event_time":"2026-01-01T12:00:00Z","channel":"email","kind":"case_resolved","identifiers":[{"type":"email","value":"a@x.org"}]}
                {"touchpoint_id":"t3","event_time":"2026-01-01T13:00:00Z","channel":"web","kind":"purchase","segment":"vip","identifiers":[{"type":"email","value":"a@x.org"}]}
                """);
        long eleven = 1767265200000L;

        ReplayResult before = Replay.run(input, Rules.DEFAULTS, eleven, 2);
        assertThat(column(before, "alerts", "rule_id")).containsExactly("complaint");
        assertThat(column(before, "alerts", "status")).containsExactly("open");
        assertThat(before.of("touchpoints")).hasSize(1);

        ReplayResult after = Replay.run(input, Rules.DEFAULTS, null, 2);
        assertThat(column(after, "alerts", "status")).isNotEmpty().containsOnly("resolved");
        assertThat(column(after, "alerts", "value_tier")).containsOnly("top");
    }

    /** Of what is refused for its size no more is kept than a record may have. */
    @Test
    void aLineThatIsTooLongIsOneRejectedRecord() throws Exception {
        String good =
                """
                {"touchpoint_id":"t%d","event_time":1767261600000,"channel":"web","kind":"page_view","identifiers":[{"type":"cookie","value":"a"}]}
                """;
        int limit = Rules.DEFAULTS.ingest().maxRecordBytes();

        ReplayResult result = replay(2, good.formatted(1) + "x".repeat(3 * limit) + "\n" + good.formatted(2));

        ObjectNode accounting = result.accounting();
        assertThat(accounting.get("in").asLong()).isEqualTo(3);
        assertThat(accounting.get("processed").asLong()).isEqualTo(2);
        assertThat(accounting.get("rejected").asLong()).isEqualTo(1);
        assertThat(column(result, "rejected", "reason")).containsExactly("oversize");
        assertThat(column(result, "rejected", "origin")).containsExactly("touchpoints.ndjson:2");
        assertThat(column(result, "rejected", "detail"))
                .containsExactly("the record has " + 3 * limit + " bytes, more than " + limit + "; raw holds the first "
                        + limit);
        assertThat(column(result, "rejected", "raw")).containsExactly("x".repeat(limit));
    }

    @Test
    void timeStopsAtAsOf() throws Exception {
        String lines =
                """
                {"touchpoint_id":"t1","event_time":"2026-01-01T10:00:00Z","channel":"web","kind":"page_view","identifiers":[{"type":"cookie","value":"ck"}]}
                """;
        assertThat(column(replay(1, lines), "sessions", "status")).containsExactly("open");
        Path input = Files.writeString(directory.resolve("touchpoints.ndjson"), lines);
        long later = 1767261600000L + 31 * 60 * 1000;
        assertThat(column(Replay.run(input, Rules.DEFAULTS, later, 1), "sessions", "status"))
                .containsExactly("closed");
    }

    @Test
    void ofWhoHasTooManyTouchpointsNothingAfterAsOfIsTold() throws Exception {
        Rules few = new Rules(
                Rules.DEFAULTS.ingest(),
                Rules.DEFAULTS.stitch(),
                Rules.DEFAULTS.sessionize().toBuilder().maxTouchpoints(2).build(),
                Rules.DEFAULTS.measure(),
                Rules.DEFAULTS.alert(),
                null);
        StringBuilder lines = new StringBuilder();
        String until = "";
        for (int hour = 10; hour < 20; hour++) {
            lines.append(
                    ("{'touchpoint_id':'t%d','event_time':'2026-01-01T%d:00:00Z','channel':'web','kind':'purchase',"
                                    + "'value':{'amount':10,'currency':'EUR'},'identifiers':[{'type':'email','value':'a@example.com'}]}%n")
                            .formatted(hour, hour)
                            .replace('\'', '"'));
            until = hour == 13 ? lines.toString() : until;
        }
        Path all = Files.writeString(directory.resolve("all.ndjson"), lines);
        Path past = Files.writeString(directory.resolve("past.ndjson"), until);
        long asOf = Instant.parse("2026-01-01T13:00:00Z").toEpochMilli();

        assertThat(standing(Replay.run(all, few, asOf, 1))).isEqualTo(standing(Replay.run(past, few, asOf, 1)));
    }

    @Test
    void anEmptyFileComesToNothing() throws Exception {
        ReplayResult result = replay(2, "");
        assertThat(result.of("customers")).isEmpty();
        assertThat(result.accounting().get("in").asLong()).isZero();
    }

    /** Promise 2: the result is a function of the set of touchpoints. */
    @Test
    void neitherOrderNorDuplicatesNorParallelismChangeTheResult() throws Exception {
        RandomTouchpoints touchpoints = new RandomTouchpoints(new Random(7), 400);
        Map<String, List<String>> expected = standing(replay(1, String.join("\n", touchpoints.lines())));
        assertThat(expected.get("customers")).hasSizeGreaterThan(10);
        assertThat(expected.get("sessions")).hasSizeGreaterThan(20);
        assertThat(expected.values()).noneMatch(List::isEmpty);
        for (int parallelism : new int[] {1, 2, 4}) {
            assertThat(standing(replay(parallelism, String.join("\n", touchpoints.inAnyOrderWithDuplicates(40)))))
                    .as("parallelism %d", parallelism)
                    .isEqualTo(expected);
        }
    }

    private static Map<String, List<String>> standing(ReplayResult result) throws IOException {
        return Standing.of(
                result,
                List.of(
                        "touchpoints",
                        "customers",
                        "sessions",
                        "issues",
                        "journeys",
                        "transitions",
                        "metrics",
                        "alerts"));
    }

    private ReplayResult replay(int parallelism, String lines) throws Exception {
        Path input = Files.writeString(directory.resolve("touchpoints.ndjson"), lines);
        return Replay.run(input, Rules.DEFAULTS, null, parallelism);
    }

    private Path write(ReplayResult result) throws IOException {
        Path out = directory.resolve("out");
        result.write(out);
        return out;
    }

    private static JsonNode metric(ReplayResult result, String id, String window, String dimensions)
            throws IOException {
        for (byte[] document : result.of("metrics")) {
            JsonNode metric = JSON.readTree(document);
            if (metric.get("metric_id").asText().equals(id)
                    && metric.get("window").asText().equals(window)
                    && metric.get("dimensions").equals(JSON.readTree(dimensions))) {
                return metric;
            }
        }
        throw new AssertionError("no " + id + " over " + window + " by " + dimensions);
    }

    private static List<String> column(ReplayResult result, String kind, String field) throws IOException {
        List<String> values = new ArrayList<>();
        for (byte[] document : result.of(kind)) {
            values.add(JSON.readTree(document).get(field).asText());
        }
        return values;
    }

    private static JsonNode json(byte[] document) {
        try {
            return JSON.readTree(document);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
