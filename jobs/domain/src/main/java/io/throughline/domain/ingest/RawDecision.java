package io.throughline.domain.ingest;

import io.throughline.domain.ingest.RawTouchpoint.Identity;
import org.jspecify.annotations.Nullable;

/**
 * A person's decision on two identifiers as it was sent: nothing is checked, everything may be absent. Names are those
 * of the decision schema; times in epoch milliseconds.
 */
public record RawDecision(
        @Nullable String verdict,
        @Nullable Identity one,
        @Nullable Identity other,
        @Nullable Long effectiveFrom,
        @Nullable String reason,
        @Nullable String author) {}
