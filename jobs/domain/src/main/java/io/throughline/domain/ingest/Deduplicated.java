package io.throughline.domain.ingest;

import io.throughline.domain.touchpoint.TouchpointChange;
import org.jspecify.annotations.Nullable;

/** What de-duplication says: to the stages after it, and to accounting. */
public sealed interface Deduplicated {

    /** For the stages after it. */
    record Changed(TouchpointChange change) implements Deduplicated {}

    /**
     * For accounting.
     *
     * @param source where the record was read
     * @param fate {@link Fate#PROCESSED} or {@link Fate#DUPLICATE}
     * @param channel of the touchpoint, of what is processed only; null with other fates
     * @param delta +1: one more record ended so; -1: one counted before no longer does
     */
    record Counted(String source, Fate fate, @Nullable String channel, int delta) implements Deduplicated {}
}
