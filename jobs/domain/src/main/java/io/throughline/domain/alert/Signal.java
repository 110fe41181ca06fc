package io.throughline.domain.alert;

import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import org.jspecify.annotations.Nullable;

/**
 * What rules look at in a touchpoint; kept instead of the touchpoint, so that rules can be judged again without it.
 *
 * @param survey without verbatim and without what it is about
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
        @Nullable Survey survey)
        implements Comparable<Signal> {

    static Signal of(Touchpoint touchpoint) {
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
                                null));
    }

    /** How satisfied the answer is: 0 the worst on its scale, 1 the best; null without an answer on its scale. */
    @Nullable
    Double satisfaction() {
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
