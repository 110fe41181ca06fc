package io.throughline.domain.measure;

import io.throughline.domain.sessionize.AnswerPlace;
import io.throughline.domain.touchpoint.Attribution;

/** What {@link AnswerRule} hears of one answer. */
public sealed interface AnswerInput {

    /** The touchpoint that is the answer; the key. */
    String touchpointId();

    /** The answer begins or ceases to be somebody's. */
    record Given(Attribution attribution) implements AnswerInput {
        @Override
        public String touchpointId() {
            return attribution.touchpoint().touchpointId();
        }
    }

    /** What is known of the touchpoint it is about. */
    record Placed(AnswerPlace place) implements AnswerInput {
        @Override
        public String touchpointId() {
            return place.touchpointId();
        }
    }
}
