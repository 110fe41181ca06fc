package io.throughline.domain.measure;

/**
 * How often each of some integer bins was seen, to be read. A count may be below zero for the moment, where a correction
 * overtook what it corrects.
 */
interface Counts {

    long count(long bin);

    /** Over all bins. */
    long sum();

    /** Bins seen more often than not. */
    int distinct();

    /** Whether no bin has any count, also below zero. */
    boolean isEmpty();

    /** The bins with a count above zero, ascending. */
    long[] ascending();

    /** The counts of what {@link #ascending} says, or of the rest of it. */
    default long[] counts(long[] bins) {
        long[] counts = new long[bins.length];
        for (int i = 0; i < bins.length; i++) {
            counts[i] = count(bins[i]);
        }
        return counts;
    }

    /** In no particular order. */
    void forEach(Tally.Reader reader);
}
