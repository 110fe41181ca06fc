package io.throughline.scenarios.simulator;

import org.jspecify.annotations.Nullable;

/** Bad afternoons: on some days a brand's service fails for a few hours, and the contact centre drowns. */
final class Outages {
    /** How many more contacts begin while an outage lasts. */
    static final double SURGE = 1.6;

    private static final int OUTAGE = 6;
    private final long seed;

    Outages(long seed) {
        this.seed = seed;
    }

    double surge(long time) {
        return strikes(time) == null ? 1 : SURGE;
    }

    /** The brand whose service is down at that moment. */
    Company.@Nullable Brand strikes(long time) {
        long day = Math.floorDiv(time, Rhythm.DAY);
        Dice dice = Dice.of(seed, OUTAGE, day);
        if (!dice.chance(0.25)) {
            return null;
        }
        long start = day * Rhythm.DAY + dice.between(7 * Rhythm.HOUR, 18 * Rhythm.HOUR);
        long end = start + dice.between(Rhythm.HOUR, 4 * Rhythm.HOUR);
        return time >= start && time < end ? dice.chance(0.7) ? Company.TELECOM : Company.BANK : null;
    }
}
