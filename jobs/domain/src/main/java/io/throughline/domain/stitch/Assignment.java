package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stitching says about one identifier.
 *
 * @param customerId the customer it belongs to; for a shared device its own anonymous customer; empty when quarantined
 * @param persons for a shared device: the person identifiers seen on it and their customers; otherwise empty
 * @param keeper for a shared device: the identifier of the same physical device that keeps its login intervals
 */
public record Assignment(Kind kind, String customerId, Map<Identifier, String> persons, @Nullable Identifier keeper) {

    /** What an identifier can be used for. */
    public enum Kind {
        /** It belongs to one customer. */
        JOINED,
        /** A device that joins nobody: what happens on it belongs to whom was logged in. */
        SHARED,
        /** A super-node: it says nothing about anybody. */
        QUARANTINED
    }

    static final Assignment QUARANTINED = new Assignment(Kind.QUARANTINED, "", Map.of(), null);

    public Assignment {
        persons = Map.copyOf(persons);
    }

    static Assignment joined(String customerId) {
        return new Assignment(Kind.JOINED, customerId, Map.of(), null);
    }

    /** What is true of an identifier never seen with another. */
    static Assignment alone(Identifier identifier) {
        return joined(CustomerIds.of(identifier));
    }
}
