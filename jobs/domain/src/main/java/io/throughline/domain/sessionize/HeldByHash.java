package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Hash128;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Touchpoints by the hash of their ids, each in the first free place from its own on. All are found anew whenever a customer
 * is opened, so that a map with an entry for each would be made and dropped at every turn.
 */
final class HeldByHash implements Iterable<Held> {
    private static final int FEWEST_PLACES = 4;

    /** A power of two, at least a third of them free. */
    private @Nullable Held[] places;

    private int size;

    /** @param expected how many there is room for without making more */
    HeldByHash(int expected) {
        int needed = FEWEST_PLACES;
        while (isCrowded(expected, needed)) {
            needed *= 2;
        }
        this.places = new Held[needed];
    }

    private static boolean isCrowded(int touchpoints, int places) {
        return 3L * touchpoints > 2L * places;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    @Nullable
    Held get(Hash128 hash) {
        return places[placeOf(hash)];
    }

    /** Where it is, or would be. */
    private int placeOf(Hash128 hash) {
        int place = firstPlaceOf(hash);
        for (Held there = places[place]; there != null && !there.hash.equals(hash); there = places[place]) {
            place = place + 1 & places.length - 1;
        }
        return place;
    }

    private int firstPlaceOf(Hash128 hash) {
        return (int) hash.low() & places.length - 1;
    }

    /** Takes the place of one with the same hash. */
    void add(Held touchpoint) {
        int place = placeOf(touchpoint.hash);
        if (places[place] == null) {
            size++;
        }
        places[place] = touchpoint;
        if (isCrowded(size, places.length)) {
            @Nullable Held[] before = places;
            places = new Held[2 * before.length];
            for (Held moved : before) {
                if (moved != null) {
                    places[placeOf(moved.hash)] = moved;
                }
            }
        }
    }

    /** What stands behind it and would not be found any more across the gap moves up. */
    void remove(Hash128 hash) {
        int gap = placeOf(hash);
        if (places[gap] == null) {
            return;
        }
        size--;
        int mask = places.length - 1;
        int place = gap + 1 & mask;
        for (Held there = places[place]; there != null; there = places[place]) {
            if ((place - firstPlaceOf(there.hash) & mask) >= (place - gap & mask)) {
                places[gap] = there;
                gap = place;
            }
            place = place + 1 & mask;
        }
        places[gap] = null;
    }

    /** In no order that means anything. */
    @Override
    public Iterator<Held> iterator() {
        return Arrays.stream(places).filter(Objects::nonNull).iterator();
    }
}
