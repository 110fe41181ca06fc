package io.throughline.domain.touchpoint;

/**
 * A touchpoint that begins to count, or ceases to because a better duplicate replaced it.
 *
 * @param sign +1: counts from now on; -1: no longer counts, exactly as it was announced before; 0: counts as before, but
 *     the record that stands for it is another, with the same content
 * @param generation which winner of its touchpoint_id this is, from 1; grows with every replacement
 * @param source where the record that stands for it was read
 * @param formerSource the same before this change; {@code source} again unless the sign is 0
 */
public record TouchpointChange(Touchpoint touchpoint, int sign, int generation, String source, String formerSource) {

    public TouchpointChange(Touchpoint touchpoint, int sign, int generation, String source) {
        this(touchpoint, sign, generation, source, source);
    }
}
