package io.throughline.domain.measure;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Sums facts by series, time and bin before they cross the network, so that a hot series costs its one subtask a few
 * additions for each of the others and not one per fact.
 *
 * <p>Times are rounded up to the next moment at which anything could be published or leave a window: no value that is
 * ever published can tell the difference.
 */
public final class Subtotals {
    private final long precisionMs;
    private final Map<Map<String, String>, Subtotal[]> byDimensions = new HashMap<>();
    private int size;

    public Subtotals(MeasureConfig config) {
        this.precisionMs = config.precisionMs();
    }

    public void add(Fact fact) {
        add(fact.family(), fact.dimensions(), fact.time(), fact.bin(), fact.weight());
    }

    private void add(Family family, Map<String, String> dimensions, long time, long bin, int weight) {
        Subtotal[] byFamily = byDimensions.computeIfAbsent(dimensions, d -> new Subtotal[Family.COUNT]);
        Subtotal subtotal = byFamily[family.ordinal()];
        if (subtotal == null) {
            subtotal = new Subtotal(family, dimensions, new TreeMap<>());
            byFamily[family.ordinal()] = subtotal;
        }
        long rounded = precisionMs == 1 ? time : -Math.floorDiv(-time, precisionMs) * precisionMs;
        Tally tally = subtotal.tallies().computeIfAbsent(rounded, t -> new Tally());
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
        for (Subtotal[] byFamily : byDimensions.values()) {
            for (Subtotal subtotal : byFamily) {
                if (subtotal != null) {
                    subtotal.tallies().values().removeIf(Tally::isEmpty);
                    if (!subtotal.tallies().isEmpty()) {
                        out.accept(subtotal);
                    }
                }
            }
        }
        byDimensions.clear();
        size = 0;
    }
}
