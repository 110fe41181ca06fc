package io.throughline.domain.sessionize;

import org.jspecify.annotations.Nullable;

/**
 * A journey that begins, changes or ends to be; what metrics subtract and add.
 *
 * @param before as it counted so far; null: it is new
 * @param after as it counts from now on; null: it no longer counts
 */
public record JourneyChange(@Nullable Journey before, @Nullable Journey after) {}
