package io.throughline.scenarios.simulator;

import java.util.List;

/**
 * Seeded chance. Own SplitMix64 and {@link StrictMath} instead of the JDK's generators, because the same seed must give
 * the same bytes on every JDK and processor.
 */
final class Dice {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private long state;

    Dice(long seed) {
        this.state = seed;
    }

    /** Independent dice for one thing (a customer, an episode), whatever was thrown before. */
    static Dice of(long seed, long stream, long index) {
        return new Dice(mix(mix(seed + GOLDEN * stream) + GOLDEN * index));
    }

    static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    long next() {
        state += GOLDEN;
        return mix(state);
    }

    /** In [0, 1). */
    double unit() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    boolean chance(double probability) {
        return unit() < probability;
    }

    /** In [from, to], both included. */
    int between(int from, int to) {
        return from + (int) (unit() * (to - from + 1));
    }

    /** In [from, to). */
    long between(long from, long to) {
        return from + (long) (unit() * (to - from));
    }

    <T> T pick(List<T> from) {
        return from.get((int) (unit() * from.size()));
    }

    /** Index drawn in proportion to the weights. */
    int weighted(double... weights) {
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double left = unit() * total;
        for (int i = 0; i < weights.length - 1; i++) {
            left -= weights[i];
            if (left < 0) {
                return i;
            }
        }
        return weights.length - 1;
    }

    /** Standard normal. */
    double normal() {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - unit()));
        return radius * StrictMath.cos(2 * StrictMath.PI * unit());
    }

    /** Waiting time of a Poisson process with that mean. */
    double exponential(double mean) {
        return -mean * StrictMath.log(1 - unit());
    }

    /** Log-normal with that median; {@code spread} is the standard deviation of the logarithm. */
    double around(double median, double spread) {
        return median * StrictMath.exp(spread * normal());
    }
}
