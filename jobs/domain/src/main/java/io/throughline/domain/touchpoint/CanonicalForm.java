package io.throughline.domain.touchpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A touchpoint's content as one fixed sequence of texts: names of the facts present and their values, in the order of
 * the record's components, maps by key. It depends on what was said, never on field order, white space or encoding.
 */
public final class CanonicalForm {

    private final List<String> parts = new ArrayList<>(48);

    /** What decides between duplicates received at the same time. */
    public static Hash128 hash(Touchpoint touchpoint) {
        return Hash128.of(of(touchpoint).toArray(new String[0]));
    }

    public static List<String> of(Touchpoint t) {
        CanonicalForm form = new CanonicalForm();
        form.add("touchpoint_id", t.touchpointId());
        form.add("event_time", t.eventTime());
        form.add("received_time", t.receivedTime());
        form.add("sent_time", t.sentTime());
        form.add("channel", t.channel());
        form.add("kind", t.kind());
        form.add("outbound", t.outbound());
        form.add("actor", t.actor());
        form.add("identifiers", t.identifiers().size());
        for (Identifier identifier : t.identifiers()) {
            form.add(identifier.type(), identifier.value());
        }
        form.add("touchpoint", t.touchpoint());
        form.add("stage", t.stage());
        form.add("topic", t.topic());
        form.add("case_id", t.caseId());
        form.add("location", t.location());
        form.add("brand", t.brand());
        form.add("product", t.product());
        form.add("segment", t.segment());
        form.add("outcome", t.outcome());
        form.add("wait_ms", t.waitMs());
        form.add("handle_ms", t.handleMs());
        Money value = t.value();
        if (value != null) {
            form.add("value.micros", value.micros());
            form.add("value.currency", value.currency());
        }
        Survey survey = t.survey();
        if (survey != null) {
            form.add("survey.metric", survey.metric());
            form.add("survey.scale_min", bits(survey.scaleMin()));
            form.add("survey.scale_max", bits(survey.scaleMax()));
            form.add("survey.higher_is_better", survey.higherIsBetter());
            form.add("survey.score", bits(survey.score()));
            form.add("survey.verbatim", survey.verbatim());
            Survey.About about = survey.about();
            if (about != null) {
                form.add("survey.about", true);
                form.add("survey.about.touchpoint_id", about.touchpointId());
                form.add("survey.about.channel", about.channel());
                form.add("survey.about.touchpoint", about.touchpoint());
                form.add("survey.about.case_id", about.caseId());
            }
        }
        Double sentiment = t.sentiment();
        form.add("sentiment", sentiment == null ? null : bits(sentiment));
        form.add("experiments", t.experiments());
        form.add("capture_method", t.captureMethod());
        form.add("properties", t.properties());
        return form.parts;
    }

    private void add(String name, @Nullable Object value) {
        if (value != null) {
            parts.add(name);
            parts.add(value.toString());
        }
    }

    private void add(String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            parts.add(name);
            parts.add(Integer.toString(values.size()));
            new TreeMap<>(values).forEach(this::add);
        }
    }

    /** The text of a double differs between Java versions, its bits do not. */
    private static Long bits(double value) {
        return Double.doubleToLongBits(value);
    }

    private CanonicalForm() {}
}
