package io.throughline.domain.measure;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * A histogram over integer bins that can be added to and subtracted from: how often each bin was seen. The sum of any
 * set of facts is the same in any order. A count may be below zero for the moment, where a correction overtook what it
 * corrects; readers skip such bins.
 *
 * <p>An open-addressing table: a pane with one fact costs two slots, adding is constant time. A slot takes nine bytes
 * while every count fits into one, which it does where bins are customers, and sixteen from then on. What is told its bins in
 * order stays a list of them until something else is added.
 */
public final class Tally implements Counts {
    private static final long[] NOTHING = new long[0];
    private static final byte[] NONE = new byte[0];
    private static final int FEW = 64;
    private static final int NARROW = 1 << 13;
    /** From so many slots on, a table is mostly not near when something is added. */
    static final int LARGE = 256;
    /** Bins whose places in such a table are looked at before the first of them is added. */
    static final int AT_ONCE = 64;

    /** A table with so many times fewer bins is put in order to be merged. */
    private static final int FEW_BESIDE = 8;

    private long[] bins = NOTHING;
    /** By slot; a slot with count 0 is free. */
    private byte[] small = NONE;
    /** In place of {@link #small} once a count does not fit into it. */
    private long @Nullable [] large;

    /** Whether bins stand in the first slots, ascending, as they were read, and are no table yet. */
    private boolean listed;

    private int used;
    private int positive;
    private long sum;

    /** Kept only because what nobody keeps would not be looked at. */
    private int seenAhead;

    /** One that is to be told so many bins, ascending: nothing has to be looked up until others are added. */
    public static Tally ascending(int size) {
        Tally tally = new Tally();
        if (size > 0) {
            tally.bins = new long[size];
            tally.small = new byte[size];
            tally.listed = true;
        }
        return tally;
    }

    /** Adds {@code count} to a bin; a negative count subtracts. */
    public void add(long bin, long count) {
        if (count == 0) {
            return;
        }
        if (listed) {
            if (used < bins.length && (used == 0 || bin > bins[used - 1])) {
                bins[used] = bin;
                set(used++, count);
                positive += count > 0 ? 1 : 0;
                sum += count;
                return;
            }
            table();
        }
        sum += count;
        if ((used + 1) * 4 > bins.length * 3) {
            resize(Math.max(2, bins.length * 2));
        }
        int slot = slotOf(bin);
        long before = countAt(slot);
        long after = before + count;
        positive += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
        if (before == 0) {
            used++;
            bins[slot] = bin;
        }
        if (after == 0) {
            remove(slot);
        } else {
            set(slot, after);
        }
    }

    /** Adds every bin of another tally {@code sign} times. */
    public void add(Tally other, int sign) {
        if (used == 0 && sign == 1) {
            copy(other);
        } else if (other.listed && (listed ? used <= other.used : used < other.used / FEW_BESIDE)) {
            merge(other, sign);
        } else {
            for (int from = 0; from < other.bins.length; from += AT_ONCE) {
                int to = Math.min(from + AT_ONCE, other.bins.length);
                if (bins.length >= LARGE) {
                    lookAhead(other, from, to);
                }
                for (int slot = from; slot < to; slot++) {
                    long count = other.countAt(slot);
                    if (count != 0) {
                        add(other.bins[slot], sign * count);
                    }
                }
            }
        }
    }

    /**
     * Looks at the places of some bins before they are added. Looks that do not wait for each other come from memory together,
     * while each addition waits for its own.
     */
    private void lookAhead(Tally other, int from, int to) {
        byte[] counts = large == null ? small : null;
        int seen = 0;
        for (int i = from; i < to; i++) {
            int slot = home(other.bins[i], bins.length);
            seen += (int) bins[slot] + (counts == null ? 0 : counts[slot]);
        }
        seenAhead = seen;
    }

    /** In order, so that what comes of it is a list again. */
    private void merge(Tally other, int sign) {
        long[] mine = bins();
        Tally both = ascending(used + other.used);
        int i = 0;
        int j = 0;
        while (i < mine.length || j < other.used) {
            if (j == other.used || (i < mine.length && mine[i] < other.bins[j])) {
                both.add(mine[i], count(i, mine[i]));
                i++;
            } else if (i == mine.length || other.bins[j] < mine[i]) {
                both.add(other.bins[j], sign * other.countAt(j));
                j++;
            } else {
                both.add(mine[i], count(i, mine[i]) + sign * other.countAt(j));
                i++;
                j++;
            }
        }
        bins = both.bins;
        small = both.small;
        large = both.large;
        listed = true;
        used = both.used;
        positive = both.positive;
        sum = both.sum;
    }

    private void table() {
        listed = false;
        int slots = Math.max(2, Integer.highestOneBit(used + 1) * 2);
        resize((used + 1) * 4 > slots * 3 ? slots * 2 : slots);
    }

    private void copy(Tally other) {
        if (other.used == 0) {
            return;
        }
        // A list that is full is not written into any more: whoever adds to it makes a table first.
        boolean shared = other.listed && other.used == other.bins.length;
        bins = shared ? other.bins : other.bins.clone();
        small = shared || other.small.length == 0 ? other.small : other.small.clone();
        large = shared || other.large == null ? other.large : other.large.clone();
        listed = other.listed;
        used = other.used;
        positive = other.positive;
        sum = other.sum;
    }

    /** Makes room for so many bins at once, where it is known how many will come. */
    public void expect(int size) {
        int slots = Math.max(2, Integer.highestOneBit(Math.max(1, size)) * 2);
        if (slots * 3L < size * 4L) {
            slots *= 2;
        }
        if (slots > bins.length) {
            listed = false;
            resize(slots);
        }
    }

    @Override
    public long count(long bin) {
        if (listed) {
            int place = Arrays.binarySearch(bins, 0, used, bin);
            return place < 0 ? 0 : countAt(place);
        }
        return bins.length == 0 ? 0 : countAt(slotOf(bin));
    }

    /** The count of a bin that is at a place of {@link #bins()}. */
    public long count(int place, long bin) {
        return listed ? countAt(place) : countAt(slotOf(bin));
    }

    @Override
    public long sum() {
        return sum;
    }

    @Override
    public int distinct() {
        return positive;
    }

    /** Bins with any count, also below zero. */
    public int size() {
        return used;
    }

    @Override
    public boolean isEmpty() {
        return used == 0;
    }

    @Override
    public long[] ascending() {
        long[] found = new long[positive];
        int next = 0;
        for (int slot = 0; next < found.length; slot++) {
            if (countAt(slot) > 0) {
                found[next++] = bins[slot];
            }
        }
        return listed ? found : sorted(found);
    }

    /** All bins with any count, ascending; not to be changed. */
    public long[] bins() {
        if (listed) {
            return used == bins.length ? bins : Arrays.copyOf(bins, used);
        }
        long[] found = new long[used];
        int next = 0;
        for (int slot = 0; next < found.length; slot++) {
            if (countAt(slot) != 0) {
                found[next++] = bins[slot];
            }
        }
        return sorted(found);
    }

    /** The same array, in order. */
    static long[] sorted(long[] bins) {
        if (bins.length < 2) {
            return bins;
        }
        long most = 0;
        for (long bin : bins) {
            most |= bin;
        }
        if (bins.length > FEW && most >= 0 && most < NARROW) {
            inOrder(bins);
        } else {
            Arrays.sort(bins);
        }
        return bins;
    }

    /** Durations and scores lie close together: marking them is a tenth of the work of sorting them. */
    private static void inOrder(long[] bins) {
        BitSet marked = new BitSet(NARROW);
        for (long bin : bins) {
            marked.set((int) bin);
        }
        int next = 0;
        for (int bin = marked.nextSetBit(0); bin >= 0; bin = marked.nextSetBit(bin + 1)) {
            bins[next++] = bin;
        }
    }

    @Override
    public void forEach(Reader reader) {
        for (int slot = 0; slot < bins.length; slot++) {
            long count = countAt(slot);
            if (count != 0) {
                reader.read(bins[slot], count);
            }
        }
    }

    /** Takes one bin with its count, never 0. */
    @FunctionalInterface
    public interface Reader {
        void read(long bin, long count);
    }

    /** Slots, some of them free, in which all bins are. */
    int slots() {
        return bins.length;
    }

    long binAt(int slot) {
        return bins[slot];
    }

    /** 0: the slot is free. */
    long countAt(int slot) {
        return large != null ? large[slot] : small[slot];
    }

    private void set(int slot, long count) {
        if (large == null && count == (byte) count) {
            small[slot] = (byte) count;
            return;
        }
        if (large == null) {
            large = new long[small.length];
            for (int i = 0; i < small.length; i++) {
                large[i] = small[i];
            }
            small = NONE;
        }
        large[slot] = count;
    }

    private void resize(int slots) {
        long[] oldBins = bins;
        byte[] oldSmall = small;
        long[] oldLarge = large;
        bins = new long[slots];
        small = oldLarge == null ? new byte[slots] : NONE;
        large = oldLarge == null ? null : new long[slots];
        for (int slot = 0; slot < oldBins.length; slot++) {
            long count = oldLarge != null ? oldLarge[slot] : oldSmall[slot];
            if (count != 0) {
                int moved = slotOf(oldBins[slot]);
                bins[moved] = oldBins[slot];
                set(moved, count);
            }
        }
    }

    private int slotOf(long bin) {
        int slot = home(bin, bins.length);
        while (countAt(slot) != 0 && bins[slot] != bin) {
            slot = slot + 1 & bins.length - 1;
        }
        return slot;
    }

    /** The slot at which a bin is looked for first, among a power of two. */
    static int home(long bin, int slots) {
        long mixed = bin * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & slots - 1;
    }

    /** Frees a slot and moves up whatever had to step over it, so that no search ends too early. */
    private void remove(int free) {
        used--;
        set(free, 0);
        int slot = free;
        while (true) {
            slot = slot + 1 & bins.length - 1;
            if (countAt(slot) == 0) {
                return;
            }
            int distanceFromHome = slot - home(bins[slot], bins.length) & bins.length - 1;
            int distanceFromFree = slot - free & bins.length - 1;
            if (distanceFromHome >= distanceFromFree) {
                bins[free] = bins[slot];
                set(free, countAt(slot));
                set(slot, 0);
                free = slot;
            }
        }
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Tally that) || that.used != used || that.sum != sum) {
            return false;
        }
        for (int slot = 0; slot < bins.length; slot++) {
            long count = countAt(slot);
            if (count != 0 && that.count(bins[slot]) != count) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sum) * 31 + used;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("{");
        for (long bin : ascending()) {
            text.append(text.length() == 1 ? "" : ", ").append(bin).append('=').append(count(bin));
        }
        return text.append('}').toString();
    }
}
