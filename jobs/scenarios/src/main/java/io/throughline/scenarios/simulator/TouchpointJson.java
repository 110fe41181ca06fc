package io.throughline.scenarios.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Money;
import io.throughline.schemas.Survey;
import io.throughline.schemas.SurveyAbout;
import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A touchpoint as one line of JSON: the schema's field names, ISO-8601 UTC, absent fields left out. */
public final class TouchpointJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final SerializedString ABOUT = new SerializedString("about");
    private static final SerializedString ACTOR = new SerializedString("actor");
    private static final SerializedString AMOUNT = new SerializedString("amount");
    private static final SerializedString BRAND = new SerializedString("brand");
    private static final SerializedString CAPTURE_METHOD = new SerializedString("capture_method");
    private static final SerializedString CASE_ID = new SerializedString("case_id");
    private static final SerializedString CHANNEL = new SerializedString("channel");
    private static final SerializedString CURRENCY = new SerializedString("currency");
    private static final SerializedString DIRECTION = new SerializedString("direction");
    private static final SerializedString EVENT_TIME = new SerializedString("event_time");
    private static final SerializedString EXPERIMENTS = new SerializedString("experiments");
    private static final SerializedString HANDLE_MS = new SerializedString("handle_ms");
    private static final SerializedString IDENTIFIERS = new SerializedString("identifiers");
    private static final SerializedString KIND = new SerializedString("kind");
    private static final SerializedString LOCATION = new SerializedString("location");
    private static final SerializedString METRIC = new SerializedString("metric");
    private static final SerializedString OUTCOME = new SerializedString("outcome");
    private static final SerializedString PRODUCT = new SerializedString("product");
    private static final SerializedString PROPERTIES = new SerializedString("properties");
    private static final SerializedString SCALE_MAX = new SerializedString("scale_max");
    private static final SerializedString SCALE_MIN = new SerializedString("scale_min");
    private static final SerializedString SCORE = new SerializedString("score");
    private static final SerializedString SEGMENT = new SerializedString("segment");
    private static final SerializedString SENT_TIME = new SerializedString("sent_time");
    private static final SerializedString SENTIMENT = new SerializedString("sentiment");
    private static final SerializedString STAGE = new SerializedString("stage");
    private static final SerializedString SURVEY = new SerializedString("survey");
    private static final SerializedString TOPIC = new SerializedString("topic");
    private static final SerializedString TOUCHPOINT = new SerializedString("touchpoint");
    private static final SerializedString TOUCHPOINT_ID = new SerializedString("touchpoint_id");
    private static final SerializedString TYPE = new SerializedString("type");
    private static final SerializedString VALUE = new SerializedString("value");
    private static final SerializedString VERBATIM = new SerializedString("verbatim");
    private static final SerializedString WAIT_MS = new SerializedString("wait_ms");
    private static final ThreadLocal<IsoTime> TIMES = ThreadLocal.withInitial(IsoTime::new);

    private TouchpointJson() {}

    /** UTF-8, no line break inside or at the end. */
    public static byte[] write(Touchpoint touchpoint) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(1024)) {
            try (JsonGenerator json = JSON.createGenerator(bytes)) {
                write(touchpoint, json);
            }
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    static void write(Touchpoint touchpoint, JsonGenerator json) throws IOException {
        IsoTime times = TIMES.get();
        json.writeStartObject();
        text(json, TOUCHPOINT_ID, touchpoint.getTouchpointId());
        text(json, EVENT_TIME, times.of(touchpoint.getEventTime().toEpochMilli()));
        if (touchpoint.getSentTime() != null) {
            text(json, SENT_TIME, times.of(touchpoint.getSentTime().toEpochMilli()));
        }
        if (touchpoint.getReceivedTime() != null) {
            json.writeStringField(
                    "received_time", times.of(touchpoint.getReceivedTime().toEpochMilli()));
        }
        text(json, CHANNEL, touchpoint.getChannel());
        text(json, KIND, touchpoint.getKind());
        text(json, DIRECTION, touchpoint.getDirection());
        text(json, ACTOR, touchpoint.getActor());
        json.writeFieldName(IDENTIFIERS);
        json.writeStartArray();
        for (Identifier identifier : touchpoint.getIdentifiers()) {
            json.writeStartObject();
            text(json, TYPE, identifier.getType());
            text(json, VALUE, identifier.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        text(json, TOUCHPOINT, touchpoint.getTouchpoint());
        text(json, STAGE, touchpoint.getStage());
        text(json, TOPIC, touchpoint.getTopic());
        text(json, CASE_ID, touchpoint.getCaseId());
        text(json, LOCATION, touchpoint.getLocation());
        text(json, BRAND, touchpoint.getBrand());
        text(json, PRODUCT, touchpoint.getProduct());
        text(json, SEGMENT, touchpoint.getSegment());
        text(json, OUTCOME, touchpoint.getOutcome());
        if (touchpoint.getWaitMs() != null) {
            json.writeFieldName(WAIT_MS);
            json.writeNumber(touchpoint.getWaitMs());
        }
        if (touchpoint.getHandleMs() != null) {
            json.writeFieldName(HANDLE_MS);
            json.writeNumber(touchpoint.getHandleMs());
        }
        Money value = touchpoint.getValue();
        if (value != null) {
            json.writeFieldName(VALUE);
            json.writeStartObject();
            number(json, AMOUNT, value.getAmount());
            text(json, CURRENCY, value.getCurrency());
            json.writeEndObject();
        }
        if (touchpoint.getSurvey() != null) {
            survey(json, touchpoint.getSurvey());
        }
        if (touchpoint.getSentiment() != null) {
            json.writeFieldName(SENTIMENT);
            json.writeNumber(touchpoint.getSentiment());
        }
        texts(json, EXPERIMENTS, touchpoint.getExperiments());
        text(json, CAPTURE_METHOD, touchpoint.getCaptureMethod());
        texts(json, PROPERTIES, touchpoint.getProperties());
        json.writeEndObject();
    }

    private static void survey(JsonGenerator json, Survey survey) throws IOException {
        json.writeFieldName(SURVEY);
        json.writeStartObject();
        text(json, METRIC, survey.getMetric());
        number(json, SCALE_MIN, survey.getScaleMin());
        number(json, SCALE_MAX, survey.getScaleMax());
        text(json, DIRECTION, survey.getDirection());
        number(json, SCORE, survey.getScore());
        text(json, VERBATIM, survey.getVerbatim());
        SurveyAbout about = survey.getAbout();
        if (about != null) {
            json.writeFieldName(ABOUT);
            json.writeStartObject();
            text(json, TOUCHPOINT_ID, about.getTouchpointId());
            text(json, CHANNEL, about.getChannel());
            text(json, TOUCHPOINT, about.getTouchpoint());
            text(json, CASE_ID, about.getCaseId());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, SerializedString name, double number) throws IOException {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            json.writeFieldName(name);
            json.writeNumber((long) number);
        } else {
            json.writeFieldName(name);
            json.writeNumber(number);
        }
    }

    private static void text(JsonGenerator json, SerializedString name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeFieldName(name);
            json.writeString(text);
        }
    }

    private static void texts(JsonGenerator json, SerializedString name, Map<String, String> texts) throws IOException {
        if (!texts.isEmpty()) {
            json.writeFieldName(name);
            json.writeStartObject();
            for (Map.Entry<String, String> text : texts.entrySet()) {
                json.writeStringField(text.getKey(), text.getValue());
            }
            json.writeEndObject();
        }
    }
}
