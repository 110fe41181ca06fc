package io.throughline.scenarios.simulator;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Decides after which good records a bad one follows, so that bad ones make up the share that was asked for. */
final class BadInput {
    private static final int BAD = 7;

    private final double afterEach;
    private final Fault[] faults;
    private final double[] weights;
    private final Dice dice;

    /** @param share of all records, 0 to 0.9 */
    BadInput(long seed, double share, Wire.Form form) {
        this.dice = Dice.of(seed, BAD, 0);
        this.afterEach = share / (1 - share);
        this.faults = Arrays.stream(Fault.values())
                .filter(fault -> fault.possibleIn(form))
                .toArray(Fault[]::new);
        this.weights = Arrays.stream(faults).mapToDouble(Fault::weight).toArray();
    }

    /** How many bad records follow the good one just written. */
    int next() {
        int sure = (int) afterEach;
        return sure + (dice.chance(afterEach - sure) ? 1 : 0);
    }

    Fault pick() {
        return faults[dice.weighted(weights)];
    }

    byte @Nullable [] spoil(Fault fault, Emission good, Wire wire) {
        return fault.spoil(good.touchpoint(), wire, dice);
    }
}
