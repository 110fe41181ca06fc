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
        return Hash128.of(left.type(), left.value(), right.type(), right.value());
    }

    /** Whether this is earlier evidence for the same pair; ties by touchpoint_id. */
    boolean before(Link other) {
        return eventTime != other.eventTime
                ? eventTime < other.eventTime
                : touchpointId.compareTo(other.touchpointId) < 0;
    }
}
