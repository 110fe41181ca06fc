package io.throughline.domain.touchpoint;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stitching knows about one customer id, independent of its touchpoints.
 *
 * @param absorbedInto the customer this id is now resolved to; null while it stands for itself
 * @param known its identifiers, strongest first; empty when absorbed
 * @param version grows with every statement about this customer id; a lower one is stale
 */
public record CustomerIdentity(String customerId, @Nullable String absorbedInto, List<Known> known, long version) {

    public CustomerIdentity {
        known = List.copyOf(known);
    }

    /**
     * @param note {@code joined}, {@code shared} (a device that joins nobody) or {@code quarantined} (a super-node)
     */
    public record Known(Identifier identifier, long firstSeen, long lastSeen, String note) {

        /** One of which stitching does not know when it was seen: nothing is evidence of it, but it is the customer's. */
        public static Known never(Identifier identifier) {
            return new Known(identifier, Long.MAX_VALUE, Long.MIN_VALUE, "joined");
        }

        /** Whether the times are those of touchpoints. */
        public boolean seen() {
            return firstSeen <= lastSeen;
        }
    }
}
