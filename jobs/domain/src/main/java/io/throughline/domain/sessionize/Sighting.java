package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Identifier;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When an identifier was on touchpoints of a customer, event times.
 *
 * @param last at or after first
 */
public record Sighting(long first, long last) {

    /** Both together; null: there was none. */
    static @Nullable Sighting both(@Nullable Sighting one, @Nullable Sighting other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return new Sighting(Math.min(one.first, other.first), Math.max(one.last, other.last));
    }

    static void note(Map<Identifier, Sighting> seen, Identifier identifier, long time) {
        Sighting before = seen.get(identifier);
        if (before == null || time < before.first || time > before.last) {
            seen.put(
                    identifier,
                    before == null
                            ? new Sighting(time, time)
                            : new Sighting(Math.min(before.first, time), Math.max(before.last, time)));
        }
    }
}
