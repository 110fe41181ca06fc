package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * What readers of a customer should know of an identifier that is no evidence for it.
 *
 * @param text joined (a device's own customer), shared or quarantined; empty: nothing any more
 * @param customerId of the device's own customer; empty: whatever customer the holder of the note belongs to
 * @param firstSeen event time, epoch milliseconds
 * @param lastSeen the latest event time known of it, epoch milliseconds
 * @param version grows with what is known; of two notes the higher one is true
 */
public record Note(String text, String customerId, long firstSeen, long lastSeen, long version) {

    boolean saysTheSameAs(@Nullable Note other) {
        return other != null
                && text.equals(other.text)
                && customerId.equals(other.customerId)
                && firstSeen == other.firstSeen
                && lastSeen == other.lastSeen;
    }

    /** @param holder whose customer the note is for; {@code about} itself for a device's own customer */
    public record Key(Identifier holder, Identifier about) {}
}
