package io.throughline.domain.measure;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What one series remembers: tallies by pane of event time, and what it has said. Facts later than {@link #asOf()} wait
 * under their exact millisecond; running totals per window are derived from the panes and not written.
 *
 * <p>A pane that every window has left behind is kept as coarsely as history needs it ({@link Past}), for as long as
 * history is corrected. Bounded by the largest window and that; a correction of something older has nothing left to
 * correct.
 */
public final class SeriesState {
    private final Family family;
    private final Map<String, String> dimensions;
    private long asOf;
    private long owedUntil = Long.MIN_VALUE;
    private long restatedAt = Long.MIN_VALUE;
    private final TreeMap<Long, Tally> ahead = new TreeMap<>();
    /** By width of their panes, milliseconds. */
    private final TreeMap<Long, Panes> panes = new TreeMap<>();
    /** The same, to be gone through. */
    private Panes[] allPanes = new Panes[0];
    /** By name, until there are totals, which have it then. */
    private final TreeMap<String, Said> said = new TreeMap<>();

    private @Nullable MeasureConfig shapedFor;
    private long correctedMs;
    /** Every slot is a multiple of it. */
    private long shortestSlotMs = 1;

    private boolean history;
    private Total[] totals = new Total[0];
    private Totals counted = new Totals(0);

    public SeriesState(Family family, Map<String, String> dimensions) {
        this(family, dimensions, Long.MIN_VALUE);
    }

    /** A state read back, still without its tallies. */
    public SeriesState(Family family, Map<String, String> dimensions, long asOf) {
        this.family = family;
        this.dimensions = dimensions;
        this.asOf = asOf;
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

    /** Up to which event time history was written without the corrections that are {@link Past#owed()}. */
    public long owedUntil() {
        return owedUntil;
    }

    /** Event time of the latest restatement of history; {@link Long#MIN_VALUE} before the first. */
    public long restatedAt() {
        return restatedAt;
    }

    public void restated(long newOwedUntil, long newRestatedAt) {
        owedUntil = newOwedUntil;
        restatedAt = newRestatedAt;
    }

    /** Facts later than {@link #asOf()}, by event time. */
    public TreeMap<Long, Tally> ahead() {
        return ahead;
    }

    /** Tallies by pane, by width of the panes in milliseconds; pane k covers (k width, (k + 1) width]. */
    public Map<Long, PaneTallies> panes() {
        Map<Long, PaneTallies> byWidth = new TreeMap<>();
        panes.forEach((width, of) -> byWidth.put(width, of.tallies));
        return byWidth;
    }

    /** The panes of one width, empty where there were none. */
    public PaneTallies panesOf(long width) {
        return panesOfWidth(width).tallies;
    }

    /** What panes of each width have left behind, by that width in milliseconds. */
    public Map<Long, Past> pasts() {
        Map<Long, Past> byWidth = new TreeMap<>();
        panes.forEach((width, of) -> byWidth.put(width, of.past));
        return byWidth;
    }

    /** Of each width, the narrowest first, its panes and then what they have left behind. */
    public List<PaneTallies> allTallies() {
        List<PaneTallies> all = new ArrayList<>(2 * panes.size());
        for (Panes of : allPanes) {
            all.add(of.tallies);
            all.add(of.past.tallies);
        }
        return all;
    }

    /** A past read back. */
    public void past(long width, Past past) {
        panesOfWidth(width).past = past;
    }

    private Panes panesOfWidth(long width) {
        Panes of = panes.get(width);
        if (of == null) {
            of = new Panes(width);
            panes.put(width, of);
            panesChanged();
        }
        return of;
    }

    private void panesChanged() {
        allPanes = panes.values().toArray(Panes[]::new);
    }

    /** What was said of each window, by its name. */
    public TreeMap<String, Said> said() {
        if (totals.length == 0) {
            return said;
        }
        TreeMap<String, Said> now = new TreeMap<>();
        for (Total total : totals) {
            now.put(total.window.name(), total.said());
        }
        return now;
    }

    /**
     * What was said of one window.
     *
     * @param shown values that stand with n above 0, as {@code metric} or {@code metric/scale}
     * @param changed whether the window differs from what was said
     * @param restated whether it does because of a correction, not because time went on
     */
    public record Said(TreeSet<String> shown, boolean changed, boolean restated) {}

    /**
     * What lies behind all windows served by panes of one width, in coarser panes: slots of history and the beginnings of
     * their windows lie on the borders of these, so that any slot can be computed again from them, exactly.
     */
    public static final class Past {
        private final long width;
        private boolean aged;
        private final PaneTallies tallies = new PaneTallies();
        private final TreeMap<Long, Tally> owed = new TreeMap<>();

        /** @param aged whether anything was older than is remembered */
        public Past(long width, boolean aged) {
            this.width = width;
            this.aged = aged;
        }

        /** Milliseconds; pane k covers (k width, (k + 1) width]. */
        public long width() {
            return width;
        }

        public boolean aged() {
            return aged;
        }

        public PaneTallies tallies() {
            return tallies;
        }

        /** By pane of the same width: corrections that history does not show yet, wherever they are counted by now. */
        public TreeMap<Long, Tally> owed() {
            return owed;
        }

        private Past widened(long other) {
            Past past = new Past(other, aged);
            tallies.forEach((pane, tally) -> past.tallies.add(past.paneOf(endOf(pane)), tally, 1));
            owed.forEach((pane, tally) -> add(past.owed, past.paneOf(endOf(pane)), tally, 1));
            return past;
        }

        private long paneOf(long time) {
            return Math.floorDiv(time - 1, width);
        }

        private long endOf(long pane) {
            return (pane + 1) * width;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Past that
                    && that.width == width
                    && that.aged == aged
                    && that.tallies.equals(tallies)
                    && that.owed.equals(owed);
        }

        @Override
        public int hashCode() {
            return Objects.hash(width, aged, owed.size());
        }
    }

    private static void add(TreeMap<Long, Tally> tallies, long pane, Tally tally, int sign) {
        Tally into = tallies.computeIfAbsent(pane, k -> new Tally());
        into.add(tally, sign);
        if (into.isEmpty()) {
            tallies.remove(pane);
        }
    }

    boolean isEmpty() {
        if (!ahead.isEmpty()) {
            return false;
        }
        for (Panes of : allPanes) {
            if (!of.tallies.isEmpty() || !of.past.tallies.isEmpty() || !of.past.owed.isEmpty()) {
                return false;
            }
        }
        for (Total total : totals) {
            if (total.changed || !total.shown.isEmpty()) {
                return false;
            }
        }
        return totals.length > 0 || said.values().stream().noneMatch(SeriesState::isStillToBeSaid);
    }

    private static boolean isStillToBeSaid(Said of) {
        return of.changed || !of.shown.isEmpty();
    }

    /** Makes panes and totals fit the windows. */
    void shape(List<Window> windows, MeasureConfig config) {
        if (config == shapedFor) {
            return;
        }
        history = config.history();
        correctedMs = config.correctHistoryMs();
        dealTo(windows);
        if (totals.length > 0) {
            said.putAll(said());
        }
        said.keySet().retainAll(windows.stream().map(Window::name).toList());
        counted = new Totals(windows.size());
        totals = new Total[windows.size()];
        for (int i = 0; i < totals.length; i++) {
            Window window = windows.get(i);
            totals[i] = new Total(window, panesFor(window), asOf, saidOf(window.name()), i, counted.of(i));
        }
        for (Panes of : allPanes) {
            of.served = Arrays.stream(totals).filter(total -> total.panes == of).toArray(Total[]::new);
            of.longestMs = Arrays.stream(of.served)
                    .mapToLong(total -> total.window.lengthMs())
                    .max()
                    .orElse(0);
            of.tallies.forEachBin(Long.MIN_VALUE, Long.MAX_VALUE, pane -> {
                int into = of.coveredBy(pane);
                return (bin, count) -> counted.add(bin, count, into);
            });
        }
        shortestSlotMs = totals.length == 0 ? 1 : totals[0].slotMs;
        for (Total total : totals) {
            shortestSlotMs = greatestCommonDivisor(shortestSlotMs, total.slotMs);
        }
        shapedFor = config;
    }

    /**
     * Makes panes fit the windows: with other windows than the ones they were made for, the widest are dealt out again,
     * each at its end.
     */
    void dealTo(List<Window> windows) {
        Map<Long, Long> grids = new HashMap<>();
        for (Window window : windows) {
            long grid = greatestCommonDivisor(History.slotMs(window.name()), window.lengthMs());
            grids.merge(window.paneMs(), grid, SeriesState::greatestCommonDivisor);
        }
        Set<Long> widths = Set.copyOf(panes.keySet());
        for (long wanted : grids.keySet()) {
            if (!panes.containsKey(wanted)) {
                Panes made = new Panes(wanted);
                if (!panes.isEmpty()) {
                    Panes widest = panes.lastEntry().getValue();
                    widest.tallies.forEach(
                            (pane, tally) -> made.tallies.add(made.paneOf(widest.endOf(pane)), tally, 1));
                    made.past = widest.past.widened(widest.past.width);
                }
                panes.put(wanted, made);
            }
        }
        if (!grids.keySet().equals(widths)) {
            panes.keySet().retainAll(grids.keySet());
            // Parts are known by the place of their width among all.
            panes.values().forEach(of -> {
                of.tallies.unwritten();
                of.past.tallies.unwritten();
            });
        }
        panesChanged();
        for (Panes of : allPanes) {
            long grid = grids.getOrDefault(of.width, of.width);
            of.past = of.past.width == grid ? of.past : of.past.widened(grid);
        }
    }

    private static long greatestCommonDivisor(long a, long b) {
        return b == 0 ? a : greatestCommonDivisor(b, a % b);
    }

    private Panes panesFor(Window window) {
        return panesOfWidth(window.paneMs());
    }

    /**
     * Where nothing stands there is nothing to be published for the time since: it counts as reached. Otherwise a fact that
     * comes late would be taken for one that is on time.
     */
    void skipTo(long reached) {
        if (reached > asOf && ahead.isEmpty()) {
            for (Total total : totals) {
                if (total.covers()) {
                    return;
                }
            }
            advance(reached);
        }
    }

    /** Folds facts by their time, which may undo others. {@code now} is the event time reached. */
    void fold(SortedMap<Long, Tally> tallies, long now) {
        long reached = Math.max(now, asOf);
        boolean[] complete = null;
        Tally together = null;
        long first = Long.MIN_VALUE;
        for (Map.Entry<Long, Tally> entry : tallies.entrySet()) {
            long time = entry.getKey();
            Tally tally = entry.getValue();
            if (time > reached) {
                add(ahead, time, tally, 1);
                continue;
            }
            complete = complete == null ? complete() : complete;
            if (together != null && isAlike(first, time)) {
                together.add(tally, 1);
            } else {
                if (together != null) {
                    foldReached(first, together);
                }
                together = new Tally();
                together.add(tally, 1);
                first = time;
            }
        }
        if (together != null) {
            foldReached(first, together);
        }
        if (complete != null) {
            completed(complete);
            owedUntil = history ? Math.max(owedUntil, reached) : owedUntil;
        }
    }

    /** Whether facts of two times count in the same panes, which windows cover, and both or neither correct anything. */
    private boolean isAlike(long one, long other) {
        for (Panes of : allPanes) {
            long pane = of.paneOf(one);
            if (pane != of.paneOf(other) || pane < of.first()) {
                return false;
            }
        }
        return one <= asOf == other <= asOf;
    }

    private void foldReached(long time, Tally tally) {
        int into = 0;
        for (Panes of : allPanes) {
            into |= foldPane(of, of.paneOf(time), tally, time <= asOf);
            owe(of, of.past.paneOf(time), tally, 1);
        }
        counted.add(tally, into);
    }

    /** Takes everything counted out, to be inherited; what was said, now and in history, is still to be withdrawn. */
    SeriesState handOver(long now) {
        SeriesState given = new SeriesState(family, dimensions, asOf);
        given.ahead.putAll(ahead);
        ahead.clear();
        panes.forEach((width, of) -> {
            Past past = new Past(of.past.width, of.past.aged);
            past.tallies.copy(of.past.tallies);
            given.panesOf(width).copy(of.tallies);
            given.past(width, past);
            of.tallies.forEach((pane, tally) -> owe(of, of.past.paneOf(of.endOf(pane)), tally, -1));
            of.past.tallies.forEach((pane, tally) -> owe(of, pane, tally, -1));
            of.tallies.clear();
            of.past.tallies.clear();
            for (Total total : of.served) {
                changed(total, true);
            }
        });
        counted.clear();
        owedUntil = history ? Math.max(owedUntil, Math.max(now, asOf)) : owedUntil;
        return given;
    }

    /** Counts what another series has counted, whose panes fit the same windows. */
    void inherit(SeriesState given, long now) {
        fold(given.ahead, now);
        boolean[] complete = complete();
        given.panes.forEach((width, theirs) -> {
            Panes of = panes.get(width);
            if (of != null) {
                theirs.tallies.forEach((pane, tally) -> {
                    counted.add(tally, foldPane(of, pane, tally, of.endOf(pane) <= asOf));
                    owe(of, of.past.paneOf(of.endOf(pane)), tally, 1);
                });
                theirs.past.tallies.forEach((pane, tally) -> {
                    long into = of.past.paneOf(theirs.past.endOf(pane));
                    of.past.tallies.add(into, tally, 1);
                    owe(of, into, tally, 1);
                });
                of.past.aged |= theirs.past.aged;
            }
        });
        completed(complete);
        owedUntil = history ? Math.max(owedUntil, Math.max(now, asOf)) : owedUntil;
    }

    private void owe(Panes of, long pane, Tally tally, int sign) {
        if (history && pane >= firstKept(of)) {
            add(of.past.owed, pane, tally, sign);
        }
    }

    /** Returns the windows that cover the pane, one bit each; their totals do not count the tally yet. */
    private int foldPane(Panes of, long pane, Tally tally, boolean correction) {
        int into = 0;
        for (Total total : of.served) {
            if (pane >= total.first) {
                into |= 1 << total.place;
                changed(total, correction);
            }
        }
        if (into == 0) {
            past(of, of.endOf(pane), tally);
        } else {
            of.tallies.add(pane, tally, 1);
        }
        return into;
    }

    private void past(Panes of, long end, Tally tally) {
        long pane = of.past.paneOf(end);
        if (history && pane >= firstKept(of)) {
            of.past.tallies.add(pane, tally, 1);
        } else {
            of.past.aged |= tally.sum() > 0;
        }
    }

    /** The first pane of the past that the window of a slot which is still corrected reaches back to. */
    private long firstKept(Panes of) {
        return asOf == Long.MIN_VALUE ? asOf : Math.floorDiv(asOf - correctedMs - of.longestMs, of.past.width);
    }

    /** Moves event time to {@code now}: what was ahead counts, what every window has left behind becomes past. */
    void advance(long now) {
        asOf = now;
        for (Panes of : allPanes) {
            for (Total total : of.served) {
                long first = of.firstWithin(total.window, now);
                if (first > total.first) {
                    if (of.tallies.from(total.first) < first) {
                        Tally.Reader leaving = (bin, count) -> counted.add(bin, -count, 1 << total.place);
                        of.tallies.forEachBin(total.first, first, pane -> leaving);
                        changed(total, false);
                    }
                    total.first = first;
                }
            }
            of.tallies.removeBefore(of.first(), (pane, tally) -> past(of, of.endOf(pane), tally));
            of.past.tallies.removeBefore(firstKept(of), (pane, tally) -> of.past.aged |= tally.sum() > 0);
        }
        while (!ahead.isEmpty() && ahead.firstKey() <= now) {
            Map.Entry<Long, Tally> reached = ahead.pollFirstEntry();
            int into = 0;
            for (Panes of : allPanes) {
                into |= foldPane(of, of.paneOf(reached.getKey()), reached.getValue(), false);
            }
            counted.add(reached.getValue(), into);
        }
    }

    private void changed(Total total, boolean correction) {
        total.changed = true;
        total.restated |= correction && !total.shown.isEmpty();
    }

    /** Notes what now stands of a window. */
    void published(Window window, TreeSet<String> shown) {
        Total total = totalOf(window);
        // Mostly it is the same one, which collectors need not hear of.
        if (total.shown != shown) {
            total.shown = shown;
        }
        total.changed = false;
        total.restated = false;
    }

    Said saidOf(Window window) {
        return totalOf(window).said();
    }

    /** Whether a slot of the window's history ends at {@link #asOf()}. */
    boolean endsSlot(Window window) {
        return Math.floorMod(asOf, totalOf(window).slotMs) == 0;
    }

    private Said saidOf(String window) {
        return said.computeIfAbsent(window, name -> new Said(new TreeSet<>(), false, false));
    }

    Counts total(Window window) {
        return totalOf(window).counted;
    }

    private Total totalOf(Window window) {
        for (Total total : totals) {
            if (total.window == window || total.window.equals(window)) {
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
        return covers(totalOf(window));
    }

    private boolean covers(Total total) {
        Past past = total.panes.past;
        if (past.aged || !past.tallies.isEmpty()) {
            return true;
        }
        long earliest = Long.MAX_VALUE;
        for (Panes of : allPanes) {
            if (!of.tallies.isEmpty()) {
                earliest = Math.min(earliest, of.endOf(of.tallies.first()));
            }
        }
        return earliest <= asOf - total.window.lengthMs();
    }

    /** What {@link #covers} says of each total. */
    private boolean[] complete() {
        boolean[] complete = new boolean[totals.length];
        for (int i = 0; i < totals.length; i++) {
            complete[i] = covers(totals[i]);
        }
        return complete;
    }

    /** A fact older than the window changes nothing in it, but may say that the whole of it was seen. */
    private void completed(boolean[] before) {
        for (int i = 0; i < totals.length; i++) {
            if (covers(totals[i]) != before[i]) {
                changed(totals[i], true);
            }
        }
    }

    /** Whether anything is counted in the window. */
    boolean stands(Window window) {
        return !totalOf(window).counted.isEmpty();
    }

    /**
     * The end of the first slot of history after {@code time} as of which any window covers a pane, or as of which what was
     * said of a window is to be withdrawn.
     */
    long nextSlotEnd(long time) {
        return nextSlotEnd(time, Long.MAX_VALUE);
    }

    /** The same, or anything that is not before {@code limit} where it is not before that. */
    long nextSlotEnd(long time, long limit) {
        long next = Long.MAX_VALUE;
        if (History.slotEnd(shortestSlotMs, time + 1) >= limit) {
            return next;
        }
        for (Total total : totals) {
            if (total.covers() || total.changed) {
                next = Math.min(next, History.slotEnd(total.slotMs, time + 1));
            } else if (!ahead.isEmpty()) {
                next = Math.min(next, History.slotEnd(total.slotMs, Math.max(time + 1, ahead.firstKey())));
            }
        }
        return next;
    }

    boolean owesHistory() {
        for (Panes of : allPanes) {
            if (!of.past.owed.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** Takes one slot of history that a correction changed. */
    interface Restated {

        /** @param before what the slot was published with, to be read before this returns */
        void take(Window window, long slotEnd, Reading.Counted before, Reading.Counted after, boolean complete);
    }

    /**
     * Computes every slot again that corrections have changed since the last time, from panes, and owes nothing any more.
     *
     * @param windows those that are published
     * @param half of each window its newer half; where the family does not look at it, the window
     */
    void restate(List<Window> windows, UnaryOperator<Window> half, Restated out) {
        for (Window window : windows) {
            Panes of = panesFor(window);
            if (of.past.owed.isEmpty()) {
                continue;
            }
            Range all = new Range(of, window);
            Window newer = half.apply(window);
            Range ofHalf = newer.equals(window) ? all : new Range(of, newer);
            for (long end : owedSlots(of, window)) {
                all.moveTo(end);
                if (ofHalf != all) {
                    ofHalf.moveTo(end);
                }
                out.take(
                        window,
                        end,
                        new Reading.Counted(all.before(), ofHalf.before()),
                        new Reading.Counted(all.tally, ofHalf.tally),
                        of.past.aged || earliest(of) <= end - window.lengthMs());
            }
        }
        panes.values().forEach(of -> of.past.owed.clear());
        restated(Long.MIN_VALUE, asOf);
    }

    /** Slots that are written and whose window covers a correction, or which only now are, or are not, complete. */
    private TreeSet<Long> owedSlots(Panes of, Window window) {
        TreeSet<Long> ends = new TreeSet<>();
        long length = window.lengthMs();
        of.past
                .owed
                .keySet()
                .forEach(
                        pane -> slots(window, of.past.endOf(pane), of.past.endOf(pane) - of.past.width + length, ends));
        long now = earliest(of);
        long before = earliestBefore(of);
        if (!of.past.aged && Math.max(now, before) < Long.MAX_VALUE) {
            slots(window, Math.min(now, before) + length, Math.max(now, before) + length - 1, ends);
        }
        return ends;
    }

    private void slots(Window window, long from, long to, TreeSet<Long> ends) {
        long last = Math.min(to, Math.min(owedUntil, asOf - 1));
        long slot = History.slotMs(window.name());
        for (long end = History.slotEnd(slot, Math.max(from, asOf - correctedMs)); end <= last; end += slot) {
            ends.add(end);
        }
    }

    /** Event time by which the first fact had happened, as coarsely as the past knows it. */
    private static long earliest(Panes of) {
        long first = of.past.tallies.isEmpty() ? Long.MAX_VALUE : of.past.endOf(of.past.tallies.first());
        if (!of.tallies.isEmpty()) {
            first = Math.min(first, of.past.endOf(of.past.paneOf(of.endOf(of.tallies.first()))));
        }
        return first;
    }

    /** The same as history has it that does not show the corrections owed. */
    private static long earliestBefore(Panes of) {
        long now = earliest(of);
        if (of.past.owed.isEmpty() || of.past.endOf(of.past.owed.firstKey()) > now) {
            return now;
        }
        TreeSet<Long> panes = new TreeSet<>();
        of.past.tallies.panes(panes::add);
        of.tallies.panes(pane -> panes.add(of.past.paneOf(of.endOf(pane))));
        panes.addAll(of.past.owed.keySet());
        for (long pane : panes) {
            Range one = new Range(of, of.past.width);
            one.moveTo(of.past.endOf(pane));
            if (!one.before().isEmpty()) {
                return of.past.endOf(pane);
            }
        }
        return Long.MAX_VALUE;
    }

    /** What was counted over a stretch of event time that begins and ends on the borders of the past's panes. */
    private static final class Range {
        private final Panes of;
        private final long length;
        private Tally tally = new Tally();
        private long end = Long.MIN_VALUE;

        Range(Panes of, Window window) {
            this(of, window.lengthMs());
        }

        Range(Panes of, long length) {
            this.of = of;
            this.length = length;
        }

        /** Ends only grow. */
        void moveTo(long newEnd) {
            if (end == Long.MIN_VALUE || newEnd - length >= end) {
                tally = new Tally();
                add(newEnd - length, newEnd, 1);
            } else {
                add(end, newEnd, 1);
                add(end - length, newEnd - length, -1);
            }
            end = newEnd;
        }

        private void add(long from, long to, int sign) {
            Tally.Reader into = (bin, count) -> tally.add(bin, sign * count);
            of.tallies.forEachBin(Math.floorDiv(from, of.width), Math.floorDiv(to, of.width), pane -> into);
            of.past.tallies.forEachBin(
                    Math.floorDiv(from, of.past.width), Math.floorDiv(to, of.past.width), pane -> into);
        }

        /** The same without the corrections that history does not show yet. */
        Tally before() {
            Tally before = new Tally();
            before.add(tally, 1);
            of.past
                    .owed
                    .subMap(Math.floorDiv(end - length, of.past.width), Math.floorDiv(end, of.past.width))
                    .values()
                    .forEach(found -> before.add(found, -1));
            return before;
        }
    }

    /** Event time at which something of the past is forgotten; {@link Long#MAX_VALUE} where there is none. */
    long nextForgetting() {
        long next = Long.MAX_VALUE;
        for (Panes of : allPanes) {
            if (!of.past.tallies.isEmpty()) {
                next = Math.min(next, of.past.endOf(of.past.tallies.first()) + correctedMs + of.longestMs);
            }
        }
        return next;
    }

    /**
     * Event time from which on a window differs from what was said of it: {@code reached} where it does, else when the
     * next pane leaves it; {@link Long#MAX_VALUE} where it is empty.
     */
    long nextDifference(Window window, long reached) {
        Total total = totalOf(window);
        if (total.changed) {
            return reached;
        }
        if (!total.covers()) {
            return Long.MAX_VALUE;
        }
        return total.panes.endOf(total.panes.tallies.from(total.first)) + window.lengthMs();
    }

    /** Equal where the same is remembered; running totals follow from it. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SeriesState that
                && that.family == family
                && that.dimensions.equals(dimensions)
                && that.asOf == asOf
                && that.owedUntil == owedUntil
                && that.restatedAt == restatedAt
                && that.pasts().equals(pasts())
                && that.ahead.equals(ahead)
                && that.panes().equals(panes())
                && that.said().equals(said());
    }

    @Override
    public int hashCode() {
        return Objects.hash(family, dimensions, asOf);
    }

    /** All tallies of one pane width. */
    private static final class Panes {
        private final long width;
        private final PaneTallies tallies = new PaneTallies();
        private Total[] served = new Total[0];
        private long longestMs;
        private Past past;

        Panes(long width) {
            this.width = width;
            this.past = new Past(width, false);
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

        /** The windows that cover a pane, one bit each. */
        int coveredBy(long pane) {
            int into = 0;
            for (Total total : served) {
                into |= pane >= total.first ? 1 << total.place : 0;
            }
            return into;
        }
    }

    /** The running total of one window. */
    private static final class Total {
        private final Window window;
        private final Panes panes;
        private final long slotMs;
        /** Among the windows. */
        private final int place;

        private final Counts counted;
        /** The first pane counted. */
        private long first;

        /** What was said, as {@link Said} has it: at every tick something of it changes. */
        private TreeSet<String> shown;

        private boolean changed;
        private boolean restated;

        Total(Window window, Panes panes, long asOf, Said said, int place, Counts counted) {
            this.shown = said.shown;
            this.changed = said.changed;
            this.restated = said.restated;
            this.place = place;
            this.counted = counted;
            this.window = window;
            this.slotMs = History.slotMs(window.name());
            this.panes = panes;
            this.first = panes.firstWithin(window, asOf);
        }

        Said said() {
            return new Said(shown, changed, restated);
        }

        /** Whether any pane is within; where one undoes what another has, the tally is empty and will not stay so. */
        boolean covers() {
            return !panes.tallies.isEmpty() && panes.tallies.last() >= first;
        }
    }
}
