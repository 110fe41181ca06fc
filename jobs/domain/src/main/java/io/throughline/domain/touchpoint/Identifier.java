package io.throughline.domain.touchpoint;

import java.util.Objects;

/**
 * One way a customer makes themselves known.
 *
 * @param type identifier type as configured, for example {@code email} or {@code device_id}
 * @param value normalised value; a keyed pseudonym for personal types once ingest has passed it on
 */
public record Identifier(String type, String value) implements Comparable<Identifier> {
    public Identifier {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(value, "value");
    }

    /** By type, then value; no meaning beyond a fixed order. */
    @Override
    public int compareTo(Identifier other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return type + ":" + value;
    }
}
