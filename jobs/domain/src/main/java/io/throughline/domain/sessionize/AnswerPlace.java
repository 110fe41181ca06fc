package io.throughline.domain.sessionize;

import org.jspecify.annotations.Nullable;

/**
 * Where an answer counts that {@link io.throughline.domain.touchpoint.Survey#asksAboutTouchpoint names a touchpoint}, as its
 * customer's touchpoints tell. Said again whenever it may have changed.
 *
 * @param touchpointId of the answer
 * @param answeredAt event time of the answer
 * @param sequence of the attribution of the answer that this is said of
 * @param about the touchpoint it is about; null: its customer has none of that name
 * @param heldFrom a touchpoint before this event time may be unknown because nothing about it is corrected any more
 */
public record AnswerPlace(String touchpointId, long answeredAt, long sequence, @Nullable About about, long heldFrom) {

    /**
     * What of the touchpoint an answer is about matters.
     *
     * @param touchpoint what it was, as senders name it
     */
    public record About(long eventTime, String channel, @Nullable String touchpoint) {}
}
