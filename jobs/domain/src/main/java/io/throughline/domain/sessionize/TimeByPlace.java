package io.throughline.domain.sessionize;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Time by where it was spent, in milliseconds, as documents say it: in the order of the places, not to be changed. So few places
 * that they are looked through: as a tree they took longer to make, to read and to write again.
 */
public final class TimeByPlace extends AbstractMap<String, Long> {
    static final TimeByPlace NONE = new TimeByPlace(new String[0], new long[0]);

    private final String[] places;
    private final long[] ms;

    /** @param places in order, none twice; neither array is changed afterwards */
    TimeByPlace(String[] places, long[] ms) {
        this.places = places;
        this.ms = ms;
    }

    /** @param places in any order; of one that is there twice both times are added. Neither array is changed afterwards */
    public static TimeByPlace of(String[] places, long[] ms) {
        for (int i = 1; i < places.length; i++) {
            if (places[i - 1].compareTo(places[i]) >= 0) {
                TimeSpent spent = new TimeSpent();
                for (int j = 0; j < places.length; j++) {
                    spent.add(places[j], ms[j]);
                }
                return spent.soFar();
            }
        }
        return places.length == 0 ? NONE : new TimeByPlace(places, ms);
    }

    private int indexOf(@Nullable Object place) {
        for (int i = 0; i < places.length; i++) {
            if (places[i].equals(place)) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public int size() {
        return places.length;
    }

    @Override
    public boolean containsKey(@Nullable Object place) {
        return indexOf(place) >= 0;
    }

    @Override
    public @Nullable Long get(@Nullable Object place) {
        int index = indexOf(place);
        return index < 0 ? null : (Long) ms[index];
    }

    @Override
    public void forEach(BiConsumer<? super String, ? super Long> action) {
        for (int i = 0; i < places.length; i++) {
            action.accept(places[i], ms[i]);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TimeByPlace that
                ? Arrays.equals(ms, that.ms) && Arrays.equals(places, that.places)
                : super.equals(other);
    }

    @Override
    public int hashCode() {
        return super.hashCode();
    }

    /** In order. */
    @Override
    public Set<String> keySet() {
        return new Places(places);
    }

    /** In the order of the places. */
    @Override
    public Set<Map.Entry<String, Long>> entrySet() {
        return new Entries();
    }

    private static final class Places extends AbstractSet<String> {
        private final String[] places;

        Places(String[] places) {
            this.places = places;
        }

        @Override
        public int size() {
            return places.length;
        }

        @Override
        public Iterator<String> iterator() {
            return Arrays.asList(places).iterator();
        }

        @Override
        public Object[] toArray() {
            return Arrays.copyOf(places, places.length, Object[].class);
        }

        @Override
        public <T> T[] toArray(T[] to) {
            return Arrays.asList(places).toArray(to);
        }
    }

    private final class Entries extends AbstractSet<Map.Entry<String, Long>> {
        @Override
        public int size() {
            return places.length;
        }

        @Override
        public Iterator<Map.Entry<String, Long>> iterator() {
            return new Iterator<>() {
                private int next;

                @Override
                public boolean hasNext() {
                    return next < places.length;
                }

                @Override
                public Map.Entry<String, Long> next() {
                    if (next == places.length) {
                        throw new NoSuchElementException("all places were told");
                    }
                    return Map.entry(places[next], ms[next++]);
                }
            };
        }
    }
}
