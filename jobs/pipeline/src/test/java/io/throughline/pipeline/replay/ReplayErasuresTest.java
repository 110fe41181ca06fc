package io.throughline.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.ExperienceTopology.Rules;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is erased was never there, through the whole topology. */
class ReplayErasuresTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long START = 1767261600000L;
    private static final long HOUR = 3_600_000L;

    @TempDir
    Path directory;

    @Test
    void whoIsErasedIsInNoDocumentAndWhoComesBackIsSomebodyNew() throws Exception {
        String lines =
                """
                {"touchpoint_id":"t1","event_time":"2026-01-01T10:00:00Z","channel":"web","kind":"login","identifiers":[{"type":"email","value":"ada@x.org"},{"type":"cookie","value":"ck"}]}
                {"touchpoint_id":"t2","event_time":"2026-01-01T10:05:00Z","channel":"call","kind":"complaint","identifiers":[{"type":"customer_number","value":"7"},{"type":"email","value":"ada@x.org"}]}
                {"touchpoint_id":"t3","event_time":"2026-01-01T10:10:00Z","channel":"web","kind":"page_view","identifiers":[{"type":"cookie","value":"ck"}]}
                {"touchpoint_id":"t4","event_time":"2026-01-02T10:00:00Z","channel":"web","kind":"login","identifiers":[{"type":"email","value":"ada@x.org"}]}
                """;
        String erasure =
                """
                {"identifier":{"type":"email","value":"Ada@x.org"},"erased_until":"2026-01-01T12:00:00Z","reason":"asked for it"}
                """;

        ReplayResult before = replay(2, lines, "");
        ReplayResult after = replay(2, lines, erasure);

        assertThat(before.of("customers")).hasSize(1);
        assertThat(column(after, "touchpoints", "touchpoint_id")).containsExactly("t3", "t4");
        assertThat(column(after, "touchpoints", "customer_id").stream().distinct())
                .as("what linked the cookie to the address is no evidence any more")
                .hasSize(2);
        assertThat(after.accounting().get("processed").asLong()).isEqualTo(2);
        assertThat(after.accounting().get("erased").asLong()).isEqualTo(2);
        String number = "customer_number";
        assertThat(text(before, "customers")).contains(number);
        assertThat(text(after, "customers")).doesNotContain(number);
    }

    @Test
    void theLargestTimeOfSeveralErasuresHolds() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int hour = 0; hour < 5; hour++) {
            lines.add(line("t" + hour, START + hour * HOUR, "page_view", "email", "a@x.org"));
        }
        String most = erasure("email", "a@x.org", START + 3 * HOUR);
        String less = erasure("email", "a@x.org", START + HOUR);

        for (String words : List.of(most + less, less + most)) {
            ReplayResult result = replay(2, String.join("\n", lines), words);
            assertThat(column(result, "touchpoints", "touchpoint_id")).containsExactly("t4");
            assertThat(result.accounting().get("erased").asLong()).isEqualTo(4);
        }
    }

    /** Promises 1 and 2, where people are erased. */
    @Test
    void neitherOrderNorDuplicatesNorParallelismBringAnybodyBack() throws Exception {
        List<String> lines = randomTouchpoints(new Random(11), 400);
        List<String> words = new ArrayList<>(List.of(
                erasure("email", "p3@shop.example", START + 100 * HOUR),
                erasure("email", "p4@shop.example", START + 30 * HOUR),
                erasure("email", "p4@shop.example", START + 20 * HOUR),
                erasure("customer_number", "v5", START + 40 * HOUR),
                erasure("cookie", "v6", START + 100 * HOUR),
                erasure("device_id", "v7", START + 24 * HOUR),
                erasure("phone", "+380970000018", START + 50 * HOUR)));
        List<String> remaining = lines.stream().filter(line -> !isErased(line)).toList();
        int erased = lines.size() - remaining.size();
        assertThat(erased).isBetween(30, 200);
        Map<String, List<String>> expected = standing(replay(2, String.join("\n", remaining), ""));
        assertThat(expected.get("customers")).hasSizeGreaterThan(10);
        assertThat(expected.get("alerts")).isNotEmpty();

        for (int seed = 1; seed <= 3; seed++) {
            Random random = new Random(seed);
            List<String> shuffled = new ArrayList<>(lines);
            for (int i = 0; i < 40; i++) {
                shuffled.add(lines.get(random.nextInt(lines.size())));
            }
            Collections.shuffle(shuffled, random);
            Collections.shuffle(words, random);
            ReplayResult result = replay(seed == 3 ? 4 : seed, String.join("\n", shuffled), String.join("", words));
            assertThat(standing(result)).as("seed %d", seed).isEqualTo(expected);
            ObjectNode accounting = result.accounting();
            assertThat(accounting.get("in").asLong()).isEqualTo(440);
            assertThat(accounting.get("erased").asLong()).isEqualTo(erased);
            assertThat(accounting.get("duplicate").asLong()).isEqualTo(40);
            assertThat(accounting.get("processed").asLong()).isEqualTo(remaining.size());
        }
    }

    @Test
    void aFileSaysWhatIsWrongWithIt() throws Exception {
        Path file = Files.writeString(
                directory.resolve("erasures.ndjson"),
                """
                {"identifier":{"type":"shoe_size","value":"43"},"erased_until":1767261600000,"reason":"x"}
                {"identifier":{"type":"email","value":"a@x.org"},"reason":"x","until":5}
                {"identifier":{"type":"email","value":"a@x.org"}}
                """);

        assertThatThrownBy(() -> WordFile.erasures(file, Rules.DEFAULTS))
                .isInstanceOf(WordFile.InvalidException.class)
                .hasMessageContaining(":1: identifier: \"shoe_size\" is not a configured type")
                .hasMessageContaining(":2: \"until\": not a field of an erasure")
                .hasMessageContaining(":3: erased_until: required")
                .hasMessageContaining(":3: reason: required");
    }

    // ---- touchpoints

    private static List<String> randomTouchpoints(Random random, int count) {
        String[] types = {"customer_number", "email", "phone", "device_id", "cookie"};
        String[] kinds = {"page_view", "login", "logout", "complaint", "error", "survey_response", "purchase"};
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String[] identifiers = new String[2 * (1 + random.nextInt(3))];
            for (int j = 0; j < identifiers.length; j += 2) {
                String type = types[random.nextInt(types.length)];
                int value = random.nextInt(15);
                identifiers[j] = type;
                identifiers[j + 1] = switch (type) {
                    case "phone" -> "+3809700000" + (10 + value);
                    case "email" -> "p" + value + "@shop.example";
                    default -> "v" + value;
                };
            }
            long time = START + random.nextInt(3 * 24 * 60) * 60_000L;
            lines.add(line("t" + i, time, kinds[random.nextInt(kinds.length)], identifiers));
        }
        return lines;
    }

    private static String line(String id, long time, String kind, String... identifiers) {
        ObjectNode line = JSON.createObjectNode()
                .put("touchpoint_id", id)
                .put("event_time", time)
                .put("channel", List.of("web", "app", "call", "store").get(id.hashCode() & 3))
                .put("kind", kind);
        for (int i = 0; i < identifiers.length; i += 2) {
            line.withArray("identifiers")
                    .addObject()
                    .put("type", identifiers[i])
                    .put("value", identifiers[i + 1]);
        }
        if (kind.equals("survey_response")) {
            line.putObject("survey")
                    .put("metric", "nps")
                    .put("scale_min", 0)
                    .put("scale_max", 10)
                    .put("score", id.hashCode() % 11 & 7);
        }
        return line.toString();
    }

    private static String erasure(String type, String value, long until) {
        return "{\"identifier\":{\"type\":\"%s\",\"value\":\"%s\"},\"erased_until\":%d,\"reason\":\"asked for it\"}%n"
                .formatted(type, value, until);
    }

    /** By the words of the test above, straight from the lines. */
    private static boolean isErased(String line) {
        Map<String, Long> until = Map.of(
                "p3@shop.example", START + 100 * HOUR,
                "p4@shop.example", START + 30 * HOUR,
                "customer_number v5", START + 40 * HOUR,
                "cookie v6", START + 100 * HOUR,
                "device_id v7", START + 24 * HOUR,
                "+380970000018", START + 50 * HOUR);
        JsonNode touchpoint = json(line.getBytes(StandardCharsets.UTF_8));
        long time = touchpoint.get("event_time").asLong();
        for (JsonNode identifier : touchpoint.get("identifiers")) {
            String value = identifier.get("value").asText();
            String name = value.startsWith("v") ? identifier.get("type").asText() + " " + value : value;
            if (time <= until.getOrDefault(name, 0L)) {
                return true;
            }
        }
        return false;
    }

    // ---- results

    /** All surviving documents without revision and as_of. */
    private static Map<String, List<String>> standing(ReplayResult result) throws IOException {
        Map<String, List<String>> standing = new TreeMap<>();
        for (String kind : ReplayResult.KINDS) {
            List<String> documents = new ArrayList<>();
            for (byte[] document : result.of(kind)) {
                ObjectNode node = (ObjectNode) JSON.readTree(document);
                node.remove(List.of("revision", "as_of"));
                documents.add(node.toString());
            }
            standing.put(kind, documents);
        }
        // What happened to identities on the way, which depends on the order by nature.
        standing.remove("identity-changes");
        return standing;
    }

    private ReplayResult replay(int parallelism, String touchpoints, String words) throws Exception {
        Path input = Files.writeString(directory.resolve("touchpoints.ndjson"), touchpoints);
        List<Erasure> erasures =
                WordFile.erasures(Files.writeString(directory.resolve("erasures.ndjson"), words), Rules.DEFAULTS);
        assertThat(erasures)
                .extracting(Erasure::identifier)
                .extracting(Identifier::value)
                .doesNotContain("ada@x.org");
        return Replay.run(input, new People(List.of(), erasures, List.of()), Rules.DEFAULTS, null, parallelism);
    }

    private static String text(ReplayResult result, String kind) {
        StringBuilder all = new StringBuilder();
        result.of(kind).forEach(document -> all.append(new String(document, StandardCharsets.UTF_8)));
        return all.toString();
    }

    private static List<String> column(ReplayResult result, String kind, String field) {
        List<String> values = new ArrayList<>();
        result.of(kind).forEach(document -> values.add(json(document).get(field).asText()));
        return values;
    }

    private static JsonNode json(byte[] document) {
        try {
            return JSON.readTree(document);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
