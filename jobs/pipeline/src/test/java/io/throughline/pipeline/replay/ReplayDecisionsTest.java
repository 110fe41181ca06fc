package io.throughline.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.domain.stitch.Decision;
import io.throughline.pipeline.ExperienceTopology.Rules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People's decisions through the whole topology: what they join, part and leave alone. */
class ReplayDecisionsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Somebody known by an address and somebody known by a number, never seen together. */
    private static final String STRANGERS =
            """
            {"touchpoint_id":"t1","event_time":"2026-01-01T10:00:00Z","channel":"web","kind":"login","identifiers":[{"type":"email","value":"a@x.org"}]}
            {"touchpoint_id":"t2","event_time":"2026-01-01T10:05:00Z","channel":"call","kind":"call_answered","identifiers":[{"type":"phone","value":"+4930123456"}]}
            """;

    /** The same two on one touchpoint. */
    private static final String TOGETHER = STRANGERS
            + """
            {"touchpoint_id":"t3","event_time":"2026-01-01T10:10:00Z","channel":"web","kind":"search","identifiers":[{"type":"phone","value":"+4930123456"},{"type":"email","value":"a@x.org"}]}
            """;

    @TempDir
    Path directory;

    @Test
    void strangersBecomeOneCustomerByAWord() throws Exception {
        String word = decision("always", "2026-01-01T00:00:00Z");

        assertThat(customers(replay(2, STRANGERS, "", null))).hasSize(2);
        for (int parallelism : new int[] {1, 2, 4}) {
            ReplayResult result = replay(parallelism, STRANGERS, word, null);
            assertThat(customers(result)).hasSize(1);
            assertThat(result.of("sessions"))
                    .as("history moves: one session over both channels")
                    .hasSize(1);
        }
    }

    @Test
    void whatWasOneIsPartedByAWord() throws Exception {
        Map<String, String> parted = touchpoints(replay(2, TOGETHER, decision("never", "2026-01-01T00:00:00Z"), null));

        assertThat(customers(replay(2, TOGETHER, "", null))).hasSize(1);
        assertThat(parted.get("t1")).isNotEqualTo(parted.get("t2")).isEqualTo(parted.get("t3"));
    }

    @Test
    void theLatestWordHoldsInWhateverOrderTheyCome() throws Exception {
        List<String> words = new ArrayList<>(List.of(
                decision("always", "2026-01-03T00:00:00Z"),
                decision("never", "2026-01-01T00:00:00Z"),
                decision("withdrawn", "2026-01-02T00:00:00Z")));
        for (int i = 0; i < words.size(); i++) {
            Collections.rotate(words, 1);
            assertThat(customers(replay(2, STRANGERS, String.join("", words), null)))
                    .hasSize(1);
        }
        words.add(decision("withdrawn", "2026-01-04T00:00:00Z"));
        assertThat(customers(replay(2, STRANGERS, String.join("", words), null)))
                .hasSize(2);
        assertThat(customers(replay(2, TOGETHER, String.join("", words), null))).hasSize(1);
    }

    @Test
    void aWordThatIsEffectiveOnlyAfterAsOfDoesNotHold() throws Exception {
        String word = decision("always", "2026-01-02T00:00:00Z");
        long dayBefore = 1767265200000L;

        assertThat(customers(replay(2, STRANGERS, word, dayBefore))).hasSize(2);
        assertThat(customers(replay(2, STRANGERS, word, dayBefore + 24 * 60 * 60 * 1000)))
                .hasSize(1);
    }

    @Test
    void aWordOnSomebodyWhoWasNeverSeenJoinsNobodyElse() throws Exception {
        String unseen = decision("always", "2026-01-01T00:00:00Z").replace("a@x.org", "unseen@x.org");

        Map<String, String> customers = touchpoints(replay(2, STRANGERS, unseen, null));

        assertThat(customers.get("t1"))
                .isEqualTo(touchpoints(replay(2, STRANGERS, "", null)).get("t1"))
                .isNotEqualTo(customers.get("t2"));
    }

    private ReplayResult replay(int parallelism, String touchpoints, String words, @Nullable Long asOf)
            throws Exception {
        Path input = Files.writeString(directory.resolve("touchpoints.ndjson"), touchpoints);
        List<Decision> decisions =
                WordFile.decisions(Files.writeString(directory.resolve("decisions.ndjson"), words), Rules.DEFAULTS);
        return Replay.run(
                input, new People(List.copyOf(decisions), List.of(), List.of()), Rules.DEFAULTS, asOf, parallelism);
    }

    private static String decision(String verdict, String effectiveFrom) {
        return "{\"verdict\":\"%s\",\"one\":{\"type\":\"email\",\"value\":\"a@x.org\"},\"other\":{\"type\":\"phone\",\"value\":\"+49 30 123456\"},\"reason\":\"said so\",\"effective_from\":\"%s\"}%n"
                .formatted(verdict, effectiveFrom);
    }

    private static List<String> customers(ReplayResult result) throws IOException {
        return touchpoints(result).values().stream().distinct().toList();
    }

    /** Touchpoints with their customers. */
    private static Map<String, String> touchpoints(ReplayResult result) throws IOException {
        Map<String, String> touchpoints = new TreeMap<>();
        for (byte[] document : result.of("touchpoints")) {
            JsonNode touchpoint = JSON.readTree(document);
            touchpoints.put(
                    touchpoint.get("touchpoint_id").asText(),
                    touchpoint.get("customer_id").asText());
        }
        return touchpoints;
    }
}
