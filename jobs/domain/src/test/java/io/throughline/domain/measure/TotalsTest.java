package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TotalsTest {

    @Test
    void eachWindowCountsWhatATallyOfItsOwnWould() {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int windows = seed % 2 == 0 ? 1 + random.nextInt(8) : Totals.MOST_WINDOWS - seed / 2 % 3;
            int all = -1 >>> Integer.SIZE - windows;
            Totals totals = new Totals(windows);
            List<Tally> plain = new ArrayList<>();
            for (int window = 0; window < windows; window++) {
                plain.add(new Tally());
            }
            long most = seed % 3 == 0 ? 2 : seed % 3 == 1 ? 300 : 1L << 40;
            for (int i = 0; i < 3_000; i++) {
                // Few bins, so that they empty and return; some far apart, as hashes are.
                long bin = random.nextBoolean() ? random.nextInt(40) : random.nextInt(40) * 0x10001_0000_0001L;
                long count = random.nextLong(2 * most + 1) - most;
                // All of them, so that a bin stands in as many windows as there are.
                int into = random.nextInt(4) == 0 ? all : random.nextInt() & all;
                totals.add(bin, count, into);
                for (int window = 0; window < windows; window++) {
                    if ((into & 1 << window) != 0) {
                        plain.get(window).add(bin, count);
                    }
                }
                if (random.nextInt(100) == 0) {
                    int window = random.nextInt(windows);
                    Tally expected = plain.get(window);
                    long[] ascending = totals.of(window).ascending();
                    assertThat(ascending).isEqualTo(expected.ascending());
                    long[] rest = Arrays.copyOfRange(ascending, Math.min(1, ascending.length), ascending.length);
                    assertThat(totals.of(window).counts(rest)).isEqualTo(expected.counts(rest));
                }
            }
            for (int window = 0; window < windows; window++) {
                Counts counts = totals.of(window);
                Tally expected = plain.get(window);
                assertThat(read(counts)).as("seed %d", seed).isEqualTo(read(expected));
                assertThat(counts.sum()).isEqualTo(expected.sum());
                assertThat(counts.distinct()).isEqualTo(expected.distinct());
                assertThat(counts.ascending()).isEqualTo(expected.ascending());
                assertThat(counts.isEmpty()).isEqualTo(expected.isEmpty());
                assertThat(counts.count(3)).isEqualTo(expected.count(3));
                assertThat(counts.count(41)).isZero();
            }
            totals.clear();
            assertThat(totals.of(0).isEmpty()).isTrue();
            assertThat(totals.of(0).count(3)).isZero();
            totals.add(3, 1, 1);
            assertThat(totals.of(0).ascending()).containsExactly(3);
        }
    }

    /** Places in a large table are looked at before anything is added, some blocks of bins long. */
    @Test
    void manyBinsAddedTogetherCountWhatEachByItselfDoes() {
        Random random = new Random(7);
        Totals totals = new Totals(2);
        Totals oneByOne = new Totals(2);
        Tally sum = new Tally();
        Tally sumOneByOne = new Tally();
        for (int i = 0; i < 40; i++) {
            Tally some = new Tally();
            for (int more = random.nextInt(400); more > 0; more--) {
                some.add(random.nextInt(3_000) * 0x10001_0000_0001L, random.nextInt(300) - 100);
            }
            int into = 1 + random.nextInt(3);
            totals.add(some, into);
            sum.add(some, 1);
            some.forEach((bin, count) -> {
                oneByOne.add(bin, count, into);
                sumOneByOne.add(bin, count);
            });
        }
        assertThat(read(totals.of(0))).isEqualTo(read(oneByOne.of(0)));
        assertThat(read(totals.of(1))).isEqualTo(read(oneByOne.of(1)));
        assertThat(sum).isEqualTo(sumOneByOne);
    }

    private static Map<Long, Long> read(Counts counts) {
        Map<Long, Long> read = new HashMap<>();
        counts.forEach(read::put);
        return read;
    }
}
