package io.throughline.domain.stitch;

import org.jspecify.annotations.Nullable;

/**
 * What an identifier's own node says it can be used for.
 *
 * @param version grows with what the node knows; of two standings the higher one is true
 */
public record Standing(Kind kind, long version) {

    /** What an identifier can be used for, before any decision on its component. */
    public enum Kind {
        /** It can join. */
        USABLE,
        /** A super-node: it links nothing. */
        QUARANTINED,
        /** A device seen with two values of a unique type: it joins nobody. */
        CONTRADICTED
    }

    /** What every node says as long as it has met nobody. */
    public static final Standing INITIAL = new Standing(Kind.USABLE, 0);

    boolean usable() {
        return kind == Kind.USABLE;
    }

    boolean newerThan(@Nullable Standing other) {
        return other == null || version > other.version;
    }
}
