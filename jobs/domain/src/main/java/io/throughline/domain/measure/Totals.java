package io.throughline.domain.measure;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Running totals of several windows in one table. What is new counts in all of them: it is looked for once, and a bin takes
 * its eight bytes once, whatever the number of windows.
 *
 * <p>An open-addressing table. The counts of a bin stand side by side, in one byte each while all of the table fit into
 * that, then in two, then in eight.
 */
final class Totals {
    /** A window is a bit of an integer. */
    static final int MOST_WINDOWS = Integer.SIZE;

    private static final long[] NOTHING = new long[0];
    private static final byte[] NONE = new byte[0];

    private final int windows;
    private long[] bins = NOTHING;
    /** In how many windows the bin of a slot has a count; a slot with 0 is free. */
    private byte[] standing = NONE;

    private byte @Nullable [] small = NONE;
    private short @Nullable [] middle;
    private long @Nullable [] large;
    private int used;

    /** Kept only because what nobody keeps would not be looked at. */
    private int seenAhead;

    /** The slots of all bins, bins ascending: put in order once for all windows that are read, while no bin comes or goes. */
    private int @Nullable [] inOrder;

    private final long[] sums;
    private final int[] distinct;
    private final int[] sizes;

    Totals(int windows) {
        this.windows = windows;
        this.sums = new long[windows];
        this.distinct = new int[windows];
        this.sizes = new int[windows];
    }

    /**
     * Adds {@code count} to a bin; a negative count subtracts.
     *
     * @param into windows, one bit each
     */
    void add(long bin, long count, int into) {
        if (count == 0 || into == 0) {
            return;
        }
        if ((used + 1) * 4 > bins.length * 3) {
            resize(Math.max(2, bins.length * 2));
        }
        int slot = slotOf(bin);
        if (standing[slot] == 0) {
            bins[slot] = bin;
            used++;
            inOrder = null;
        }
        for (int rest = into; rest != 0; rest &= rest - 1) {
            int window = Integer.numberOfTrailingZeros(rest);
            long before = at(slot * windows + window);
            long after = before + count;
            set(slot * windows + window, after);
            sums[window] += count;
            distinct[window] += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
            int more = (after != 0 ? 1 : 0) - (before != 0 ? 1 : 0);
            sizes[window] += more;
            standing[slot] += (byte) more;
        }
        if (standing[slot] == 0) {
            remove(slot);
        }
    }

    /** Adds what another has counted. */
    void add(Tally tally, int into) {
        for (int from = 0; into != 0 && from < tally.slots(); from += Tally.AT_ONCE) {
            int to = Math.min(from + Tally.AT_ONCE, tally.slots());
            if (bins.length >= Tally.LARGE) {
                lookAhead(tally, from, to);
            }
            for (int slot = from; slot < to; slot++) {
                add(tally.binAt(slot), tally.countAt(slot), into);
            }
        }
    }

    /** As {@link Tally} does. */
    private void lookAhead(Tally tally, int from, int to) {
        byte[] counts = small;
        int seen = 0;
        for (int i = from; i < to; i++) {
            int slot = Tally.home(tally.binAt(i), bins.length);
            seen += (int) bins[slot] + standing[slot] + (counts == null ? 0 : counts[slot * windows]);
        }
        seenAhead = seen;
    }

    void clear() {
        bins = NOTHING;
        standing = NONE;
        small = NONE;
        middle = null;
        large = null;
        inOrder = null;
        used = 0;
        Arrays.fill(sums, 0);
        Arrays.fill(distinct, 0);
        Arrays.fill(sizes, 0);
    }

    /** What one window has counted, as it is whenever it is read. */
    Counts of(int window) {
        return new OfWindow(window);
    }

    private final class OfWindow implements Counts {
        private final int window;

        OfWindow(int window) {
            this.window = window;
        }

        private long in(int slot) {
            return at(slot * windows + window);
        }

        @Override
        public long count(long bin) {
            return bins.length == 0 ? 0 : in(slotOf(bin));
        }

        @Override
        public long sum() {
            return sums[window];
        }

        @Override
        public int distinct() {
            return distinct[window];
        }

        @Override
        public boolean isEmpty() {
            return sizes[window] == 0;
        }

        @Override
        public long[] ascending() {
            long[] found = new long[distinct[window]];
            int next = 0;
            for (int slot : slotsInOrder()) {
                if (in(slot) > 0) {
                    found[next++] = bins[slot];
                }
            }
            return found;
        }

        @Override
        public long[] counts(long[] ascending) {
            long[] counts = new long[ascending.length];
            int next = 0;
            for (int slot : slotsInOrder()) {
                if (next < counts.length && bins[slot] == ascending[next]) {
                    counts[next++] = in(slot);
                }
            }
            return counts;
        }

        @Override
        public void forEach(Tally.Reader reader) {
            for (int slot = 0; slot < bins.length; slot++) {
                long count = in(slot);
                if (count != 0) {
                    reader.read(bins[slot], count);
                }
            }
        }
    }

    private int[] slotsInOrder() {
        int[] known = inOrder;
        if (known != null) {
            return known;
        }
        long[] all = new long[used];
        int next = 0;
        for (int slot = 0; slot < bins.length; slot++) {
            if (standing[slot] != 0) {
                all[next++] = bins[slot];
            }
        }
        Tally.sorted(all);
        int[] slots = new int[used];
        for (int i = 0; i < used; i++) {
            slots[i] = slotOf(all[i]);
        }
        inOrder = slots;
        return slots;
    }

    private long at(int place) {
        if (small != null) {
            return small[place];
        }
        return middle != null ? middle[place] : large == null ? 0 : large[place];
    }

    private void set(int place, long count) {
        if (small != null) {
            if (count == (byte) count) {
                small[place] = (byte) count;
                return;
            }
            middle = new short[small.length];
            for (int i = 0; i < small.length; i++) {
                middle[i] = small[i];
            }
            small = null;
        }
        if (middle != null) {
            if (count == (short) count) {
                middle[place] = (short) count;
                return;
            }
            large = new long[middle.length];
            for (int i = 0; i < middle.length; i++) {
                large[i] = middle[i];
            }
            middle = null;
        }
        if (large != null) {
            large[place] = count;
        }
    }

    private void resize(int slots) {
        inOrder = null;
        long[] oldBins = bins;
        byte[] oldStanding = standing;
        byte[] oldSmall = small;
        short[] oldMiddle = middle;
        long[] oldLarge = large;
        bins = new long[slots];
        standing = new byte[slots];
        small = oldSmall == null ? null : new byte[slots * windows];
        middle = oldMiddle == null ? null : new short[slots * windows];
        large = oldLarge == null ? null : new long[slots * windows];
        for (int slot = 0; slot < oldBins.length; slot++) {
            if (oldStanding[slot] != 0) {
                int moved = slotOf(oldBins[slot]);
                bins[moved] = oldBins[slot];
                standing[moved] = oldStanding[slot];
                if (oldSmall != null && small != null) {
                    System.arraycopy(oldSmall, slot * windows, small, moved * windows, windows);
                } else if (oldMiddle != null && middle != null) {
                    System.arraycopy(oldMiddle, slot * windows, middle, moved * windows, windows);
                } else if (oldLarge != null && large != null) {
                    System.arraycopy(oldLarge, slot * windows, large, moved * windows, windows);
                }
            }
        }
    }

    private int slotOf(long bin) {
        int slot = Tally.home(bin, bins.length);
        while (standing[slot] != 0 && bins[slot] != bin) {
            slot = slot + 1 & bins.length - 1;
        }
        return slot;
    }

    /** Moves up whatever had to step over a slot that became free, so that no search ends too early. */
    private void remove(int free) {
        used--;
        inOrder = null;
        int slot = free;
        while (true) {
            slot = slot + 1 & bins.length - 1;
            if (standing[slot] == 0) {
                return;
            }
            int distanceFromHome = slot - Tally.home(bins[slot], bins.length) & bins.length - 1;
            int distanceFromFree = slot - free & bins.length - 1;
            if (distanceFromHome >= distanceFromFree) {
                bins[free] = bins[slot];
                standing[free] = standing[slot];
                for (int window = 0; window < windows; window++) {
                    set(free * windows + window, at(slot * windows + window));
                    set(slot * windows + window, 0);
                }
                standing[slot] = 0;
                free = slot;
            }
        }
    }
}
