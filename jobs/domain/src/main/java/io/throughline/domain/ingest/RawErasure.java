package io.throughline.domain.ingest;

import io.throughline.domain.ingest.RawTouchpoint.Identity;
import org.jspecify.annotations.Nullable;

/**
 * An erasure as it was sent: nothing is checked, everything may be absent. Names are those of the erasure schema; times in
 * epoch milliseconds.
 */
public record RawErasure(
        @Nullable Identity identifier, @Nullable Long erasedUntil, @Nullable String reason, @Nullable String author) {}
