package io.throughline.domain.touchpoint;

import org.jspecify.annotations.Nullable;

/**
 * An answered survey question.
 *
 * @param metric {@code nps}, {@code csat} or {@code ces}; others are kept but not averaged
 * @param scaleMin lowest possible answer
 * @param scaleMax highest possible answer
 * @param higherIsBetter whether a high answer is a good one
 * @param score the answer; may lie outside the scale, in which case no metric counts it
 * @param verbatim free text of the customer
 * @param about what the survey asks about; null: the touchpoint that carries it
 */
public record Survey(
        String metric,
        double scaleMin,
        double scaleMax,
        boolean higherIsBetter,
        double score,
        @Nullable String verbatim,
        @Nullable About about) {

    /** The experience a survey asks about; metrics take their dimensions from it. */
    public record About(
            @Nullable String touchpointId,
            @Nullable String channel,
            @Nullable String touchpoint,
            @Nullable String caseId) {}

    /** The same about something else. */
    public Survey about(@Nullable About other) {
        return new Survey(metric, scaleMin, scaleMax, higherIsBetter, score, verbatim, other);
    }

    /** Whether the channel of what it asks about is to be found by the touchpoint it names. */
    public boolean asksAboutTouchpoint() {
        return about != null && about.touchpointId() != null && about.channel() == null;
    }

    /** Whether the answer lies on its own scale; never on one without extent. */
    public boolean onScale() {
        return scaleMin < scaleMax && score >= scaleMin && score <= scaleMax;
    }
}
