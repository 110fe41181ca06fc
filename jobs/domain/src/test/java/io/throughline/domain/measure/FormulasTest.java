package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FormulasTest {

    @Test
    void countsPassivesInTheDenominatorOfNetPromoter() {
        Estimate nps = Formulas.netPromoter(50, 20, 100);
        assertThat(nps.value()).isEqualTo(30);
        // SE = 100 sqrt((0.5 + 0.2 - 0.09) / 100) = 7.8102
        assertThat(nps.low()).isCloseTo(30 - 1.96 * 7.8102, within(1e-3));
        assertThat(nps.high()).isCloseTo(30 + 1.96 * 7.8102, within(1e-3));
    }

    @Test
    void keepsTheIntervalOfAShareInsideItsBounds() {
        Estimate none = Formulas.share(0, 10);
        assertThat(none.low()).isZero();
        // Wilson: z^2 / (n + z^2)
        assertThat(none.high()).isCloseTo(100 * 3.8416 / 13.8416, within(1e-9));
        Estimate all = Formulas.share(10, 10);
        assertThat(all.low()).isCloseTo(100 * 10 / 13.8416, within(1e-9));
        assertThat(all.high()).isEqualTo(100);
        Estimate most = Formulas.share(81, 263);
        // The worked example of Newcombe (1998), method 3: 0.2553 to 0.3662.
        assertThat(most.low()).isCloseTo(25.53, within(0.005));
        assertThat(most.high()).isCloseTo(36.62, within(0.005));
    }

    @Test
    void givesASingleAnswerNoIntervalOfTheMean() {
        Estimate one = Formulas.mean(new long[] {4_000_000}, new long[] {1}, 1e6);
        assertThat(one).isEqualTo(new Estimate(4, 1, null, null));
    }

    @Test
    void takesTheSpreadOfAMeanFromTheSample() {
        Estimate mean = Formulas.mean(new long[] {1, 3, 5}, new long[] {1, 1, 1}, 1);
        assertThat(mean.value()).isEqualTo(3);
        assertThat(mean.low()).isCloseTo(3 - 1.96 * 2 / Math.sqrt(3), within(1e-9));
        assertThat(mean.high()).isCloseTo(3 + 1.96 * 2 / Math.sqrt(3), within(1e-9));
    }

    @Test
    void sumsExactlyAlsoWhatALongDoesNotHold() {
        Random random = new Random(5);
        for (int i = 0; i < 2_000; i++) {
            // From small numbers to products and sums beyond 64 bits, of either sign.
            long[] values = random.longs(random.nextInt(6))
                    .map(value -> value >> random.nextInt(64))
                    .toArray();
            long[] counts = random.longs(values.length)
                    .map(count -> count >> random.nextInt(64))
                    .toArray();
            BigInteger expected = BigInteger.ZERO;
            for (int k = 0; k < values.length; k++) {
                expected = expected.add(BigInteger.valueOf(values[k]).multiply(BigInteger.valueOf(counts[k])));
            }
            assertThat(Formulas.sum(values, counts)).isEqualTo(expected);
        }
    }

    @Test
    void picksQuantilesByNearestRank() {
        long[] values = {10, 20, 30, 40};
        long[] counts = {1, 1, 1, 1};
        assertThat(Formulas.quantile(values, counts, 50).value()).isEqualTo(20);
        assertThat(Formulas.quantile(values, counts, 90).value()).isEqualTo(40);
        assertThat(Formulas.quantile(values, counts, 75).value()).isEqualTo(30);
    }

    @Test
    void boundsAQuantileByRanks() {
        long[] values = new long[100];
        long[] counts = new long[100];
        for (int i = 0; i < 100; i++) {
            values[i] = i + 1;
            counts[i] = 1;
        }
        // 50 - 9.8 and 50 + 9.8, rounded up.
        Estimate median = Formulas.quantile(values, counts, 50);
        assertThat(median).isEqualTo(new Estimate(50, 100, 41.0, 60.0));
    }

    @Test
    void saysNothingAboutNothing() {
        assertThat(Formulas.netPromoter(0, 0, 0)).isNull();
        assertThat(Formulas.share(0, 0)).isNull();
        assertThat(Formulas.mean(new long[0], new long[0], 1)).isNull();
        assertThat(Formulas.quantile(new long[0], new long[0], 50)).isNull();
    }
}
