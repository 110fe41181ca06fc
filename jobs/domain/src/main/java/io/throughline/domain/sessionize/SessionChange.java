package io.throughline.domain.sessionize;

import org.jspecify.annotations.Nullable;

/**
 * A session that begins, changes or ends to be; what metrics subtract and add.
 *
 * @param before as it counted so far; null: it is new
 * @param after as it counts from now on; null or absorbed: it no longer counts
 */
public record SessionChange(@Nullable Session before, @Nullable Session after) {}
