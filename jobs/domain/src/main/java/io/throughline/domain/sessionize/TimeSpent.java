package io.throughline.domain.sessionize;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Time by where it was spent, in milliseconds. So few places that they are looked through: a map is made for documents only. */
final class TimeSpent {
    private String[] places = new String[4];
    private long[] ms = new long[places.length];
    private int size;

    TimeSpent() {}

    TimeSpent(Map<String, Long> before) {
        before.forEach(this::add);
    }

    int size() {
        return size;
    }

    boolean knows(String place) {
        return indexOf(place) < size;
    }

    /** No time is time, too: afterwards it knows the place. */
    void add(String place, long more) {
        int index = indexOf(place);
        if (index == size) {
            if (size == places.length) {
                places = Arrays.copyOf(places, 2 * size);
                ms = Arrays.copyOf(ms, 2 * size);
            }
            places[size++] = place;
        }
        ms[index] += more;
    }

    private int indexOf(String place) {
        int index = 0;
        while (index < size && !places[index].equals(place)) {
            index++;
        }
        return index;
    }

    /** As it is now, not to be changed. */
    SortedMap<String, Long> soFar() {
        return size == 0 ? Collections.emptySortedMap() : Collections.unmodifiableSortedMap(sorted());
    }

    /** The same, after so much more. */
    SortedMap<String, Long> soFarAnd(String place, long more) {
        SortedMap<String, Long> all = sorted();
        all.merge(place, more, Long::sum);
        return Collections.unmodifiableSortedMap(all);
    }

    private SortedMap<String, Long> sorted() {
        SortedMap<String, Long> sorted = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            sorted.put(places[i], ms[i]);
        }
        return sorted;
    }
}
