package io.throughline.domain.measure;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tallies by number of pane, as bytes: sixteen neighbouring panes form a stretch, which is one array. What is folded into a
 * pane is merged into its bytes; only the newest pane, into which nearly everything is folded, is a table while it has many
 * bins.
 *
 * <p>A stretch, and that table, know whether they have changed since they were last written apart from the others.
 */
public final class PaneTallies {
    /** Panes of a stretch. */
    static final int STRETCH = 16;

    private static final int MASK_BYTES = STRETCH / Byte.SIZE;

    /** With no more bins than these, merging bytes takes no longer than a table, which takes several times the memory. */
    private static final int FEW = 24;

    private final TreeMap<Long, Stretch> stretches = new TreeMap<>();

    /** Of {@link #newest}; no stretch has it, nor any later one. */
    private @Nullable Tally table;

    private long newest;
    private boolean tableChanged;
    /** Bins of the table before this one: the next will have about as many. */
    private int usual;

    public boolean isEmpty() {
        return table == null && stretches.isEmpty();
    }

    /** Adds a tally {@code sign} times to what a pane has. */
    public void add(long pane, Tally tally, int sign) {
        if (tally.isEmpty()) {
            return;
        }
        if (table != null && pane == newest) {
            table.add(tally, sign);
            tableChanged = true;
            if (table.isEmpty()) {
                table = null;
            }
            return;
        }
        if (table != null && pane > newest) {
            packTable();
        }
        long number = Math.floorDiv(pane, (long) STRETCH);
        Stretch stretch = stretches.computeIfAbsent(number, n -> new Stretch());
        int bins = stretch.add(placeOf(pane), tally, sign);
        if (stretch.isEmpty()) {
            stretches.remove(number);
        } else if (bins > FEW && table == null && pane == last()) {
            table = stretch.take(placeOf(pane));
            table.expect(usual);
            newest = pane;
            tableChanged = true;
            if (stretch.isEmpty()) {
                stretches.remove(number);
            }
        }
    }

    private void packTable() {
        if (table != null) {
            stretches
                    .computeIfAbsent(Math.floorDiv(newest, (long) STRETCH), n -> new Stretch())
                    .add(placeOf(newest), table, 1);
            usual = table.size();
            table = null;
        }
    }

    /** Has from now on what another has; it must be empty. */
    void copy(PaneTallies other) {
        other.write(this::read);
    }

    void clear() {
        stretches.clear();
        table = null;
    }

    /** The first pane that has anything; there must be one. */
    long first() {
        return stretches.isEmpty() ? newest : paneOf(stretches.firstEntry(), true);
    }

    /** The last pane that has anything; there must be one. */
    long last() {
        return table != null ? newest : paneOf(stretches.lastEntry(), false);
    }

    private static long paneOf(Map.Entry<Long, Stretch> stretch, boolean first) {
        int present = stretch.getValue().present();
        return stretch.getKey() * STRETCH
                + (first
                        ? Integer.numberOfTrailingZeros(present)
                        : Integer.SIZE - 1 - Integer.numberOfLeadingZeros(present));
    }

    /** The first pane from this one on that has anything; {@link Long#MAX_VALUE} where none has. */
    long from(long pane) {
        Map.Entry<Long, Stretch> at = stretches.ceilingEntry(Math.floorDiv(pane, (long) STRETCH));
        while (at != null) {
            long begin = at.getKey() * STRETCH;
            int present = at.getValue().present();
            if (pane > begin) {
                present &= -1 << Math.min(STRETCH, pane - begin);
            }
            if (present != 0) {
                return begin + Integer.numberOfTrailingZeros(present);
            }
            at = stretches.higherEntry(at.getKey());
        }
        return table != null && newest >= pane ? newest : Long.MAX_VALUE;
    }

    /** All panes that have anything, ascending. */
    void panes(LongConsumer out) {
        stretches.forEach((number, stretch) -> {
            for (int rest = stretch.present(); rest != 0; rest &= rest - 1) {
                out.accept(number * STRETCH + Integer.numberOfTrailingZeros(rest));
            }
        });
        if (table != null) {
            out.accept(newest);
        }
    }

    /** Takes one pane. */
    interface Reader {

        /** @param tally a copy, or not to be changed */
        void read(long pane, Tally tally);
    }

    /** All panes that have anything, ascending. */
    void forEach(Reader out) {
        stretches.forEach((number, stretch) ->
                stretch.forEach((place, packed) -> out.read(number * STRETCH + place, Stretch.tally(packed))));
        if (table != null) {
            out.read(newest, table);
        }
    }

    /**
     * All bins of all panes of a range with their counts, pane by pane, ascending.
     *
     * @param to exclusive
     * @param ofPane what takes the bins of one pane
     */
    void forEachBin(long from, long to, LongFunction<Tally.Reader> ofPane) {
        for (Map.Entry<Long, Stretch> at : within(from, to).entrySet()) {
            at.getValue().forEach((place, packed) -> {
                long pane = at.getKey() * STRETCH + place;
                if (pane >= from && pane < to) {
                    Tally.Reader out = ofPane.apply(pane);
                    while (packed.next()) {
                        out.read(packed.bin(), packed.count());
                    }
                }
            });
        }
        if (table != null && newest >= from && newest < to) {
            table.forEach(ofPane.apply(newest));
        }
    }

    private Map<Long, Stretch> within(long from, long to) {
        return from >= to
                ? Map.of()
                : stretches.subMap(
                        Math.floorDiv(from, (long) STRETCH), true, Math.floorDiv(to - 1, (long) STRETCH), true);
    }

    /** Takes out all panes before this one, ascending. */
    void removeBefore(long pane, Reader out) {
        while (!stretches.isEmpty() && first() < pane) {
            Map.Entry<Long, Stretch> at = stretches.firstEntry();
            long begin = at.getKey() * STRETCH;
            at.getValue().forEach((place, packed) -> {
                if (begin + place < pane) {
                    out.read(begin + place, Stretch.tally(packed));
                }
            });
            if (paneOf(at, false) < pane) {
                stretches.remove(at.getKey());
            } else {
                at.getValue().removeBefore((int) (pane - begin));
            }
        }
        if (table != null && newest < pane) {
            out.read(newest, table);
            table = null;
        }
    }

    private static int placeOf(long pane) {
        return (int) Math.floorMod(pane, (long) STRETCH);
    }

    /** Takes the bytes of one stretch. */
    public interface StretchWriter<X extends Exception> {

        /** @param number the stretch has panes from sixteen times this on */
        void write(long number, byte[] bytes) throws X;
    }

    /** How many stretches there are to be written. */
    public int stretches() {
        return stretches.size()
                + (table != null && !stretches.containsKey(Math.floorDiv(newest, (long) STRETCH)) ? 1 : 0);
    }

    /** All stretches, ascending; equal tallies by pane have equal stretches. */
    public <X extends Exception> void write(StretchWriter<X> out) throws X {
        long ofTable = Math.floorDiv(newest, (long) STRETCH);
        boolean left = table != null;
        for (Map.Entry<Long, Stretch> at : stretches.entrySet()) {
            byte[] bytes = at.getValue().bytes;
            if (left && at.getKey() == ofTable) {
                bytes = withTable(bytes);
                left = false;
            }
            out.write(at.getKey(), bytes);
        }
        if (left) {
            out.write(ofTable, withTable(Stretch.NOTHING));
        }
    }

    private byte[] withTable(byte[] bytes) {
        Stretch whole = new Stretch();
        whole.bytes = bytes;
        if (table != null) {
            whole.add(placeOf(newest), table, 1);
        }
        return whole.bytes;
    }

    /** A stretch read back. */
    public void read(long number, byte[] bytes) {
        Stretch stretch = new Stretch();
        stretch.bytes = bytes;
        stretches.put(number, stretch);
    }

    /** Takes what is written apart from all else. */
    public interface PartWriter<X extends Exception> {

        /**
         * @param number of the stretch
         * @param isTable whether it is the newest pane alone, in a stretch that has the others of the same number
         * @param changed since {@link #written}, or since it was read
         */
        void write(long number, boolean isTable, boolean changed, Supplier<byte[]> bytes) throws X;
    }

    /** Says every stretch, and the newest pane where it is a table. */
    public <X extends Exception> void parts(PartWriter<X> out) throws X {
        for (Map.Entry<Long, Stretch> at : stretches.entrySet()) {
            Stretch stretch = at.getValue();
            out.write(at.getKey(), false, stretch.changed, () -> stretch.bytes);
        }
        if (table != null) {
            out.write(Math.floorDiv(newest, (long) STRETCH), true, tableChanged, () -> withTable(Stretch.NOTHING));
        }
    }

    /** The newest pane read back. */
    public void readTable(long number, byte[] bytes) {
        Stretch alone = new Stretch();
        alone.bytes = bytes;
        int place = Integer.numberOfTrailingZeros(alone.present());
        table = alone.take(place);
        newest = number * STRETCH + place;
        tableChanged = false;
    }

    /** From now on, parts are changed that differ from what they are now. */
    public void written() {
        stretches.values().forEach(stretch -> stretch.changed = false);
        tableChanged = false;
    }

    /** All are to be written, whatever was written before. */
    void unwritten() {
        stretches.values().forEach(stretch -> stretch.changed = true);
        tableChanged = true;
    }

    /** About how many bytes all parts have together. */
    public int bytes() {
        int bytes = table == null ? 0 : Long.BYTES * table.size();
        for (Stretch stretch : stretches.values()) {
            bytes += stretch.bytes.length;
        }
        return bytes;
    }

    /** Tallies by pane; a copy. */
    public TreeMap<Long, Tally> tallies() {
        TreeMap<Long, Tally> tallies = new TreeMap<>();
        forEach((pane, tally) -> {
            Tally copy = new Tally();
            copy.add(tally, 1);
            tallies.put(pane, copy);
        });
        return tallies;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PaneTallies that && that.tallies().equals(tallies());
    }

    @Override
    public int hashCode() {
        return tallies().hashCode();
    }

    @Override
    public String toString() {
        return tallies().toString();
    }

    /** Which of its panes have anything, a bit each; then of each of these its length in bytes, and {@link PackedBins}. */
    private static final class Stretch {
        private static final byte[] NOTHING = new byte[MASK_BYTES];

        private byte[] bytes = NOTHING;
        private boolean changed;

        int present() {
            return (bytes[0] & 0xff) << Byte.SIZE | bytes[1] & 0xff;
        }

        boolean isEmpty() {
            return present() == 0;
        }

        /** Takes one pane, of which it may read as much as it likes. */
        interface PackedReader {
            void read(int place, PackedBins.Reader packed);
        }

        void forEach(PackedReader out) {
            PackedBins.Reader lengths = new PackedBins.Reader(bytes, MASK_BYTES, bytes.length);
            for (int rest = present(); rest != 0; rest &= rest - 1) {
                int length = (int) lengths.number();
                int begin = lengths.position();
                out.read(Integer.numberOfTrailingZeros(rest), new PackedBins.Reader(bytes, begin, begin + length));
                lengths.skip(length);
            }
        }

        static Tally tally(PackedBins.Reader packed) {
            Tally tally = new Tally();
            while (packed.next()) {
                tally.add(packed.bin(), packed.count());
            }
            return tally;
        }

        /** Returns how many bins the pane has then. */
        int add(int place, Tally tally, int sign) {
            PackedBins.Reader before = find(place);
            int begin = before.position();
            int end = begin;
            PackedBins.Reader packed;
            if (has(place)) {
                int length = (int) before.number();
                end = before.position() + length;
                packed = new PackedBins.Reader(bytes, before.position(), end);
            } else {
                packed = new PackedBins.Reader(bytes, 0, 0);
            }
            PackedBins body = new PackedBins(end - begin + 4 * tally.size());
            int bins = body.merged(packed, tally, sign);
            replace(place, begin, end, bins == 0 ? null : body);
            return bins;
        }

        /** The table of a pane that it has, which it then has no more. */
        Tally take(int place) {
            PackedBins.Reader at = find(place);
            int begin = at.position();
            int length = (int) at.number();
            int end = at.position() + length;
            Tally tally = tally(new PackedBins.Reader(bytes, at.position(), end));
            replace(place, begin, end, null);
            return tally;
        }

        void removeBefore(int place) {
            int kept = present() & -1 << place;
            int begin = find(place).position();
            PackedBins left = new PackedBins(MASK_BYTES + bytes.length - begin);
            left.raw(mask(kept), 0, MASK_BYTES);
            left.raw(bytes, begin, bytes.length - begin);
            bytes = left.toBytes();
            changed = true;
        }

        private boolean has(int place) {
            return (present() & 1 << place) != 0;
        }

        /** Where the pane is, or would be. */
        private PackedBins.Reader find(int place) {
            PackedBins.Reader at = new PackedBins.Reader(bytes, MASK_BYTES, bytes.length);
            for (int i = Integer.bitCount(present() & (1 << place) - 1); i > 0; i--) {
                at.skip((int) at.number());
            }
            return at;
        }

        private void replace(int place, int begin, int end, @Nullable PackedBins body) {
            int bit = 1 << place;
            int length = body == null ? 0 : PackedBins.bytesOf(body.size()) + body.size();
            PackedBins all = new PackedBins(bytes.length - (end - begin) + length);
            all.raw(mask(body == null ? present() & ~bit : present() | bit), 0, MASK_BYTES);
            all.raw(bytes, MASK_BYTES, begin - MASK_BYTES);
            if (body != null) {
                all.number(body.size());
                body.writeTo(all);
            }
            all.raw(bytes, end, bytes.length - end);
            bytes = all.toBytes();
            changed = true;
        }

        private static byte[] mask(int present) {
            return new byte[] {(byte) (present >>> Byte.SIZE), (byte) present};
        }
    }
}
