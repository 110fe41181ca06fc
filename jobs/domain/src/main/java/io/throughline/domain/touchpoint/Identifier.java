package io.throughline.domain.touchpoint;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One way a customer makes themselves known. */
public final class Identifier implements Comparable<Identifier> {
    private final String type;
    private final String value;
    /** Computed when first asked for: every order stitching uses ends in it, and SHA-256 is dear. */
    private @Nullable Hash128 hash;

    /**
     * @param type identifier type as configured, for example {@code email} or {@code device_id}
     * @param value normalised value; a keyed pseudonym for personal types once ingest has passed it on
     */
    public Identifier(String type, String value) {
        this.type = Objects.requireNonNull(type, "type");
        this.value = Objects.requireNonNull(value, "value");
    }

    /** One whose hash is known already, because it was remembered beside it. */
    public static Identifier remembered(String type, String value, Hash128 hash) {
        Identifier identifier = new Identifier(type, value);
        identifier.hash = hash;
        return identifier;
    }

    public String type() {
        return type;
    }

    public String value() {
        return value;
    }

    /** Hash of type and value: a fixed order that says nothing about arrival. */
    public Hash128 hash() {
        Hash128 known = hash;
        if (known == null) {
            known = Hash128.of(type, value);
            hash = known;
        }
        return known;
    }

    /** By type, then value; no meaning beyond a fixed order. */
    @Override
    public int compareTo(Identifier other) {
        int byType = type.compareTo(other.type);
        return byType != 0 ? byType : value.compareTo(other.value);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof Identifier that && type.equals(that.type) && value.equals(that.value));
    }

    @Override
    public int hashCode() {
        return 31 * type.hashCode() + value.hashCode();
    }

    @Override
    public String toString() {
        return type + ":" + value;
    }
}
