package io.throughline.scenarios.simulator;

/**
 * What is simulated.
 *
 * @param seed the same seed and scale give the same emissions, byte for byte
 * @param customers people there could be, 0 to 500,000
 * @param from where virtual time begins, epoch milliseconds
 * @param until where it ends, epoch milliseconds; nothing is written later
 * @param perSecond touchpoints per second of virtual time, on the average of a week
 * @param steadyFrom from then on {@link #steadyPerSecond} without daily rhythm; {@link Long#MAX_VALUE}: never
 * @param duplicates share of touchpoints that are written twice, 0 to 0.5
 */
public record Scale(
        long seed,
        int customers,
        long from,
        long until,
        double perSecond,
        long steadyFrom,
        double steadyPerSecond,
        double duplicates) {

    /** Touchpoints an average customer has a day, where nothing else is asked for. */
    public static final double PER_CUSTOMER_AND_DAY = 3;

    public Scale {
        if (customers < 0 || customers > Names.MOST) {
            throw new IllegalArgumentException("customers must be 0 to " + Names.MOST + ", was " + customers);
        }
        if (until < from) {
            throw new IllegalArgumentException("the end must not be before the beginning");
        }
        if (!(duplicates >= 0 && duplicates <= 0.5)) {
            throw new IllegalArgumentException("the share of duplicates must be 0 to 0.5, was " + duplicates);
        }
    }

    /** That many customers for that long, in virtual time only. */
    public static Scale of(long seed, int customers, long from, long until) {
        return new Scale(
                seed, customers, from, until, customers * PER_CUSTOMER_AND_DAY / 86_400, Long.MAX_VALUE, 0, 0.005);
    }

    double intensity(long time) {
        return time >= steadyFrom ? steadyPerSecond : perSecond * Rhythm.at(time);
    }
}
