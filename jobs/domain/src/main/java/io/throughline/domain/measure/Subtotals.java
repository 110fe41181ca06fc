package io.throughline.domain.measure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sums facts by series, time and bin before they cross the network, so that a hot series costs its one subtask a few
 * additions for each of the others and not one per fact.
 *
 * <p>Facts are written down one behind the other and summed when they are passed on, or when there are many. To add each to
 * its sum at once takes a look into several places in memory that were not touched since the last such fact, which is most
 * of the work; put in order they lie side by side, and what is passed on is in order anyway.
 *
 * <p>Times are rounded up to the next moment at which anything could be published or leave a window: no value that is
 * ever published can tell the difference.
 */
public final class Subtotals implements FactSink {
    /** Most facts held before they are summed; a fact takes 48 bytes. */
    private static final int MOST = 50_000;

    private static final int FEW = 1_024;

    /** Most combinations whose numbers are kept for the facts after those that were passed on: some 300 bytes each. */
    private static final int MOST_KEPT = 20_000;

    private static final Family[] FAMILIES = Family.values();

    private final long precisionMs;

    private final Map<Map<String, String>, Integer> numbers = new HashMap<>();
    /** By number, those that were met last of their dimensions. */
    private @Nullable Breakdown[] known = new Breakdown[16];
    /** By series, a combination's number and a family; all 0 but while facts are put in order. */
    private int[] places = new int[16 * Family.COUNT];

    private Rows held = new Rows(FEW);
    private Rows ordered = new Rows(FEW);

    private long lastTime = Long.MIN_VALUE;
    private long lastRounded = Long.MIN_VALUE;

    /** Facts side by side. */
    private static final class Rows {
        /** Of a fact in a word, which is not negative. */
        private static final int BIN_BITS = 15;

        private static final int TIME_BITS = Long.SIZE - 1 - Byte.SIZE - BIN_BITS;

        private int[] series;
        private long[] times;
        private long[] bins;
        private int[] weights;
        private int size;

        Rows(int room) {
            series = new int[room];
            times = new long[room];
            bins = new long[room];
            weights = new int[room];
        }

        int room() {
            return series.length;
        }

        void grow() {
            int more = 2 * room();
            series = Arrays.copyOf(series, more);
            times = Arrays.copyOf(times, more);
            bins = Arrays.copyOf(bins, more);
            weights = Arrays.copyOf(weights, more);
        }

        void set(int at, int newSeries, long time, long bin, int weight) {
            series[at] = newSeries;
            times[at] = time;
            bins[at] = bin;
            weights[at] = weight;
        }

        void copy(Rows from, int at, int to) {
            set(to, from.series[at], from.times[at], from.bins[at], from.weights[at]);
        }

        boolean isSame(int at, int other) {
            return series[at] == series[other] && times[at] == times[other] && bins[at] == bins[other];
        }

        /** Puts a stretch of one series in order, by time and then by bin. */
        void sort(int from, int to) {
            if (to - from < 2) {
                return;
            }
            if (!timesAscend(from, to)) {
                sortFacts(from, to);
                return;
            }
            // One time after the other, as touchpoints come: each is put in order by its bins, which is faster alone.
            int next;
            for (int at = from; at < to; at = next) {
                boolean once = true;
                for (next = at; next < to && times[next] == times[at]; next++) {
                    once &= weights[next] == 1;
                }
                if (once) {
                    Arrays.sort(bins, at, next);
                } else {
                    sortFacts(at, next);
                }
            }
        }

        private boolean timesAscend(int from, int to) {
            for (int i = from + 1; i < to; i++) {
                if (times[i] < times[i - 1]) {
                    return false;
                }
            }
            return true;
        }

        private void sortFacts(int from, int to) {
            if (inWords(from, to)) {
                return;
            }
            int gap = 1;
            while (gap < (to - from) / 3) {
                gap = 3 * gap + 1;
            }
            for (; gap > 0; gap /= 3) {
                for (int i = from + gap; i < to; i++) {
                    sink(i, gap, from);
                }
            }
        }

        /**
         * Sorts facts as one word each, time, bin and weight, where all of them fit into that: as sessions and issues do, of
         * many times and few bins.
         */
        private boolean inWords(int from, int to) {
            long first = Long.MAX_VALUE;
            long last = Long.MIN_VALUE;
            for (int i = from; i < to; i++) {
                if (bins[i] >>> BIN_BITS != 0 || (byte) weights[i] != weights[i]) {
                    return false;
                }
                first = Math.min(first, times[i]);
                last = Math.max(last, times[i]);
            }
            if (last - first >>> TIME_BITS != 0) {
                return false;
            }
            long[] words = bins;
            for (int i = from; i < to; i++) {
                words[i] = (times[i] - first << BIN_BITS | bins[i]) << Byte.SIZE | weights[i] & 0xff;
            }
            Arrays.sort(words, from, to);
            for (int i = from; i < to; i++) {
                long word = words[i];
                weights[i] = (byte) word;
                bins[i] = word >>> Byte.SIZE & (1L << BIN_BITS) - 1;
                times[i] = first + (word >>> Byte.SIZE + BIN_BITS);
            }
            return true;
        }

        private void sink(int i, int gap, int from) {
            long time = times[i];
            long bin = bins[i];
            int weight = weights[i];
            int at = i;
            while (at - gap >= from && (times[at - gap] > time || (times[at - gap] == time && bins[at - gap] > bin))) {
                times[at] = times[at - gap];
                bins[at] = bins[at - gap];
                weights[at] = weights[at - gap];
                at -= gap;
            }
            times[at] = time;
            bins[at] = bin;
            weights[at] = weight;
        }
    }

    public Subtotals(MeasureConfig config) {
        this.precisionMs = config.precisionMs();
    }

    @Override
    public void add(Family family, Breakdown by, long time, int weight, long bin) {
        int number = by.number();
        if (number >= known.length || known[number] != by) {
            number = numberOf(by);
        }
        if (held.size == held.room()) {
            held.grow();
        }
        held.set(held.size++, number * Family.COUNT + family.ordinal(), rounded(time), bin, weight);
    }

    private int numberOf(Breakdown by) {
        Integer met = numbers.get(by.dimensions());
        int number = met != null ? met : numbers.size();
        if (met == null) {
            numbers.put(by.dimensions(), number);
            if (number == known.length) {
                known = Arrays.copyOf(known, 2 * number);
                places = Arrays.copyOf(places, known.length * Family.COUNT);
            }
        }
        known[number] = by;
        by.number(number);
        return number;
    }

    private long rounded(long time) {
        if (time != lastTime) {
            lastTime = time;
            lastRounded = precisionMs == 1 ? time : -Math.floorDiv(-time, precisionMs) * precisionMs;
        }
        return lastRounded;
    }

    /** Different (series, time, bin) held. */
    public int size() {
        sum();
        return held.size;
    }

    /** Whether so much is held that it has to be passed on. */
    public boolean isFull() {
        return held.size >= MOST && size() >= MOST / 2;
    }

    /** Passes on everything held, in no particular order, and begins anew; what has cancelled out is not passed on. */
    public void drainTo(Consumer<Subtotal> out) {
        sum();
        int to;
        for (int from = 0; from < held.size; from = to) {
            to = from + 1;
            while (to < held.size && held.series[to] == held.series[from]) {
                to++;
            }
            Breakdown by = known[held.series[from] / Family.COUNT];
            if (by != null) {
                out.accept(
                        new Subtotal(FAMILIES[held.series[from] % Family.COUNT], by.dimensions(), tallies(from, to)));
            }
        }
        held.size = 0;
        if (numbers.size() > MOST_KEPT) {
            numbers.clear();
            Arrays.fill(known, null);
        }
        if (held.room() > 2 * MOST) {
            held = new Rows(FEW);
            ordered = new Rows(FEW);
        }
    }

    private TreeMap<Long, Tally> tallies(int from, int to) {
        TreeMap<Long, Tally> tallies = new TreeMap<>();
        int next;
        for (int at = from; at < to; at = next) {
            next = at + 1;
            while (next < to && held.times[next] == held.times[at]) {
                next++;
            }
            Tally tally = Tally.ascending(next - at);
            for (int i = at; i < next; i++) {
                tally.add(held.bins[i], held.weights[i]);
            }
            tallies.put(held.times[at], tally);
        }
        return tallies;
    }

    /** Leaves one of those that are of one series, time and bin, and none where they cancel out; then all are in order. */
    private void sum() {
        order();
        Rows from = ordered;
        Rows to = held;
        int size = 0;
        int next;
        for (int at = 0; at < from.size; at = next) {
            int weight = from.weights[at];
            for (next = at + 1; next < from.size && from.isSame(at, next); next++) {
                weight += from.weights[next];
            }
            if (weight != 0) {
                to.copy(from, at, size);
                to.weights[size++] = weight;
            }
        }
        to.size = size;
    }

    /** Series by series, in the order they were met; each by time and bin. */
    private void order() {
        if (ordered.room() < held.size) {
            ordered = new Rows(held.room());
        }
        int[] met = new int[Math.min(held.size, places.length)];
        int different = 0;
        for (int i = 0; i < held.size; i++) {
            if (places[held.series[i]]++ == 0) {
                met[different++] = held.series[i];
            }
        }
        int begin = 0;
        for (int i = 0; i < different; i++) {
            int size = places[met[i]];
            places[met[i]] = begin;
            begin += size;
        }
        for (int i = 0; i < held.size; i++) {
            ordered.copy(held, i, places[held.series[i]]++);
        }
        ordered.size = held.size;
        begin = 0;
        for (int i = 0; i < different; i++) {
            ordered.sort(begin, places[met[i]]);
            begin = places[met[i]];
            places[met[i]] = 0;
        }
    }
}
