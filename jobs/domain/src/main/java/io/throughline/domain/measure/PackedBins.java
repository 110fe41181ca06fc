package io.throughline.domain.measure;

import java.util.Arrays;

/**
 * Tallies as bytes, bins ascending, each as its distance from the one before: six bits of it in the first byte, seven in the
 * others, lowest first, the high bit saying that more follow. The lowest bit of the first byte says whether a count follows;
 * without one the bin was seen once. Equal tallies have equal bytes.
 */
final class PackedBins {
    private static final int MORE = 0x80;

    private byte[] bytes;
    private int size;

    PackedBins(int room) {
        bytes = new byte[room];
    }

    int size() {
        return size;
    }

    byte[] toBytes() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    private void octet(int value) {
        if (size == bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(16, size * 2));
        }
        bytes[size++] = (byte) value;
    }

    void raw(byte[] from, int offset, int length) {
        if (size + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + length, size * 2));
        }
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    void writeTo(PackedBins out) {
        out.raw(bytes, 0, size);
    }

    /** How many bytes {@link #number} takes for one that is not negative. */
    static int bytesOf(int number) {
        return (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(number | 1)) / 7 + 1;
    }

    /** Seven bits a byte, lowest first. */
    void number(long value) {
        long rest = value;
        while ((rest & -MORE) != 0) {
            octet((int) rest | MORE);
            rest >>>= 7;
        }
        octet((int) rest);
    }

    /** @param distance from the bin before, never negative but where it does not fit into 63 bits */
    private void bin(long distance, long count) {
        long rest = distance >>> 6;
        octet((int) (distance & 0x3f) << 1 | (count == 1 ? 0 : 1) | (rest == 0 ? 0 : MORE));
        if (rest != 0) {
            number(rest);
        }
        if (count != 1) {
            number(folded(count));
        }
    }

    private static long folded(long number) {
        return number << 1 ^ number >> 63;
    }

    /** Writes bins in their order. */
    private final class Writer {
        private boolean any;
        private long last;

        void put(long bin, long count) {
            if (count != 0) {
                bin(any ? bin - last : folded(bin), count);
                any = true;
                last = bin;
            }
        }
    }

    /** Writes what is left to be read and {@code sign} times a tally, in one; returns how many bins that are. */
    int merged(Reader packed, Tally tally, int sign) {
        Writer writer = new Writer();
        int bins = 0;
        long[] more = tally.bins();
        int next = 0;
        boolean left = packed.next();
        while (left || next < more.length) {
            if (next == more.length || (left && packed.bin() < more[next])) {
                writer.put(packed.bin(), packed.count());
                bins++;
                left = packed.next();
            } else {
                long bin = more[next];
                long count = sign * tally.count(next++, bin);
                if (left && packed.bin() == bin) {
                    count += packed.count();
                    left = packed.next();
                }
                writer.put(bin, count);
                bins += count == 0 ? 0 : 1;
            }
        }
        return bins;
    }

    /** Reads the bins of one tally, ascending. */
    static final class Reader {
        private final byte[] bytes;
        private final int to;
        private int at;
        private boolean any;
        private long bin;
        private long count;

        Reader(byte[] bytes, int from, int to) {
            this.bytes = bytes;
            this.at = from;
            this.to = to;
        }

        int position() {
            return at;
        }

        void skip(int length) {
            at += length;
        }

        /** Moves to the next bin, if there is one. */
        boolean next() {
            if (at >= to) {
                return false;
            }
            int first = bytes[at++];
            long distance = first >> 1 & 0x3f;
            if (first < 0) {
                distance |= number() << 6;
            }
            bin = any ? bin + distance : unfolded(distance);
            any = true;
            count = (first & 1) == 0 ? 1 : unfolded(number());
            return true;
        }

        long bin() {
            return bin;
        }

        long count() {
            return count;
        }

        long number() {
            long value = 0;
            for (int shift = 0; shift < 70; shift += 7) {
                int b = bytes[at++];
                value |= (long) (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw new IllegalStateException("a number takes at most ten bytes");
        }

        private static long unfolded(long value) {
            return value >>> 1 ^ -(value & 1);
        }
    }
}
