package io.throughline.scenarios.simulator;

/**
 * How much of the past is written. What a crowd at full rate does in twenty minutes, or a small one in days, can be more
 * than those who take it can take at once; then only one in so many episodes is written, each of them whole. Those
 * that reach into the present are written from then on.
 *
 * @param quietOneIn of the episodes before the full rate, one in this many is written
 * @param steadyFrom from then on the rate is full, epoch milliseconds
 * @param steadyOneIn of the episodes after that
 * @param until the present, epoch milliseconds
 */
record Past(long quietOneIn, long steadyFrom, long steadyOneIn, long until) {
    static final Past WHOLE = new Past(1, Long.MIN_VALUE, 1, Long.MIN_VALUE);

    /** Half of the limit for the time at full rate, half for that before it. */
    static Past of(Scale scale, long now, int limit) {
        double half = Math.max(1, limit / 2.0);
        double quiet = scale.perSecond() * Math.max(0, scale.steadyFrom() - scale.from()) / 1000;
        double steady = scale.steadyPerSecond() * Math.max(0, now - scale.steadyFrom()) / 1000;
        return new Past(oneIn(quiet, half), scale.steadyFrom(), oneIn(steady, half), now);
    }

    private static long oneIn(double expected, double most) {
        return Math.max(1, (long) Math.ceil(expected / most));
    }

    /** Stories are short and always whole. */
    boolean leavesOut(Emission emission) {
        if (emission.written() >= until || emission.person() == null) {
            return false;
        }
        long oneIn = emission.written() < steadyFrom ? quietOneIn : steadyOneIn;
        return oneIn > 1 && Math.floorMod(emission.episode().hashCode(), oneIn) != 0;
    }
}
