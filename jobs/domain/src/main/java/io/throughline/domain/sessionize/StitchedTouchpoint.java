package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import org.jspecify.annotations.Nullable;

/**
 * A touchpoint with the customer and session it currently belongs to, or the mark that stands in its place once it is
 * erased.
 *
 * @param customerId empty: it is erased, and of the touchpoint only id and event time are left
 * @param sessionId null for an outbound touchpoint outside every session
 * @param revision grows with every change of customer or session
 */
public record StitchedTouchpoint(Touchpoint touchpoint, String customerId, @Nullable String sessionId, long revision) {

    /**
     * The mark in place of an erased touchpoint.
     *
     * @param sequence above that of every attribution of the touchpoint
     */
    public static StitchedTouchpoint erased(Touchpoint touchpoint, long sequence) {
        Touchpoint empty = Touchpoint.of(touchpoint.touchpointId(), touchpoint.eventTime(), "", "")
                .receivedTime(touchpoint.eventTime())
                .build();
        return new StitchedTouchpoint(empty, "", null, Held.revision(sequence));
    }

    /**
     * The mark in place of an erased touchpoint that was published before: the same that is made of its last attribution.
     *
     * @param published a revision it had
     */
    public static StitchedTouchpoint erasedAfter(Touchpoint touchpoint, long published) {
        return erased(touchpoint, Attribution.lastSequence(Attribution.generation(Held.sequence(published))));
    }

    public boolean isErased() {
        return customerId.isEmpty();
    }
}
