package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Somebody's wish to be forgotten: no touchpoint that bears the identifier counts, up to an event time. Of several on one
 * identifier the one that reaches furthest holds; none can be taken back.
 *
 * @param until the latest event time that is erased, epoch milliseconds
 * @param reason why, in a person's words
 * @param author who asked for it
 */
public record Erasure(Identifier identifier, long until, String reason, String author) {

    /** Up to when each identifier is erased. */
    public static Map<Identifier, Long> holding(Collection<Erasure> erasures) {
        Map<Identifier, Long> until = new HashMap<>();
        erasures.forEach(erasure -> until.merge(erasure.identifier(), erasure.until(), Math::max));
        return until;
    }

    /** Those that still count: stitching is a function of these alone. */
    public static List<Touchpoint> remaining(Collection<Touchpoint> touchpoints, Collection<Erasure> erasures) {
        Map<Identifier, Long> until = holding(erasures);
        return touchpoints.stream()
                .filter(touchpoint -> !erases(until, touchpoint))
                .toList();
    }

    /** @param until as {@link #holding} says it */
    public static boolean erases(Map<Identifier, Long> until, Touchpoint touchpoint) {
        if (until.isEmpty()) {
            return false;
        }
        for (Identifier identifier : touchpoint.identifiers()) {
            Long erased = until.get(identifier);
            if (erased != null && touchpoint.eventTime() <= erased) {
                return true;
            }
        }
        return false;
    }
}
