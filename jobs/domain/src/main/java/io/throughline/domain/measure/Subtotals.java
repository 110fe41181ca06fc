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
 * <p>Times are rounded up to the next moment at which anything could be published or leave a window: no value that is
 * ever published can tell the difference.
 */
public final class Subtotals implements FactSink {
    /** Most sums whose names and room are kept for the next facts when they are passed on: some 200 bytes each. */
    private static final int MOST_KEPT = 50_000;

    /** Room for more times than these is not kept for what comes after. */
    private static final int MOST_TIMES = 4;

    /** Nor is room for more bins. */
    private static final int MOST_EXPECTED = 256;

    /** Room for so many bins costs nothing to make when it is needed. */
    private static final int FEW = 4;

    private static final Family[] FAMILIES = Family.values();

    private final long precisionMs;
    private final Map<Map<String, String>, @Nullable Sum[]> byDimensions = new HashMap<>();
    private int size;
    private int sums;

    private long lastTime = Long.MIN_VALUE;
    private long lastRounded = Long.MIN_VALUE;

    /**
     * What there is of one series by time, and where the last fact went: facts of one tick mostly go to the same place. Used
     * again for what comes after.
     */
    private static final class Sum {
        private long[] times = new long[1];
        private Tally[] tallies = new Tally[1];
        private int size;
        private int last;
        /** About as many bins come in one tick as in the one before. */
        private int expected;

        Tally at(long wanted) {
            if (size > 0 && times[last] == wanted) {
                return tallies[last];
            }
            int place = Arrays.binarySearch(times, 0, size, wanted);
            if (place < 0) {
                place = -place - 1;
                if (size == times.length) {
                    times = Arrays.copyOf(times, 2 * size);
                    tallies = Arrays.copyOf(tallies, 2 * size);
                }
                System.arraycopy(times, place, times, place + 1, size - place);
                System.arraycopy(tallies, place, tallies, place + 1, size - place);
                times[place] = wanted;
                tallies[place] = new Tally();
                if (expected > FEW) {
                    tallies[place].expect(expected);
                }
                size++;
            }
            last = place;
            return tallies[place];
        }

        /** All there is, which it then has no more. */
        TreeMap<Long, Tally> take() {
            TreeMap<Long, Tally> byTime = new TreeMap<>();
            expected = size == 1 ? Math.min(tallies[0].size(), MOST_EXPECTED) : 0;
            for (int i = 0; i < size; i++) {
                if (!tallies[i].isEmpty()) {
                    byTime.put(times[i], tallies[i]);
                }
            }
            if (times.length > MOST_TIMES) {
                times = new long[1];
                tallies = new Tally[1];
            }
            Arrays.fill(tallies, null);
            size = 0;
            last = 0;
            return byTime;
        }
    }

    public Subtotals(MeasureConfig config) {
        this.precisionMs = config.precisionMs();
    }

    @Override
    public void add(Family family, Map<String, String> dimensions, long time, int weight, long bin) {
        @Nullable Sum[] byFamily = byDimensions.get(dimensions);
        if (byFamily == null) {
            byFamily = new Sum[Family.COUNT];
            byDimensions.put(dimensions, byFamily);
        }
        Sum sum = byFamily[family.ordinal()];
        if (sum == null) {
            sum = new Sum();
            sums++;
            byFamily[family.ordinal()] = sum;
        }
        Tally tally = sum.at(rounded(time));
        int before = tally.size();
        tally.add(bin, weight);
        size += tally.size() - before;
    }

    private long rounded(long time) {
        if (time != lastTime) {
            lastTime = time;
            lastRounded = precisionMs == 1 ? time : -Math.floorDiv(-time, precisionMs) * precisionMs;
        }
        return lastRounded;
    }

    /** Different (series, time, bin) held: what memory grows with. */
    public int size() {
        return size;
    }

    /** Passes on everything held, in no particular order, and begins anew; what has cancelled out is not passed on. */
    public void drainTo(Consumer<Subtotal> out) {
        byDimensions.forEach((dimensions, byFamily) -> {
            for (int family = 0; family < byFamily.length; family++) {
                Sum sum = byFamily[family];
                if (sum != null && sum.size > 0) {
                    TreeMap<Long, Tally> tallies = sum.take();
                    if (!tallies.isEmpty()) {
                        out.accept(new Subtotal(FAMILIES[family], dimensions, tallies));
                    }
                }
            }
        });
        if (sums > MOST_KEPT) {
            byDimensions.clear();
            sums = 0;
        }
        size = 0;
    }
}
