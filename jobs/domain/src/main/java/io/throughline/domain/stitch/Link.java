package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;

/**
 * Two identifiers borne by one touchpoint: the evidence stitching works from.
 *
 * @param left the stronger of the two, by {@link StitchConfig#byStrength()}
 * @param right the weaker
 * @param eventTime event time of the touchpoint, epoch milliseconds
 * @param touchpointId the touchpoint
 */
public record Link(Identifier left, Identifier right, long eventTime, String touchpointId) {

    /** The same pair of identifiers, the stronger first. */
    public static Link of(Identifier one, Identifier other, long eventTime, String touchpointId, StitchConfig config) {
        return config.byStrength().compare(one, other) <= 0
                ? new Link(one, other, eventTime, touchpointId)
                : new Link(other, one, eventTime, touchpointId);
    }

    /** The order in which a component that has too many links keeps them. */
    Hash128 hash() {
        return hash(left, right);
    }

    static Hash128 hash(Identifier left, Identifier right) {
        long high = Long.rotateLeft(left.hash().high(), 31) * 0x9E3779B97F4A7C15L
                + right.hash().high();
        long low = Long.rotateLeft(left.hash().low(), 31) * 0x9E3779B97F4A7C15L
                + right.hash().low();
        return new Hash128(high, low);
    }

    /** Whether this is earlier evidence for the same pair; ties by touchpoint_id. */
    boolean before(Link other) {
        return eventTime != other.eventTime
                ? eventTime < other.eventTime
                : touchpointId.compareTo(other.touchpointId) < 0;
    }
}
