package io.throughline.domain.measure;

import io.throughline.domain.touchpoint.Hash128;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of one combination of dimensions that have series of their own: those with the smallest hashes. */
public final class Places {
    /** By hash, in unsigned order. */
    private final TreeMap<Long, Map<String, String>> taken = new TreeMap<>(Long::compareUnsigned);

    public TreeMap<Long, Map<String, String>> taken() {
        return taken;
    }

    static long hash(Map<String, String> dimensions) {
        return Hash128.of(SeriesIds.key("", dimensions)).high();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Places that && that.taken.equals(taken);
    }

    @Override
    public int hashCode() {
        return taken.hashCode();
    }
}
