package io.throughline.domain.touchpoint;

/**
 * A touchpoint that begins to count, or ceases to because a better duplicate replaced it.
 *
 * @param sign +1: counts from now on; -1: no longer counts, exactly as it was announced before
 * @param generation which winner of its touchpoint_id this is, from 1; grows with every replacement
 */
public record TouchpointChange(Touchpoint touchpoint, int sign, int generation) {}
