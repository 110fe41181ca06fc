package io.throughline.domain.touchpoint;

/**
 * A touchpoint that begins or ceases to belong to a customer. A move from X to Y is two of them: -1 for X, +1 for Y;
 * readers must accept them in any order, so they count signs per touchpoint_id and sequence.
 *
 * @param sign +1: belongs to the customer from now on; -1: undoes the +1 with the same sequence
 * @param sequence grows with every attribution of one touchpoint_id; the highest one with sign +1 is the current one
 */
public record Attribution(String customerId, Touchpoint touchpoint, int sign, long sequence) {

    /** Sequences of one generation; far more than a touchpoint can move within its horizon. */
    private static final int GENERATION_BITS = 28;

    /** The sequence from which on those of a generation are. */
    public static long firstSequence(int generation) {
        return (long) generation << GENERATION_BITS;
    }

    /** A sequence above that of every attribution of a generation. */
    public static long lastSequence(int generation) {
        return firstSequence(generation + 1) - 1;
    }

    /** The generation a sequence is of. */
    public static int generation(long sequence) {
        return (int) (sequence >> GENERATION_BITS);
    }
}
