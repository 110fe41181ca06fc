package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.domain.ingest.DecisionValidation;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.PhoneNumbers;
import io.throughline.domain.ingest.RawDecision;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.ingest.JsonDecisions.UnreadableException;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One decision in Avro, as a line of JSON and as a key. */
class DecisionFormsTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(60);
    private static final Decision DECISION = new Decision(
            Decision.Verdict.NEVER,
            new Identifier("email", "8a1f0c52d6e94b7788c3a5f4e1d2b390"),
            new Identifier("customer_number", "d41c7a9e0b3f4c65a2e8f71b5c90d836"),
            NOON.toEpochMilli(),
            "father \"and\" son",
            "");

    private final DecisionValidation validation =
            new DecisionValidation(IngestConfig.DEFAULTS, StitchConfig.DEFAULTS, PhoneNumbers.NONE);

    @Test
    void whatIsWrittenIsReadBack() throws UnreadableException {
        RawDecision fromAvro = AvroDecisions.raw(AvroDecisions.of(DECISION, LATER));
        String line = JsonDecisions.line(DECISION, LATER, IngestConfig.DEFAULTS);

        assertThat(validation.published(fromAvro, LATER.toEpochMilli()).decision())
                .isEqualTo(DECISION);
        assertThat(line)
                .doesNotContain("\n")
                .contains(
                        "\"value\":\"#8a1f0c52d6e94b7788c3a5f4e1d2b390\"",
                        "\"effective_from\":\"2026-03-01T12:00:00Z\"")
                .endsWith(",\"decided_at\":\"2026-03-01T12:01:00Z\"}");
        assertThat(validation.typed(JsonDecisions.raw(line)).decision()).isEqualTo(DECISION);
    }

    @Test
    void whatPeopleWriteIsReadAsTheyMeanIt() throws UnreadableException {
        assertThat(
                        JsonDecisions.raw(
                                """
                                {"verdict":"always","one":{"type":"email","value":"a@x.org"},"other":{"value":1042,"type":"customer_number"},"reason":null,"effective_from":"1772366400000"}
                                """))
                .isEqualTo(new RawDecision(
                        "always",
                        new Identity("email", "a@x.org"),
                        new Identity("customer_number", "1042"),
                        NOON.toEpochMilli(),
                        null,
                        null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "not json                                   | not JSON at column",
                "{\"verdict\":\"always\"} {}                | not JSON at column",
                "[]                                         | not a JSON object",
                "{\"verdict\":\"a\",\"verdict\":\"b\"}      | not JSON at column",
                "{\"verdict\":1}                            | verdict: must be text",
                "{\"verdikt\":\"always\"}                   | \"verdikt\": not a field of a decision; there are author, decided_at,",
                "{\"one\":\"email:a@x.org\"}                | one: must be an object with type and value",
                "{\"one\":{\"typ\":\"email\"}}              | one.\"typ\": not a field of an identifier; there are type, value",
                "{\"other\":{\"type\":\"email\",\"value\":[]}} | other.value: must be text",
                "{\"effective_from\":\"today\"}             | effective_from: must be an ISO 8601 time with an offset",
                "{\"effective_from\":1.5}                   | effective_from: must be an ISO 8601 time with an offset",
                "{\"decided_at\":\"\"}                      | decided_at: must be an ISO 8601 time with an offset",
            })
    void whatIsNoDecisionSaysWhereAndWhatIsExpected(String json, String message) {
        assertThatThrownBy(() -> JsonDecisions.raw(json))
                .isInstanceOf(UnreadableException.class)
                .message()
                .startsWith(message)
                .doesNotContain("\n");
    }

    @Test
    void theKeyIsThePairWhateverTheOrderAndNoOtherPairs() {
        assertThat(key("email", "8a1f", "phone", "77c0"))
                .isEqualTo(key("phone", "77c0", "email", "8a1f"))
                .isIn("email:8a1f|phone:77c0", "phone:77c0|email:8a1f");
        assertThat(key("a", "1", "b", "2|c:3")).isNotEqualTo(key("a", "1|b:2", "c", "3"));
    }

    private static String key(String type, String value, String otherType, String otherValue) {
        return AvroDecisions.keyOf(new Decision(
                Decision.Verdict.NEVER,
                new Identifier(type, value),
                new Identifier(otherType, otherValue),
                0,
                "r",
                ""));
    }
}
