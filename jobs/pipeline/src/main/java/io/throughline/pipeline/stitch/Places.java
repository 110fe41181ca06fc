package io.throughline.pipeline.stitch;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Things in the order in which they were first named. Most states name a handful, for which looking through all is
 * quickest.
 *
 * @param <T> by its equality
 */
final class Places<T> {
    private static final int FEW = 12;

    private Object[] things = new Object[2 * FEW];
    private int[] hashes = new int[2 * FEW];
    private int size;
    /** Once there are many. */
    private @Nullable Map<T, Integer> index;

    int size() {
        return size;
    }

    void clear() {
        Arrays.fill(things, 0, size, null);
        size = 0;
        index = null;
    }

    /** -1: it was not named before. */
    int find(T thing, int hash) {
        if (index != null) {
            return index.getOrDefault(thing, -1);
        }
        for (int i = 0; i < size; i++) {
            if (hashes[i] == hash && (things[i] == thing || things[i].equals(thing))) {
                return i;
            }
        }
        return -1;
    }

    /** Names one that was not named before. */
    int add(T thing, int hash) {
        if (size == things.length) {
            things = Arrays.copyOf(things, 2 * size);
            hashes = Arrays.copyOf(hashes, 2 * size);
        }
        things[size] = thing;
        hashes[size] = hash;
        if (index != null) {
            index.put(thing, size);
        } else if (size == FEW) {
            index = indexed();
        }
        return size++;
    }

    @SuppressWarnings("unchecked")
    private Map<T, Integer> indexed() {
        Map<T, Integer> all = new HashMap<>();
        for (int i = 0; i <= size; i++) {
            all.put((T) things[i], i);
        }
        return all;
    }
}
