package io.throughline.domain.measure;

import org.jspecify.annotations.Nullable;

/**
 * A value with what it rests on.
 *
 * @param n observations behind it, at least 1
 * @param low lower end of the 95 % interval; null where none is defined
 */
record Estimate(double value, long n, @Nullable Double low, @Nullable Double high) {

    static Estimate count(long value, long n) {
        return new Estimate(value, n, null, null);
    }
}
