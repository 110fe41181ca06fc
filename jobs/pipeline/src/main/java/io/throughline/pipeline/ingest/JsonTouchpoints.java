package io.throughline.pipeline.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import io.throughline.domain.ingest.Decoded;
import io.throughline.domain.ingest.RawTouchpoint;
import io.throughline.domain.ingest.RawTouchpoint.Amount;
import io.throughline.domain.ingest.RawTouchpoint.Answer;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.RejectReason;
import io.throughline.domain.touchpoint.Survey;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads touchpoints from JSON, one object per record, strictly: a field the envelope does not have, a field named
 * twice, a value of the wrong type, bytes after the object are reasons to refuse the record. A null is an absent field.
 * Times are ISO 8601 with an offset, or epoch milliseconds as a number or as digits. Properties and experiments may be
 * numbers and booleans too and are kept as they are written. Never throws on bad data; may be shared by threads.
 */
public final class JsonTouchpoints {

    /** What the parser says to programmers, who could make it read what is no JSON. */
    private static final Pattern PARSER_ADVICE =
            Pattern.compile(": (enable `|maybe a \\(non-standard\\)|expected close marker).*");

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private static final JsonFactory JSON = JsonFactory.builder()
            // Locations in messages are enough; what a message quotes of the record could be personal.
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private final int maxRecordBytes;

    /** @param maxRecordBytes size beyond which a record is refused unread */
    public JsonTouchpoints(int maxRecordBytes) {
        this.maxRecordBytes = maxRecordBytes;
    }

    /** Whether there is nothing but white space. A blank line in a file separates records and is none. */
    public static boolean isBlank(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n') {
                return false;
            }
        }
        return true;
    }

    public Decoded decode(byte[] record) {
        return decode(record, 0, record.length);
    }

    /**
     * One record of which bytes beyond the limit may be missing.
     *
     * @param size bytes of the whole record; more than the array has only if more than the limit
     */
    public Decoded decode(byte[] beginning, long size) {
        if (size > beginning.length && size > maxRecordBytes) {
            return oversize(size, "; raw holds the first " + beginning.length);
        }
        if (size != beginning.length) {
            throw new IllegalArgumentException("of a record of " + size + " bytes, no more than " + maxRecordBytes
                    + ", there are " + beginning.length);
        }
        return decode(beginning);
    }

    private Refused oversize(long size, String kept) {
        return new Refused(
                RejectReason.OVERSIZE, "the record has " + size + " bytes, more than " + maxRecordBytes + kept);
    }

    /** One record, without or with its line end; a byte order mark before it is skipped. */
    public Decoded decode(byte[] bytes, int offset, int length) {
        if (length > maxRecordBytes) {
            return oversize(length, "");
        }
        int mark = startsWithMark(bytes, offset, length) ? BYTE_ORDER_MARK.length : 0;
        if (isBlank(bytes, offset + mark, length - mark)) {
            return new Refused(RejectReason.EMPTY, "the record has no content");
        }
        if (!isEightBit(bytes, offset + mark, length - mark)) {
            return new Refused(RejectReason.MALFORMED, "not JSON: the text is UTF-16 or UTF-32, it must be UTF-8");
        }
        try (JsonParser parser = JSON.createParser(bytes, offset + mark, length - mark)) {
            return decode(parser);
        } catch (Misfit misfit) {
            return misfit.refused;
        } catch (JsonProcessingException e) {
            return new Refused(RejectReason.MALFORMED, "not JSON" + at(e) + ": " + firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            // Reading from an array, what is left are bytes that are no UTF-8.
            return new Refused(RejectReason.MALFORMED, "not JSON: " + firstLine(String.valueOf(e.getMessage())));
        }
    }

    private static Decoded decode(JsonParser parser) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return new Refused(RejectReason.MALFORMED, "not a JSON object");
        }
        RawTouchpoint.Builder raw = RawTouchpoint.builder();
        long seen = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            int number =
                    switch (field) {
                        case "touchpoint_id" -> {
                            raw.touchpointId(text(field, parser));
                            yield 0;
                        }
                        case "event_time" -> {
                            raw.eventTime(time(field, parser));
                            yield 1;
                        }
                        case "sent_time" -> {
                            raw.sentTime(time(field, parser));
                            yield 2;
                        }
                        case "received_time" -> {
                            raw.receivedTime(time(field, parser));
                            yield 3;
                        }
                        case "channel" -> {
                            raw.channel(text(field, parser));
                            yield 4;
                        }
                        case "kind" -> {
                            raw.kind(text(field, parser));
                            yield 5;
                        }
                        case "direction" -> {
                            raw.direction(text(field, parser));
                            yield 6;
                        }
                        case "actor" -> {
                            raw.actor(text(field, parser));
                            yield 7;
                        }
                        case "identifiers" -> {
                            raw.identifiers(identities(parser));
                            yield 8;
                        }
                        case "touchpoint" -> {
                            raw.touchpoint(text(field, parser));
                            yield 9;
                        }
                        case "stage" -> {
                            raw.stage(text(field, parser));
                            yield 10;
                        }
                        case "topic" -> {
                            raw.topic(text(field, parser));
                            yield 11;
                        }
                        case "case_id" -> {
                            raw.caseId(text(field, parser));
                            yield 12;
                        }
                        case "location" -> {
                            raw.location(text(field, parser));
                            yield 13;
                        }
                        case "brand" -> {
                            raw.brand(text(field, parser));
                            yield 14;
                        }
                        case "product" -> {
                            raw.product(text(field, parser));
                            yield 15;
                        }
                        case "segment" -> {
                            raw.segment(text(field, parser));
                            yield 16;
                        }
                        case "outcome" -> {
                            raw.outcome(text(field, parser));
                            yield 17;
                        }
                        case "wait_ms" -> {
                            raw.waitMs(whole(field, parser));
                            yield 18;
                        }
                        case "handle_ms" -> {
                            raw.handleMs(whole(field, parser));
                            yield 19;
                        }
                        case "value" -> {
                            raw.value(amount(parser));
                            yield 20;
                        }
                        case "survey" -> {
                            raw.survey(answer(parser));
                            yield 21;
                        }
                        case "sentiment" -> {
                            raw.sentiment(number(field, parser));
                            yield 22;
                        }
                        case "experiments" -> {
                            raw.experiments(texts(field, parser));
                            yield 23;
                        }
                        case "capture_method" -> {
                            raw.captureMethod(text(field, parser));
                            yield 24;
                        }
                        case "properties" -> {
                            raw.properties(texts(field, parser));
                            yield 25;
                        }
                        default -> throw unknown("", field);
                    };
            seen = once(seen, number, "", field);
        }
        if (parser.nextToken() != null) {
            return new Refused(RejectReason.MALFORMED, "there is something after the JSON object");
        }
        return raw.build();
    }

    private static @Nullable List<Identity> identities(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw wrong("identifiers", "an array", parser);
        }
        List<Identity> identities = new ArrayList<>(4);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw wrong(identifier(identities.size()), "an object", parser);
            }
            String type = null;
            String value = null;
            long seen = 0;
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String field = parser.currentName();
                parser.nextToken();
                switch (field) {
                    case "type" -> {
                        type = text("identifiers.type", parser);
                        seen = once(seen, 0, "identifiers.", field);
                    }
                    case "value" -> {
                        value = identifierValue(identities.size(), parser);
                        seen = once(seen, 1, "identifiers.", field);
                    }
                    default -> throw unknown(identifier(identities.size()) + ".", field);
                }
            }
            identities.add(new Identity(type, value));
        }
        return identities;
    }

    /** Customer numbers are often sent as numbers; their text is what was meant. */
    private static @Nullable String identifierValue(int index, JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT -> parser.getText();
            case VALUE_NUMBER_FLOAT -> throw wrong(identifier(index) + ".value", "text or a whole number", parser);
            default -> text(identifier(index) + ".value", parser);
        };
    }

    private static String identifier(int index) {
        return "identifiers[" + index + "]";
    }

    private static @Nullable Amount amount(JsonParser parser) throws IOException {
        if (!object("value", parser)) {
            return null;
        }
        Double amount = null;
        String currency = null;
        long seen = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "amount" -> {
                    amount = number("value.amount", parser);
                    seen = once(seen, 0, "value.", field);
                }
                case "currency" -> {
                    currency = text("value.currency", parser);
                    seen = once(seen, 1, "value.", field);
                }
                default -> throw unknown("value.", field);
            }
        }
        return new Amount(amount, currency);
    }

    private static @Nullable Answer answer(JsonParser parser) throws IOException {
        if (!object("survey", parser)) {
            return null;
        }
        String metric = null;
        Double scaleMin = null;
        Double scaleMax = null;
        String direction = null;
        Double score = null;
        String verbatim = null;
        Survey.About about = null;
        long seen = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "metric" -> {
                    metric = text("survey.metric", parser);
                    seen = once(seen, 0, "survey.", field);
                }
                case "scale_min" -> {
                    scaleMin = number("survey.scale_min", parser);
                    seen = once(seen, 1, "survey.", field);
                }
                case "scale_max" -> {
                    scaleMax = number("survey.scale_max", parser);
                    seen = once(seen, 2, "survey.", field);
                }
                case "direction" -> {
                    direction = text("survey.direction", parser);
                    seen = once(seen, 3, "survey.", field);
                }
                case "score" -> {
                    score = number("survey.score", parser);
                    seen = once(seen, 4, "survey.", field);
                }
                case "verbatim" -> {
                    verbatim = text("survey.verbatim", parser);
                    seen = once(seen, 5, "survey.", field);
                }
                case "about" -> {
                    about = about(parser);
                    seen = once(seen, 6, "survey.", field);
                }
                default -> throw unknown("survey.", field);
            }
        }
        return new Answer(metric, scaleMin, scaleMax, direction, score, verbatim, about);
    }

    private static Survey.@Nullable About about(JsonParser parser) throws IOException {
        if (!object("survey.about", parser)) {
            return null;
        }
        String touchpointId = null;
        String channel = null;
        String touchpoint = null;
        String caseId = null;
        long seen = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String field = parser.currentName();
            parser.nextToken();
            switch (field) {
                case "touchpoint_id" -> {
                    touchpointId = text("survey.about.touchpoint_id", parser);
                    seen = once(seen, 0, "survey.about.", field);
                }
                case "channel" -> {
                    channel = text("survey.about.channel", parser);
                    seen = once(seen, 1, "survey.about.", field);
                }
                case "touchpoint" -> {
                    touchpoint = text("survey.about.touchpoint", parser);
                    seen = once(seen, 2, "survey.about.", field);
                }
                case "case_id" -> {
                    caseId = text("survey.about.case_id", parser);
                    seen = once(seen, 3, "survey.about.", field);
                }
                default -> throw unknown("survey.about.", field);
            }
        }
        return new Survey.About(touchpointId, channel, touchpoint, caseId);
    }

    private static @Nullable Map<String, String> texts(String field, JsonParser parser) throws IOException {
        if (!object(field, parser)) {
            return null;
        }
        Map<String, String> texts = new HashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                continue;
            }
            if (!token.isScalarValue()) {
                throw wrong(field + "." + key, "text, a number or a boolean", parser);
            }
            if (texts.put(key, parser.getText()) != null) {
                throw twice(field + ".", key);
            }
        }
        return texts;
    }

    private static @Nullable String text(String field, JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> parser.getText();
            case VALUE_NULL -> null;
            default -> throw wrong(field, "text", parser);
        };
    }

    private static @Nullable Double number(String field, JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_NULL -> null;
            default -> throw wrong(field, "a number", parser);
        };
    }

    private static @Nullable Long whole(String field, JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> whole(field, "a whole number", parser);
            case VALUE_NULL -> null;
            default -> throw wrong(field, "a whole number", parser);
        };
    }

    private static long whole(String field, String expected, JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            try {
                return parser.getLongValue();
            } catch (InputCoercionException e) {
                throw new Misfit(
                        RejectReason.INVALID_VALUE,
                        field + ": " + Refused.quote(parser.getText()) + " does not fit into 64 bits");
            }
        }
        // Tables in which some values are missing are often exported as 45000.0.
        try {
            return new BigDecimal(parser.getText()).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw wrong(field, expected, parser);
        }
    }

    private static @Nullable Long time(String field, JsonParser parser) throws IOException {
        String expected = "a time, ISO 8601 or epoch milliseconds";
        return switch (parser.currentToken()) {
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> whole(field, expected, parser);
            case VALUE_STRING -> time(field, parser.getText().strip());
            case VALUE_NULL -> null;
            default -> throw wrong(field, expected, parser);
        };
    }

    private static @Nullable Long time(String field, String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return IsoTime.parseOrMillis(text);
        } catch (DateTimeException e) {
            throw new Misfit(
                    RejectReason.INVALID_VALUE,
                    field + ": " + Refused.quote(text)
                            + " is no ISO 8601 time with an offset, such as 2026-11-23T10:00:00Z, nor epoch"
                            + " milliseconds");
        }
    }

    /** Whether there is an object, now to be read; false where the field is null. */
    private static boolean object(String field, JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> true;
            case VALUE_NULL -> false;
            default -> throw wrong(field, "an object", parser);
        };
    }

    private static long once(long seen, int number, String path, String field) {
        long bit = 1L << number;
        if ((seen & bit) != 0) {
            throw twice(path, field);
        }
        return seen | bit;
    }

    private static Misfit twice(String path, String field) {
        return new Misfit(RejectReason.MALFORMED, path + field + ": named twice");
    }

    private static Misfit unknown(String path, String field) {
        return new Misfit(RejectReason.UNKNOWN_FIELD, path + Refused.quote(field) + ": not a field of a touchpoint");
    }

    private static Misfit wrong(String field, String expected, JsonParser parser) throws IOException {
        boolean personal = field.startsWith("identifiers");
        String was =
                switch (parser.currentToken()) {
                    case START_OBJECT -> "an object";
                    case START_ARRAY -> "an array";
                    case VALUE_STRING -> personal ? "text" : Refused.quote(parser.getText());
                    case VALUE_NUMBER_INT -> personal ? "a number" : parser.getText();
                    case VALUE_NUMBER_FLOAT -> personal ? "a number with a point" : parser.getText();
                    default -> parser.getText();
                };
        return new Misfit(RejectReason.INVALID_VALUE, field + ": must be " + expected + ", was " + was);
    }

    private static boolean startsWithMark(byte[] bytes, int offset, int length) {
        return length >= BYTE_ORDER_MARK.length
                && bytes[offset] == BYTE_ORDER_MARK[0]
                && bytes[offset + 1] == BYTE_ORDER_MARK[1]
                && bytes[offset + 2] == BYTE_ORDER_MARK[2];
    }

    /**
     * The parser would guess wider encodings and read them: the same touchpoint sent in two encodings would be two records
     * that differ in every byte. It guesses by a zero among the first four bytes, which no JSON in UTF-8 has, or by a mark.
     */
    private static boolean isEightBit(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + Math.min(length, 4); i++) {
            if (bytes[i] == 0) {
                return false;
            }
        }
        int first = length < 2 ? 0 : (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
        return first != 0xfeff && first != 0xfffe;
    }

    private static String at(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        return location == null || location.getByteOffset() < 0 ? "" : " at byte " + location.getByteOffset();
    }

    private static String firstLine(String message) {
        String line =
                PARSER_ADVICE.matcher(message.lines().findFirst().orElse("")).replaceFirst("");
        return line.length() > 160 ? line.substring(0, 160) : line;
    }

    /** Carries a refusal out of the reading; never leaves this class. */
    private static final class Misfit extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Refused refused;

        Misfit(RejectReason reason, String detail) {
            super(detail, null, false, false);
            this.refused = new Refused(reason, detail);
        }
    }
}
