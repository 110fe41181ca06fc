package io.throughline.domain.measure;

import io.throughline.domain.touchpoint.Hash128;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The values of one combination of dimensions that have series of their own: those with the smallest hashes. */
public final class Places {
    /** By hash, in unsigned order. */
    private final TreeMap<Long, Map<String, String>> taken = new TreeMap<>(Long::compareUnsigned);

    /** The values of {@link #taken}: whoever has a place is known by it and need not be hashed again. */
    private final Set<Map<String, String>> known = new HashSet<>();

    /** To be changed by {@link #take} and {@link #free} only. */
    public TreeMap<Long, Map<String, String>> taken() {
        return taken;
    }

    boolean has(Map<String, String> dimensions) {
        return known.contains(dimensions);
    }

    public void take(long hash, Map<String, String> dimensions) {
        taken.put(hash, dimensions);
        known.add(dimensions);
    }

    /** The last one loses its place. */
    Map<String, String> free() {
        Map<String, String> last = taken.pollLastEntry().getValue();
        known.remove(last);
        return last;
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
