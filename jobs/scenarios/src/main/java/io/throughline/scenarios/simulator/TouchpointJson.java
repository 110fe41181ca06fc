package io.throughline.scenarios.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
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

    private static void write(Touchpoint touchpoint, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("touchpoint_id", touchpoint.getTouchpointId());
        json.writeStringField("event_time", touchpoint.getEventTime().toString());
        if (touchpoint.getSentTime() != null) {
            json.writeStringField("sent_time", touchpoint.getSentTime().toString());
        }
        if (touchpoint.getReceivedTime() != null) {
            json.writeStringField("received_time", touchpoint.getReceivedTime().toString());
        }
        json.writeStringField("channel", touchpoint.getChannel());
        json.writeStringField("kind", touchpoint.getKind());
        text(json, "direction", touchpoint.getDirection());
        text(json, "actor", touchpoint.getActor());
        json.writeArrayFieldStart("identifiers");
        for (Identifier identifier : touchpoint.getIdentifiers()) {
            json.writeStartObject();
            json.writeStringField("type", identifier.getType());
            json.writeStringField("value", identifier.getValue());
            json.writeEndObject();
        }
        json.writeEndArray();
        text(json, "touchpoint", touchpoint.getTouchpoint());
        text(json, "stage", touchpoint.getStage());
        text(json, "topic", touchpoint.getTopic());
        text(json, "case_id", touchpoint.getCaseId());
        text(json, "location", touchpoint.getLocation());
        text(json, "brand", touchpoint.getBrand());
        text(json, "product", touchpoint.getProduct());
        text(json, "segment", touchpoint.getSegment());
        text(json, "outcome", touchpoint.getOutcome());
        if (touchpoint.getWaitMs() != null) {
            json.writeNumberField("wait_ms", touchpoint.getWaitMs());
        }
        if (touchpoint.getHandleMs() != null) {
            json.writeNumberField("handle_ms", touchpoint.getHandleMs());
        }
        Money value = touchpoint.getValue();
        if (value != null) {
            json.writeObjectFieldStart("value");
            json.writeNumberField("amount", value.getAmount());
            json.writeStringField("currency", value.getCurrency());
            json.writeEndObject();
        }
        if (touchpoint.getSurvey() != null) {
            survey(json, touchpoint.getSurvey());
        }
        if (touchpoint.getSentiment() != null) {
            json.writeNumberField("sentiment", touchpoint.getSentiment());
        }
        texts(json, "experiments", touchpoint.getExperiments());
        text(json, "capture_method", touchpoint.getCaptureMethod());
        texts(json, "properties", touchpoint.getProperties());
        json.writeEndObject();
    }

    private static void survey(JsonGenerator json, Survey survey) throws IOException {
        json.writeObjectFieldStart("survey");
        json.writeStringField("metric", survey.getMetric());
        number(json, "scale_min", survey.getScaleMin());
        number(json, "scale_max", survey.getScaleMax());
        text(json, "direction", survey.getDirection());
        number(json, "score", survey.getScore());
        text(json, "verbatim", survey.getVerbatim());
        SurveyAbout about = survey.getAbout();
        if (about != null) {
            json.writeObjectFieldStart("about");
            text(json, "touchpoint_id", about.getTouchpointId());
            text(json, "channel", about.getChannel());
            text(json, "touchpoint", about.getTouchpoint());
            text(json, "case_id", about.getCaseId());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void number(JsonGenerator json, String name, double number) throws IOException {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            json.writeNumberField(name, (long) number);
        } else {
            json.writeNumberField(name, number);
        }
    }

    private static void text(JsonGenerator json, String name, @Nullable String text) throws IOException {
        if (text != null) {
            json.writeStringField(name, text);
        }
    }

    private static void texts(JsonGenerator json, String name, Map<String, String> texts) throws IOException {
        if (!texts.isEmpty()) {
            json.writeObjectFieldStart(name);
            for (Map.Entry<String, String> text : texts.entrySet()) {
                json.writeStringField(text.getKey(), text.getValue());
            }
            json.writeEndObject();
        }
    }
}
