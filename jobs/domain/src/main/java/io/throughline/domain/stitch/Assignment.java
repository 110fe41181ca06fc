package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import org.jspecify.annotations.Nullable;

/**
 * What stitching says about one identifier.
 *
 * @param customerId the customer it belongs to; for a shared device its own anonymous customer; empty when quarantined
 * @param keeper for a shared device: the identifier of the same physical device that keeps its login intervals
 */
public record Assignment(Kind kind, String customerId, @Nullable Identifier keeper) {

    /** What an identifier can be used for. */
    public enum Kind {
        /** It belongs to one customer. */
        JOINED,
        /** A device that joins nobody: what happens on it belongs to whom was logged in. */
        SHARED,
        /** A super-node: it says nothing about anybody. */
        QUARANTINED
    }

    static final Assignment QUARANTINED = new Assignment(Kind.QUARANTINED, "", null);

    static Assignment joined(String customerId) {
        return new Assignment(Kind.JOINED, customerId, null);
    }

    static Assignment shared(String customerId, Identifier keeper) {
        return new Assignment(Kind.SHARED, customerId, keeper);
    }

    /** What is true of an identifier never seen with another. */
    static Assignment alone(Identifier identifier) {
        return joined(CustomerIds.of(identifier));
    }

    /** Whether this is {@link #alone} of the identifier; told without making it. */
    boolean isAlone(Identifier identifier) {
        return kind == Kind.JOINED && CustomerIds.isOf(identifier, customerId);
    }
}
