package io.throughline.intake;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A field of a touchpoint that a mapping may name; identifiers, experiments and properties have words of their own. */
public enum TouchpointField {
    TOUCHPOINT_ID(Form.TEXT),
    EVENT_TIME(Form.TIME),
    SENT_TIME(Form.TIME),
    RECEIVED_TIME(Form.TIME),
    CHANNEL(Form.TEXT),
    KIND(Form.TEXT),
    DIRECTION(Form.TEXT),
    ACTOR(Form.TEXT),
    TOUCHPOINT(Form.TEXT),
    STAGE(Form.TEXT),
    TOPIC(Form.TEXT),
    CASE_ID(Form.TEXT),
    LOCATION(Form.TEXT),
    BRAND(Form.TEXT),
    PRODUCT(Form.TEXT),
    SEGMENT(Form.TEXT),
    OUTCOME(Form.TEXT),
    WAIT_MS(Form.DURATION),
    HANDLE_MS(Form.DURATION),
    VALUE_AMOUNT("value.amount", Form.NUMBER),
    VALUE_CURRENCY("value.currency", Form.TEXT),
    SURVEY_METRIC("survey.metric", Form.TEXT),
    SURVEY_SCALE_MIN("survey.scale_min", Form.NUMBER),
    SURVEY_SCALE_MAX("survey.scale_max", Form.NUMBER),
    SURVEY_DIRECTION("survey.direction", Form.TEXT),
    SURVEY_SCORE("survey.score", Form.NUMBER),
    SURVEY_VERBATIM("survey.verbatim", Form.TEXT),
    SURVEY_ABOUT_TOUCHPOINT_ID("survey.about.touchpoint_id", Form.TEXT),
    SURVEY_ABOUT_CHANNEL("survey.about.channel", Form.TEXT),
    SURVEY_ABOUT_TOUCHPOINT("survey.about.touchpoint", Form.TEXT),
    SURVEY_ABOUT_CASE_ID("survey.about.case_id", Form.TEXT),
    SENTIMENT(Form.NUMBER),
    CAPTURE_METHOD(Form.TEXT);

    /** What a field holds. */
    public enum Form {
        TEXT,
        TIME,
        NUMBER,
        /** A length of time, in milliseconds unless the format says otherwise. */
        DURATION
    }

    private static final Map<String, TouchpointField> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(field -> field.fieldName, Function.identity()));

    private final String fieldName;
    private final Form form;

    TouchpointField(Form form) {
        this.fieldName = name().toLowerCase(Locale.ROOT);
        this.form = form;
    }

    TouchpointField(String fieldName, Form form) {
        this.fieldName = fieldName;
        this.form = form;
    }

    /** The field of a name as it is written in JSON, those within another with a point; null where there is none. */
    public static @Nullable TouchpointField named(String name) {
        return BY_NAME.get(name);
    }

    /** As it is written in JSON, one within another with a point: {@code value.amount}. */
    public String fieldName() {
        return fieldName;
    }

    public Form form() {
        return form;
    }
}
