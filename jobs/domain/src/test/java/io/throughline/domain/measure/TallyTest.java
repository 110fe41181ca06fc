package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TallyTest {

    @Test
    void addsAndSubtractsLikeAnOrdinaryMap() {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Tally tally = new Tally();
            Map<Long, Long> plain = new TreeMap<>();
            for (int i = 0; i < 2_000; i++) {
                // Few bins, so that they empty and return; some far apart, as hashes are.
                long bin = random.nextBoolean() ? random.nextInt(40) : random.nextInt(40) * 0x10001_0000_0001L;
                long count = random.nextInt(5) - 2;
                tally.add(bin, count);
                plain.merge(bin, count, Long::sum);
                plain.values().removeIf(value -> value == 0);
            }
            Map<Long, Long> read = new TreeMap<>();
            tally.forEach(read::put);
            assertThat(read).as("seed %d", seed).isEqualTo(plain);
            assertThat(tally.sum())
                    .isEqualTo(plain.values().stream().mapToLong(x -> x).sum());
            assertThat(tally.distinct())
                    .isEqualTo((int) plain.values().stream().filter(x -> x > 0).count());
            assertThat(tally.ascending())
                    .containsExactly(plain.entrySet().stream()
                            .filter(entry -> entry.getValue() > 0)
                            .mapToLong(Map.Entry::getKey)
                            .toArray());
        }
    }

    @Test
    void countsAsHighAsLongsGoAndBack() {
        Tally tally = new Tally();
        for (long bin = 0; bin < 50; bin++) {
            tally.add(bin * 0x10001_0000_0001L, 1);
        }
        tally.add(3, 127);
        tally.add(3, 1);
        tally.add(4, -129);
        tally.add(5, 1L << 40);
        assertThat(tally.count(3)).isEqualTo(128);
        assertThat(tally.count(4)).isEqualTo(-129);
        assertThat(tally.count(5)).isEqualTo(1L << 40);
        assertThat(tally.distinct()).isEqualTo(52);
        for (long bin = 0; bin < 50; bin++) {
            assertThat(tally.count(bin * 0x10001_0000_0001L)).isEqualTo(1);
        }
        tally.add(5, -(1L << 40));
        assertThat(tally.count(5)).isZero();
        assertThat(tally.sum()).isEqualTo(50 + 128 - 129);
    }

    @Test
    void aCopyGoesItsOwnWay() {
        Tally tally = new Tally();
        tally.add(1, 200);
        tally.add(2, 1);
        Tally copy = new Tally();
        copy.expect(1_000);
        copy.add(tally, 1);
        copy.add(2, -1);
        copy.add(3, 7);
        assertThat(tally).hasToString("{1=200, 2=1}");
        assertThat(copy).hasToString("{1=200, 3=7}");
    }

    @Test
    void isEmptyAgainOnceEverythingIsUndone() {
        Tally tally = new Tally();
        Tally other = new Tally();
        for (long bin = 0; bin < 100; bin++) {
            other.add(bin * bin, bin);
        }
        tally.add(other, 1);
        assertThat(tally).isEqualTo(other).hasSameHashCodeAs(other);
        tally.add(other, -1);
        assertThat(tally.isEmpty()).isTrue();
        assertThat(tally.sum()).isZero();
        assertThat(tally).isEqualTo(new Tally());
    }

    @Test
    void hidesABinWhoseCorrectionCameFirst() {
        Tally tally = new Tally();
        tally.add(7, -1);
        assertThat(tally.ascending()).isEmpty();
        assertThat(tally.isEmpty()).isFalse();
        tally.add(7, 1);
        assertThat(tally.isEmpty()).isTrue();
    }
}
