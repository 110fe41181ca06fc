package io.throughline.domain.measure;

/**
 * A fixed logarithmic histogram of durations: milliseconds below 256 have a bin each, then every doubling has 128, so
 * that a value read back is within 0.4 % of what was measured. Integers only, and no bin ever depends on others, so bins
 * of panes can be added and subtracted.
 */
final class DurationBins {
    private static final int BITS = 7;

    /** @param ms not negative */
    static long bin(long ms) {
        int shift = Math.max(0, 63 - Long.numberOfLeadingZeros(ms | 1) - BITS);
        return ((long) shift << BITS) + (ms >>> shift);
    }

    /** The middle of a bin, milliseconds. */
    static long middle(long bin) {
        int shift = (int) Math.max(0, (bin >>> BITS) - 1);
        long lowest = (bin - ((long) shift << BITS)) << shift;
        return lowest + ((1L << shift) - 1) / 2;
    }

    private DurationBins() {}
}
