package io.throughline.domain.measure;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What one series remembers: tallies by pane of event time, and what it has said. Facts later than {@link #asOf()} wait
 * under their exact millisecond; running totals per window are derived from the panes and not written.
 *
 * <p>Bounded by the largest window: a pane outlives no window that covers it, and a correction of something older has
 * nothing left to correct.
 */
public final class SeriesState {
    private final Family family;
    private final Map<String, String> dimensions;
    private long asOf;
    private boolean aged;
    private final TreeMap<Long, Tally> ahead = new TreeMap<>();
    /** By width of their panes, milliseconds. */
    private final TreeMap<Long, Panes> panes = new TreeMap<>();
    /** By name. */
    private final TreeMap<String, Said> said = new TreeMap<>();

    private @Nullable List<Window> shapedFor;
    private Total[] totals = new Total[0];

    public SeriesState(Family family, Map<String, String> dimensions) {
        this(family, dimensions, Long.MIN_VALUE, false);
    }

    /** A state read back, still without its tallies. */
    public SeriesState(Family family, Map<String, String> dimensions, long asOf, boolean aged) {
        this.family = family;
        this.dimensions = dimensions;
        this.asOf = asOf;
        this.aged = aged;
    }

    public Family family() {
        return family;
    }

    public Map<String, String> dimensions() {
        return dimensions;
    }

    /** Event time of the latest publication; {@link Long#MIN_VALUE} before the first. */
    public long asOf() {
        return asOf;
    }

    /** Whether the series has outlived facts, hence is older than its largest window. */
    public boolean aged() {
        return aged;
    }

    /** Facts later than {@link #asOf()}, by event time. */
    public TreeMap<Long, Tally> ahead() {
        return ahead;
    }

    /** Pane number to tally, by width of the panes in milliseconds; pane k covers (k width, (k + 1) width]. */
    public Map<Long, TreeMap<Long, Tally>> panes() {
        Map<Long, TreeMap<Long, Tally>> byWidth = new TreeMap<>();
        panes.forEach((width, of) -> byWidth.put(width, of.tallies));
        return byWidth;
    }

    /** The panes of one width, empty where there were none. */
    public TreeMap<Long, Tally> panesOf(long width) {
        return panes.computeIfAbsent(width, Panes::new).tallies;
    }

    /** What was said of each window, by its name. */
    public TreeMap<String, Said> said() {
        return said;
    }

    /**
     * What was said of one window.
     *
     * @param shown values that stand with n above 0, as {@code metric} or {@code metric/scale}
     * @param changed whether the window differs from what was said
     * @param restated whether it does because of a correction, not because time went on
     */
    public record Said(TreeSet<String> shown, boolean changed, boolean restated) {}

    boolean isEmpty() {
        return ahead.isEmpty()
                && panes.values().stream().allMatch(of -> of.tallies.isEmpty())
                && said.values().stream().noneMatch(window -> window.changed || !window.shown.isEmpty());
    }

    /**
     * Makes panes and totals fit the windows. With other windows than the ones the panes were made for, the widest panes
     * are dealt out again, each at its end.
     */
    void shape(List<Window> windows) {
        if (windows == shapedFor) {
            return;
        }
        Map<Long, Long> reach = new HashMap<>();
        for (Window window : windows) {
            reach.merge(window.paneMs(), window.lengthMs(), Math::max);
        }
        for (Map.Entry<Long, Long> wanted : reach.entrySet()) {
            if (!panes.containsKey(wanted.getKey())) {
                Panes made = new Panes(wanted.getKey());
                if (!panes.isEmpty()) {
                    Panes widest = panes.lastEntry().getValue();
                    widest.tallies.forEach((pane, tally) -> made.fold(made.paneOf(widest.endOf(pane)), tally));
                }
                panes.put(wanted.getKey(), made);
            }
        }
        panes.keySet().retainAll(reach.keySet());
        List<String> names = windows.stream().map(Window::name).toList();
        said.keySet().retainAll(names);
        totals = windows.stream()
                .map(window -> new Total(window, panesFor(window), asOf, saidOf(window.name())))
                .toArray(Total[]::new);
        long furthest = windows.stream().mapToLong(Window::lengthMs).max().orElse(0);
        for (Panes of : panes.values()) {
            of.served = Arrays.stream(totals).filter(total -> total.panes == of).toArray(Total[]::new);
            of.reachesFurthest = Arrays.stream(of.served).anyMatch(total -> total.window.lengthMs() == furthest);
        }
        shapedFor = windows;
    }

    private Panes panesFor(Window window) {
        return panes.computeIfAbsent(window.paneMs(), Panes::new);
    }

    /** Folds facts of one time, which may undo others. {@code now} is the event time reached. */
    void fold(long time, Tally tally, long now) {
        if (time > Math.max(now, asOf)) {
            Tally into = ahead.computeIfAbsent(time, at -> new Tally());
            into.add(tally, 1);
            if (into.isEmpty()) {
                ahead.remove(time);
            }
            return;
        }
        fold(time, tally, time <= asOf);
    }

    /** Takes everything counted out, to be inherited; what was said is still to be withdrawn. */
    SeriesState handOver() {
        SeriesState counted = new SeriesState(family, dimensions, asOf, aged);
        counted.ahead.putAll(ahead);
        panes.forEach((width, of) -> counted.panesOf(width).putAll(of.tallies));
        ahead.clear();
        for (Panes of : panes.values()) {
            of.tallies.clear();
            for (Total total : of.served) {
                total.tally.clear();
                changed(total, true);
            }
        }
        return counted;
    }

    /** Counts what another series of the same windows has counted. */
    void inherit(SeriesState counted, long now) {
        counted.ahead.forEach((time, tally) -> fold(time, tally, now));
        aged |= counted.aged;
        counted.panes.forEach((width, theirs) -> {
            Panes of = panes.get(width);
            if (of != null) {
                theirs.tallies.forEach((pane, tally) -> foldPane(of, pane, tally, of.endOf(pane) <= asOf));
            }
        });
    }

    private void foldPane(Panes of, long pane, Tally tally, boolean correction) {
        if (pane < of.first()) {
            aged |= of.reachesFurthest && tally.sum() > 0;
            return;
        }
        of.fold(pane, tally);
        for (Total total : of.served) {
            if (pane >= total.first) {
                total.tally.add(tally, 1);
                changed(total, correction);
            }
        }
    }

    private void fold(long time, Tally tally, boolean correction) {
        for (Panes of : panes.values()) {
            foldPane(of, of.paneOf(time), tally, correction);
        }
    }

    /** Moves event time to {@code now}: what was ahead counts, what every window has left behind is forgotten. */
    void advance(long now) {
        asOf = now;
        for (Panes of : panes.values()) {
            for (Total total : of.served) {
                long first = of.firstWithin(total.window, now);
                if (first > total.first) {
                    for (Tally leaving : of.tallies.subMap(total.first, first).values()) {
                        total.tally.add(leaving, -1);
                        changed(total, false);
                    }
                    total.first = first;
                }
            }
            Map<Long, Tally> outlived = of.tallies.headMap(of.first());
            if (of.reachesFurthest) {
                aged |= outlived.values().stream().anyMatch(tally -> tally.sum() > 0);
            }
            outlived.clear();
        }
        Map<Long, Tally> reached = ahead.headMap(now, true);
        reached.forEach((time, tally) -> fold(time, tally, false));
        reached.clear();
    }

    private void changed(Total total, boolean correction) {
        Said before = total.said;
        if (!before.changed || (correction && !before.restated)) {
            said(total, new Said(before.shown, true, before.restated || correction));
        }
    }

    /** Notes what now stands of a window. */
    void published(Window window, TreeSet<String> shown) {
        said(totalOf(window), new Said(shown, false, false));
    }

    private void said(Total total, Said now) {
        total.said = now;
        said.put(total.window.name(), now);
    }

    Said saidOf(String window) {
        return said.computeIfAbsent(window, name -> new Said(new TreeSet<>(), false, false));
    }

    Tally total(Window window) {
        return totalOf(window).tally;
    }

    private Total totalOf(Window window) {
        for (Total total : totals) {
            if (total.window.equals(window)) {
                return total;
            }
        }
        throw new IllegalArgumentException("not a window of this series: " + window);
    }

    /**
     * Whether the series has counted anything at or before the beginning of the window. The pipeline's own first event
     * time is not known to a series, and never later than that.
     */
    boolean covers(Window window) {
        if (aged) {
            return true;
        }
        long earliest = Long.MAX_VALUE;
        for (Panes of : panes.values()) {
            if (!of.tallies.isEmpty()) {
                earliest = Math.min(earliest, of.endOf(of.tallies.firstKey()));
            }
        }
        return earliest <= asOf - window.lengthMs();
    }

    /** Event time at which the next pane leaves a window; {@link Long#MAX_VALUE} where all are empty. */
    long nextLeaving() {
        long next = Long.MAX_VALUE;
        for (Total total : totals) {
            Long pane = total.panes.tallies.ceilingKey(total.first);
            if (pane != null) {
                next = Math.min(next, total.panes.endOf(pane) + total.window.lengthMs());
            }
        }
        return next;
    }

    /** Equal where the same is remembered; running totals follow from it. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SeriesState that
                && that.family == family
                && that.dimensions.equals(dimensions)
                && that.asOf == asOf
                && that.aged == aged
                && that.ahead.equals(ahead)
                && that.panes().equals(panes())
                && that.said.equals(said);
    }

    @Override
    public int hashCode() {
        return Objects.hash(family, dimensions, asOf);
    }

    /** All tallies of one pane width. */
    private static final class Panes {
        private final long width;
        private final TreeMap<Long, Tally> tallies = new TreeMap<>();
        private Total[] served = new Total[0];
        private boolean reachesFurthest;

        Panes(long width) {
            this.width = width;
        }

        long paneOf(long time) {
            return Math.floorDiv(time - 1, width);
        }

        long endOf(long pane) {
            return (pane + 1) * width;
        }

        long firstWithin(Window window, long now) {
            return now == Long.MIN_VALUE ? Long.MIN_VALUE : Math.floorDiv(now - window.lengthMs(), width);
        }

        /** The first pane that any window still covers. */
        long first() {
            long first = Long.MAX_VALUE;
            for (Total total : served) {
                first = Math.min(first, total.first);
            }
            return first;
        }

        void fold(long pane, Tally tally) {
            Tally into = tallies.computeIfAbsent(pane, k -> new Tally());
            into.add(tally, 1);
            if (into.isEmpty()) {
                tallies.remove(pane);
            }
        }
    }

    /** The running total of one window. */
    private static final class Total {
        private final Window window;
        private final Panes panes;
        private final Tally tally = new Tally();
        /** The first pane counted. */
        private long first;

        private Said said;

        Total(Window window, Panes panes, long asOf, Said said) {
            this.said = said;
            this.window = window;
            this.panes = panes;
            this.first = panes.firstWithin(window, asOf);
            panes.tallies.tailMap(first).values().forEach(of -> tally.add(of, 1));
        }
    }
}
