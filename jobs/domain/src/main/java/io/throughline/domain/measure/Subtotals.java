package io.throughline.domain.measure;

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
    /** Most series whose names are kept for the next facts when sums are passed on. */
    private static final int MOST_NAMES = 20_000;

    private final long precisionMs;
    private final Map<Map<String, String>, @Nullable Sum[]> byDimensions = new HashMap<>();
    private int size;

    /** One subtotal, and where in it the last fact went: facts of one tick mostly go to the same place. */
    private static final class Sum {
        private final Subtotal subtotal;
        private long time;
        private Tally tally = new Tally();

        Sum(Subtotal subtotal, long time) {
            this.subtotal = subtotal;
            this.time = time;
            subtotal.tallies().put(time, tally);
        }

        Tally at(long wanted) {
            if (wanted != time) {
                tally = subtotal.tallies().computeIfAbsent(wanted, t -> new Tally());
                time = wanted;
            }
            return tally;
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
        long rounded = precisionMs == 1 ? time : -Math.floorDiv(-time, precisionMs) * precisionMs;
        Sum sum = byFamily[family.ordinal()];
        if (sum == null) {
            sum = new Sum(new Subtotal(family, dimensions, new TreeMap<>()), rounded);
            byFamily[family.ordinal()] = sum;
        }
        Tally tally = sum.at(rounded);
        int before = tally.size();
        tally.add(bin, weight);
        size += tally.size() - before;
    }

    /** Different (series, time, bin) held: what memory grows with. */
    public int size() {
        return size;
    }

    /** Passes on everything held, in no particular order, and begins anew; what has cancelled out is not passed on. */
    public void drainTo(Consumer<Subtotal> out) {
        for (@Nullable Sum[] byFamily : byDimensions.values()) {
            for (int family = 0; family < byFamily.length; family++) {
                Sum sum = byFamily[family];
                if (sum != null) {
                    byFamily[family] = null;
                    Subtotal subtotal = sum.subtotal;
                    subtotal.tallies().values().removeIf(Tally::isEmpty);
                    if (!subtotal.tallies().isEmpty()) {
                        out.accept(subtotal);
                    }
                }
            }
        }
        if (byDimensions.size() > MOST_NAMES) {
            byDimensions.clear();
        }
        size = 0;
    }
}
