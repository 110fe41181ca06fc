package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;

/** Customer ids derived from content, never from arrival. */
public final class CustomerIds {

    /** The order identifiers have among themselves, and the key their node has. */
    public static Hash128 hash(Identifier identifier) {
        return identifier.hash();
    }

    /** The customer whose strongest identifier this is. */
    public static String of(Identifier strongest) {
        return "c-" + hash(strongest).hex(24);
    }

    /** The anonymous customer of a touchpoint that bears no usable identifier. */
    public static String ofTouchpoint(String touchpointId) {
        return "t-" + Hash128.of("touchpoint", touchpointId).hex(24);
    }

    private CustomerIds() {}
}
