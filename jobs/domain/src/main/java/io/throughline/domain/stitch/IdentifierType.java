package io.throughline.domain.stitch;

import java.io.Serializable;

/**
 * What stitching must know about one type of identifier.
 *
 * @param name as touchpoints name it
 * @param priority 0 is the strongest; no two types share one
 * @param unique a customer has at most one value
 * @param maxPerCustomer most values a customer may have; 0: no limit
 * @param windowMs the limit counts values first seen within any stretch of this length, milliseconds; 0: over all time
 * @param scope person, device or session
 * @param maxCustomers an identifier seen with more distinct values of unique types than this is a super-node
 */
public record IdentifierType(
        String name, int priority, boolean unique, int maxPerCustomer, long windowMs, Scope scope, int maxCustomers)
        implements Serializable {

    public IdentifierType {
        String key = "stitch.identifiers." + name;
        require(!name.isBlank(), "stitch.identifiers: a type needs a name");
        require(priority >= 0, key + ".priority must not be negative, was " + priority);
        require(maxPerCustomer >= 0, key + ".max_per_customer must not be negative, was " + maxPerCustomer);
        require(windowMs >= 0, key + ".window must not be negative, was " + windowMs + " ms");
        require(maxCustomers >= 1, key + ".max_customers must be at least 1, was " + maxCustomers);
    }

    /** Most values a customer may have; {@link Integer#MAX_VALUE} where there is no limit. */
    int limit() {
        return unique ? 1 : maxPerCustomer == 0 ? Integer.MAX_VALUE : maxPerCustomer;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
