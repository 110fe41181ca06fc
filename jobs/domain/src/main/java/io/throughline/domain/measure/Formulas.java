package io.throughline.domain.measure;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The formulas, free of everything but numbers. Each returns null where nothing was observed. */
final class Formulas {
    private static final double Z = 1.96;

    /**
     * 100 (P - D) / n with the standard error 100 sqrt((p + d - (p - d)^2) / n). The interval is the plain normal one:
     * with few answers it may reach beyond -100 and 100, which says that they are too few.
     *
     * @param n all answers, passives too
     */
    static @Nullable Estimate netPromoter(long promoters, long detractors, long n) {
        if (n <= 0) {
            return null;
        }
        double p = (double) promoters / n;
        double d = (double) detractors / n;
        double value = 100.0 * (promoters - detractors) / n;
        double error = 100 * Math.sqrt(Math.max(0, p + d - (p - d) * (p - d)) / n);
        return new Estimate(value, n, value - Z * error, value + Z * error);
    }

    /** A share in percent with the Wilson score interval. */
    static @Nullable Estimate share(long part, long n) {
        if (n <= 0) {
            return null;
        }
        double p = (double) part / n;
        double centre = p + Z * Z / (2 * n);
        double spread = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4.0 * n * n));
        double scale = 100 / (1 + Z * Z / n);
        double low = part == 0 ? 0 : (centre - spread) * scale;
        double high = part == n ? 100 : (centre + spread) * scale;
        return new Estimate(100.0 * part / n, n, low, high);
    }

    /**
     * The mean with its normal interval, mean +- 1.96 s / sqrt(n) where s is the sample's standard deviation; one
     * observation has no interval. The sum is exact.
     *
     * @param values ascending, in {@code unit}ths
     * @param counts how often each was seen
     */
    static @Nullable Estimate mean(long[] values, long[] counts, double unit) {
        long n = n(counts);
        if (n <= 0) {
            return null;
        }
        double mean = sum(values, counts).doubleValue() / n;
        if (n == 1) {
            return new Estimate(mean / unit, n, null, null);
        }
        double error = Math.sqrt(squares(values, counts, mean) / (n - 1) / n);
        return new Estimate(mean / unit, n, (mean - Z * error) / unit, (mean + Z * error) / unit);
    }

    /**
     * The difference of two means, with less without, with the normal interval of a difference of independent means; none
     * where one of them rests on a single observation. n is the observations behind both.
     */
    static @Nullable Estimate difference(
            long[] with, long[] withCounts, long[] without, long[] withoutCounts, double unit) {
        long n = n(withCounts);
        long m = n(withoutCounts);
        if (n <= 0 || m <= 0) {
            return null;
        }
        double mean = sum(with, withCounts).doubleValue() / n;
        double other = sum(without, withoutCounts).doubleValue() / m;
        double effect = (mean - other) / unit;
        if (n == 1 || m == 1) {
            return new Estimate(effect, n + m, null, null);
        }
        double error = Math.sqrt(squares(with, withCounts, mean) / (n - 1) / n
                        + squares(without, withoutCounts, other) / (m - 1) / m)
                / unit;
        return new Estimate(effect, n + m, effect - Z * error, effect + Z * error);
    }

    static long n(long[] counts) {
        long n = 0;
        for (long count : counts) {
            n += count;
        }
        return n;
    }

    /** Exact whatever the values are. */
    static BigInteger sum(long[] values, long[] counts) {
        long sum = 0;
        for (int i = 0; i < values.length; i++) {
            long product = values[i] * counts[i];
            long more = sum + product;
            boolean fits = Math.multiplyHigh(values[i], counts[i]) == product >> Long.SIZE - 1
                    && ((sum ^ more) & (product ^ more)) >= 0;
            if (!fits) {
                return BigInteger.valueOf(sum).add(largeSum(values, counts, i));
            }
            sum = more;
        }
        return BigInteger.valueOf(sum);
    }

    private static BigInteger largeSum(long[] values, long[] counts, int from) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = from; i < values.length; i++) {
            sum = sum.add(BigInteger.valueOf(values[i]).multiply(BigInteger.valueOf(counts[i])));
        }
        return sum;
    }

    private static double squares(long[] values, long[] counts, double mean) {
        double squares = 0;
        for (int i = 0; i < values.length; i++) {
            squares += counts[i] * (values[i] - mean) * (values[i] - mean);
        }
        return squares;
    }

    /**
     * The nearest-rank quantile, the value at rank ceil(q n), between the values at the ranks ceil(q n - 1.96 s) and
     * ceil(q n + 1.96 s), s = sqrt(n q (1 - q)): the binomial interval of an order statistic, which assumes no
     * distribution. Ranks end at 1 and n.
     *
     * @param values ascending
     * @param percent q in percent, so that ranks are computed without rounding
     */
    static @Nullable Estimate quantile(long[] values, long[] counts, int percent) {
        return quantile(percent, values, intoRanks(counts.clone()));
    }

    /** The same array: of each value, ascending, its highest rank in the place of its count. */
    static long[] intoRanks(long[] counts) {
        for (int i = 1; i < counts.length; i++) {
            counts[i] += counts[i - 1];
        }
        return counts;
    }

    /** @param ranks of the values, where more than one quantile is asked for */
    static @Nullable Estimate quantile(int percent, long[] values, long[] ranks) {
        long n = ranks.length == 0 ? 0 : ranks[ranks.length - 1];
        if (n <= 0) {
            return null;
        }
        double q = percent / 100.0;
        double spread = Z * Math.sqrt(n * q * (1 - q));
        long rank = (n * percent + 99) / 100;
        long low = Math.max(1, (long) Math.ceil(n * q - spread));
        long high = Math.min(n, (long) Math.ceil(n * q + spread));
        return new Estimate(
                at(rank, values, ranks), n, (double) at(low, values, ranks), (double) at(high, values, ranks));
    }

    private static long at(long rank, long[] values, long[] ranks) {
        int from = 0;
        int to = ranks.length - 1;
        while (from < to) {
            int middle = from + to >>> 1;
            if (ranks[middle] < rank) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        return values[from];
    }

    private Formulas() {}
}
