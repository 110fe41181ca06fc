package io.throughline.domain.sessionize;

import java.util.Arrays;
import java.util.Map;

/** Time by where it is being spent, in milliseconds: few places, in order. */
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
            index = insert(place);
        }
        ms[index] += more;
    }

    private int insert(String place) {
        if (size == places.length) {
            places = Arrays.copyOf(places, 2 * size);
            ms = Arrays.copyOf(ms, 2 * size);
        }
        int index = size++;
        while (index > 0 && places[index - 1].compareTo(place) > 0) {
            places[index] = places[index - 1];
            ms[index] = ms[index - 1];
            index--;
        }
        places[index] = place;
        ms[index] = 0;
        return index;
    }

    private int indexOf(String place) {
        int index = 0;
        while (index < size && !places[index].equals(place)) {
            index++;
        }
        return index;
    }

    TimeByPlace soFar() {
        return size == 0 ? TimeByPlace.NONE : new TimeByPlace(Arrays.copyOf(places, size), Arrays.copyOf(ms, size));
    }

    /** The same, after so much more. */
    TimeByPlace soFarAnd(String place, long more) {
        int index = indexOf(place);
        if (index == size) {
            TimeSpent spent = new TimeSpent(soFar());
            spent.add(place, more);
            return spent.soFar();
        }
        long[] all = Arrays.copyOf(ms, size);
        all[index] += more;
        return new TimeByPlace(Arrays.copyOf(places, size), all);
    }
}
