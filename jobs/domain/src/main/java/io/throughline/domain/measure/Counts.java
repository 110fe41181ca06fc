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

    /** In no particular order. */
    void forEach(Tally.Reader reader);
}
