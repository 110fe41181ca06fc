package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Accepted;
import io.throughline.domain.ingest.Decoded;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.RawTouchpoint;
import io.throughline.domain.ingest.RawTouchpoint.Amount;
import io.throughline.domain.ingest.RawTouchpoint.Answer;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.RejectReason;
import io.throughline.domain.ingest.Validation;
import io.throughline.domain.touchpoint.Survey;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTouchpointsTest {

    static final String FULL =
            """
            {"touchpoint_id": "t-1", "event_time": "2026-11-23T10:00:00.250Z", "sent_time": "2026-11-23T11:00:01+01:00",
             "received_time": 1795428002000, "channel": "chat", "kind": "survey_response", "direction": "inbound",
             "actor": "customer",
             "identifiers": [{"type": "email", "value": "ann@example.com"}, {"value": 42, "type": "customer_number"}],
             "touchpoint": "Checkout", "stage": "support", "topic": "billing", "case_id": "C-7", "location": "Zürich",
             "brand": "acme", "product": "card", "segment": "gold", "outcome": "resolved",
             "wait_ms": 61000, "handle_ms": 0, "value": {"amount": 19.99, "currency": "EUR"},
             "survey": {"metric": "csat", "scale_min": 1, "scale_max": 5, "direction": "higher_is_better",
                        "score": 4.5, "verbatim": "fine \\ud83d\\ude42",
                        "about": {"touchpoint_id": "t-0", "channel": "call", "touchpoint": "hotline", "case_id": "C-7"}},
             "sentiment": -0.25, "experiments": {"button": "green"}, "capture_method": "online",
             "properties": {"url": "/cart", "items": 3, "price": 1.50, "gift": true, "nothing": null}}
            """;

    private static final String SMALL =
            """
            {"touchpoint_id":"t","event_time":1795428000000,"channel":"web","kind":"search",\
            "identifiers":[{"type":"cookie","value":"c"}]}""";

    private final JsonTouchpoints json = new JsonTouchpoints(10_000);

    @Test
    void everyFieldIsReadAsItWasSent() {
        assertThat(decode(FULL))
                .isEqualTo(RawTouchpoint.builder()
                        .touchpointId("t-1")
                        .eventTime(Instant.parse("2026-11-23T10:00:00.250Z").toEpochMilli())
                        .sentTime(Instant.parse("2026-11-23T10:00:01Z").toEpochMilli())
                        .receivedTime(1795428002000L)
                        .channel("chat")
                        .kind("survey_response")
                        .direction("inbound")
                        .actor("customer")
                        .identifiers(List.of(
                                new Identity("email", "ann@example.com"), new Identity("customer_number", "42")))
                        .touchpoint("Checkout")
                        .stage("support")
                        .topic("billing")
                        .caseId("C-7")
                        .location("Zürich")
                        .brand("acme")
                        .product("card")
                        .segment("gold")
                        .outcome("resolved")
                        .waitMs(61_000L)
                        .handleMs(0L)
                        .value(new Amount(19.99, "EUR"))
                        .survey(new Answer(
                                "csat",
                                1.0,
                                5.0,
                                "higher_is_better",
                                4.5,
                                "fine 🙂",
                                new Survey.About("t-0", "call", "hotline", "C-7")))
                        .sentiment(-0.25)
                        .experiments(Map.of("button", "green"))
                        .captureMethod("online")
                        .properties(Map.of("url", "/cart", "items", "3", "price", "1.50", "gift", "true"))
                        .build());
    }

    @Test
    void theOrderOfFieldsAndWhiteSpaceDoNotMatter() {
        assertThat(
                        decode(
                                """
                                 { "identifiers" : [ { "value":"c","type" :"cookie" } ] ,"kind":"search",
                                 "channel":"web", "event_time":"1795428000000","touchpoint_id":"t" }\r
                                """))
                .isEqualTo(decode(SMALL));
    }

    @Test
    void aNullIsAnAbsentField() {
        assertThat(decode(
                        with("\"stage\":null,\"survey\":null,\"properties\":null,\"sent_time\":null,\"wait_ms\":null")))
                .isEqualTo(decode(SMALL));
    }

    @Test
    void aByteOrderMarkAtTheBeginningOfAFileIsSkipped() {
        assertThat(decode("\ufeff" + SMALL)).isEqualTo(decode(SMALL));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | EMPTY | no content",
                "' \t\r\n' | EMPTY | no content",
                "[] | MALFORMED | not a JSON object",
                "\"text\" | MALFORMED | not a JSON object",
                "null | MALFORMED | not a JSON object",
                "{ | MALFORMED | not JSON at byte 1",
                "{\"touchpoint_id\":\"t | MALFORMED | not JSON",
                "{} {} | MALFORMED | there is something after the JSON object",
                "{},  | MALFORMED | not JSON",
                "touchpoint_id=t | MALFORMED | not JSON",
                "{\"kind\":NaN} | MALFORMED | not JSON",
                "{\"kind\":'x'} | MALFORMED | not JSON",
                "{\"kind\":\"x\",} | MALFORMED | not JSON"
            })
    void whatIsNoJsonObjectIsRefused(String line, RejectReason reason, String detail) {
        assertRefused(line, reason, detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"event_tme\":1 | \"event_tme\": not a field of a touchpoint",
                "\"survey\":{\"skale\":1} | survey.\"skale\": not a field",
                "\"survey\":{\"about\":{\"x\":1}} | survey.about.\"x\": not a field",
                "\"value\":{\"micros\":1} | value.\"micros\": not a field"
            })
    void aFieldTheEnvelopeDoesNotHaveIsNamed(String field, String detail) {
        assertRefused(with(field), RejectReason.UNKNOWN_FIELD, detail);
    }

    @Test
    void anIdentifierWithAFieldTooManyIsNamedByItsPosition() {
        assertRefused(
                "{\"identifiers\":[{\"type\":\"a\",\"value\":\"b\"},{\"kind\":\"c\"}]}",
                RejectReason.UNKNOWN_FIELD,
                "identifiers[1].\"kind\": not a field");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"kind\":\"again\" | kind: named twice",
                "\"properties\":{\"a\":1,\"a\":1} | properties.a: named twice",
                "\"survey\":{\"score\":1,\"score\":2} | survey.score: named twice"
            })
    void aFieldNamedTwiceHasNoValueToBelieve(String field, String detail) {
        assertRefused(with(field), RejectReason.MALFORMED, detail);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"topic\":7 | topic: must be text, was 7",
                "\"topic\":[\"a\"] | topic: must be text, was an array",
                "\"wait_ms\":\"12\" | wait_ms: must be a whole number, was \"12\"",
                "\"wait_ms\":1.5 | wait_ms: must be a whole number, was 1.5",
                "\"wait_ms\":1e300 | wait_ms: must be a whole number, was 1e300",
                "\"wait_ms\":1e19 | wait_ms: must be a whole number, was 1e19",
                "\"wait_ms\":45000.00000000000001 | wait_ms: must be a whole number, was 45000.00000000000001",
                "\"wait_ms\":1e99999999999 | wait_ms: must be a whole number, was 1e99999999999",
                "\"wait_ms\":1e999 | wait_ms: must be a whole number, was 1e999",
                "\"wait_ms\":99999999999999999999 | wait_ms: \"99999999999999999999\" does not fit into 64 bits",
                "\"event_time\":-99999999999999999999 | event_time: \"-99999999999999999999\" does not fit into 64 bits",
                "\"sentiment\":\"good\" | sentiment: must be a number, was \"good\"",
                "\"survey\":{\"score\":\"N/A\"} | survey.score: must be a number, was \"N/A\"",
                "\"survey\":[] | survey: must be an object, was an array",
                "\"properties\":{\"a\":{}} | properties.a: must be text, a number or a boolean, was an object",
                "\"sent_time\":true | sent_time: must be a time, ISO 8601 or epoch milliseconds, was true",
                "\"sent_time\":1774656000000.5 | sent_time: must be a time, ISO 8601 or epoch milliseconds, was 1774656000000.5",
                "\"sent_time\":\"yesterday\" | sent_time: \"yesterday\" is no ISO 8601 time",
                "\"sent_time\":\"2026-11-23T10:00:00\" | is no ISO 8601 time with an offset",
                "\"sent_time\":\"2026-11-23\" | is no ISO 8601 time",
                "\"sent_time\":\"2026-02-30T10:00:00Z\" | is no ISO 8601 time",
                "\"sent_time\":\"99999999999999999999\" | nor epoch milliseconds"
            })
    void aValueOfTheWrongTypeIsRefusedWithFieldAndValue(String field, String detail) {
        assertRefused(with(field), RejectReason.INVALID_VALUE, detail);
    }

    @ParameterizedTest
    @CsvSource({
        "45000.0, 45000",
        "4.5e4, 45000",
        "0.0, 0",
        "-0.0, 0",
        "-7.0, -7",
        "9007199254740993.0, 9007199254740993"
    })
    void aWholeNumberIsOneHoweverItIsWritten(String written, long read) {
        assertThat(decode(with("\"wait_ms\":" + written)))
                .isInstanceOfSatisfying(
                        RawTouchpoint.class, raw -> assertThat(raw.waitMs()).isEqualTo(read));
    }

    @Test
    void epochMillisecondsOfATableWithGapsAreTimes() {
        assertThat(decode(with("\"sent_time\":1774656000000.0,\"received_time\":1.774656e12")))
                .isInstanceOfSatisfying(RawTouchpoint.class, raw -> {
                    assertThat(raw.sentTime()).isEqualTo(1774656000000L);
                    assertThat(raw.receivedTime()).isEqualTo(1774656000000L);
                });
    }

    @Test
    void whatIsNoJsonIsSaidWithoutAdviceToProgrammers() {
        assertThat(decode(with("\"wait_ms\":NaN")))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.detail()).endsWith("Non-standard token 'NaN'"));
        assertThat(decode("/* a */ {}")).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.detail())
                .endsWith("Unexpected character ('/' (code 47))"));
        assertThat(decode("{")).isInstanceOfSatisfying(Refused.class, refused -> assertThat(refused.detail())
                .endsWith("Unexpected end-of-input"));
    }

    @Test
    void aRefusalDoesNotShowAnIdentifier() {
        Decoded decoded = decode("{\"identifiers\":[{\"type\":\"email\",\"value\":[\"ann@example.com\"]}]}");
        Decoded notAnObject = decode("{\"identifiers\":[\"ann@example.com\"]}");

        assertThat(((Refused) decoded).detail()).isEqualTo("identifiers[0].value: must be text, was an array");
        Decoded pointed = decode("{\"identifiers\":[{\"type\":\"customer_number\",\"value\":12345.0}]}");
        Decoded nothing = decode("{\"identifiers\":[null]}");

        assertThat(((Refused) notAnObject).detail()).isEqualTo("identifiers[0]: must be an object, was text");
        assertThat(((Refused) pointed).detail())
                .isEqualTo("identifiers[0].value: must be text or a whole number, was a number with a point");
        assertThat(((Refused) nothing).detail()).isEqualTo("identifiers[0]: must be an object, was null");
    }

    @Test
    void anOversizeRecordIsRefusedUnread() {
        assertRefused("x".repeat(10_001), RejectReason.OVERSIZE, "has 10001 bytes, more than 10000");
    }

    @Test
    void ofAnOversizeRecordTheBeginningIsEnough() {
        JsonTouchpoints json = new JsonTouchpoints(10_000);
        byte[] beginning = "x".repeat(10_000).getBytes(StandardCharsets.UTF_8);

        Refused refused = (Refused) json.decode(beginning, 5_000_000_000L);

        assertThat(refused.reason()).isEqualTo(RejectReason.OVERSIZE);
        assertThat(refused.detail())
                .isEqualTo("the record has 5000000000 bytes, more than 10000; raw holds the first 10000");
        assertThat(((Refused) json.decode(beginning, 10_000)).reason()).isEqualTo(RejectReason.MALFORMED);
    }

    @Test
    void deepNestingEndsInARefusal() {
        assertRefused(
                "{\"properties\":" + "[".repeat(5000), RejectReason.INVALID_VALUE, "properties: must be an object");
        assertRefused("{\"properties\":{\"a\":" + "[".repeat(5000), RejectReason.INVALID_VALUE, "properties.a");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
    void textThatIsNotUtf8IsRefusedInsteadOfGuessed(String encoding) {
        assertThat(json.decode(SMALL.getBytes(Charset.forName(encoding))))
                .isEqualTo(new Refused(
                        RejectReason.MALFORMED, "not JSON: the text is UTF-16 or UTF-32, it must be UTF-8"));
        assertThat(json.decode("{}{".getBytes(Charset.forName(encoding))))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.detail()).doesNotContain("byte -1"));
    }

    @Test
    void bytesThatAreNoTextEndInARefusal() {
        byte[] bytes = SMALL.getBytes(StandardCharsets.UTF_8);
        bytes[20] = (byte) 0xff;

        assertThat(((Refused) json.decode(bytes)).reason()).isEqualTo(RejectReason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-23T10:00:00Z",
                "2026-11-23T10:00:00.000Z",
                "2026-11-23T12:00:00+02:00",
                "2026-11-23T12:00:00+0200",
                "2026-11-23T12:00:00+02",
                "2026-11-23t10:00:00z",
                "2026-11-23T10:00Z",
                "2026-11-23T10:00:00.000999999Z",
                " 2026-11-23T10:00:00Z ",
                "1795428000000"
            })
    void timesAreUnderstoodInTheFormsSendersUse(String time) {
        assertThat(((RawTouchpoint) decode(with("\"sent_time\":\"" + time + "\""))).sentTime())
                .isEqualTo(1795428000000L);
    }

    @Test
    void damagedBytesNeverDoMoreThanBeingRefused() {
        Random random = new Random(20261123);
        Validation validation = new Validation(IngestConfig.DEFAULTS, new LibPhoneNumbers());
        byte[] good = FULL.getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] damaged = random.nextInt(4) == 0 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
            for (int flips = random.nextInt(3); flips >= 0 && damaged.length > 0; flips--) {
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            }
            Decoded decoded = json.decode(damaged);
            if (decoded instanceof RawTouchpoint raw) {
                assertThat(validation.check(raw, 1795428002000L)).isNotNull();
            } else {
                refused++;
            }
        }
        assertThat(refused).isBetween(20_000, 99_999);
    }

    @Test
    void theDesignsOwnExampleOfATouchpointIsAccepted() {
        Validation validation = new Validation(IngestConfig.DEFAULTS, new LibPhoneNumbers());

        assertThat(validation.check((RawTouchpoint) decode(FULL), null)).isInstanceOf(Accepted.class);
        assertThat(validation.check((RawTouchpoint) decode(SMALL), null)).isInstanceOf(Accepted.class);
    }

    private Decoded decode(String line) {
        return json.decode(line.getBytes(StandardCharsets.UTF_8));
    }

    private void assertRefused(String line, RejectReason reason, String detail) {
        Decoded decoded = decode(line);
        assertThat(decoded).isInstanceOf(Refused.class);
        assertThat(((Refused) decoded).detail()).contains(detail);
        assertThat(((Refused) decoded).reason()).isEqualTo(reason);
    }

    private static String with(String field) {
        return SMALL.substring(0, SMALL.length() - 1) + "," + field + "}";
    }
}
