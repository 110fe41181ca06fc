package io.throughline.domain.alert;

import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What rules look at in a touchpoint; kept instead of the touchpoint, so that rules can be judged again without it.
 *
 * @param survey without verbatim and without what it is about
 * @param valueMicros millionths of the currency's unit
 * @param properties those that rules look at
 */
public record Signal(
        String touchpointId,
        long eventTime,
        String channel,
        String kind,
        boolean outbound,
        @Nullable String touchpoint,
        @Nullable String topic,
        @Nullable String outcome,
        @Nullable Long waitMs,
        @Nullable Double sentiment,
        @Nullable Survey survey,
        @Nullable String actor,
        @Nullable String stage,
        @Nullable String caseId,
        @Nullable String product,
        @Nullable String segment,
        @Nullable String location,
        @Nullable Long handleMs,
        @Nullable Long valueMicros,
        Map<String, String> properties)
        implements Comparable<Signal> {

    /** @param properties names of those to keep */
    static Signal of(Touchpoint touchpoint, Set<String> properties) {
        Survey survey = touchpoint.survey();
        return new Signal(
                touchpoint.touchpointId(),
                touchpoint.eventTime(),
                touchpoint.channel(),
                touchpoint.kind(),
                touchpoint.outbound(),
                touchpoint.touchpoint(),
                touchpoint.topic(),
                touchpoint.outcome(),
                touchpoint.waitMs(),
                touchpoint.sentiment(),
                survey == null
                        ? null
                        : new Survey(
                                survey.metric(),
                                survey.scaleMin(),
                                survey.scaleMax(),
                                survey.higherIsBetter(),
                                survey.score(),
                                null,
                                null),
                touchpoint.actor(),
                touchpoint.stage(),
                touchpoint.caseId(),
                touchpoint.product(),
                touchpoint.segment(),
                touchpoint.location(),
                touchpoint.handleMs(),
                touchpoint.value() == null ? null : touchpoint.value().micros(),
                kept(touchpoint.properties(), properties));
    }

    private static Map<String, String> kept(Map<String, String> all, Set<String> names) {
        if (all.isEmpty() || names.isEmpty()) {
            return Map.of();
        }
        Map<String, String> kept = new TreeMap<>();
        for (String name : names) {
            String value = all.get(name);
            if (value != null) {
                kept.put(name, value);
            }
        }
        return kept.isEmpty() ? Map.of() : kept;
    }

    /** How satisfied the answer is: 0 the worst on its scale, 1 the best; null without an answer on its scale. */
    public @Nullable Double satisfaction() {
        if (survey == null || !survey.onScale() || !(survey.scaleMax() > survey.scaleMin())) {
            return null;
        }
        double fromMin = (survey.score() - survey.scaleMin()) / (survey.scaleMax() - survey.scaleMin());
        return survey.higherIsBetter() ? fromMin : 1 - fromMin;
    }

    /** By event time, then touchpoint_id. */
    @Override
    public int compareTo(Signal other) {
        int byTime = Long.compare(eventTime, other.eventTime);
        return byTime != 0 ? byTime : touchpointId.compareTo(other.touchpointId);
    }
}
