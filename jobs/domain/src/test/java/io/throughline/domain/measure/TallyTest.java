package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    void countsWhatItWasToldInOrderLikeWhatItWasToldInAny() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            TreeMap<Long, Long> plain = new TreeMap<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                plain.put(random.nextLong() >> random.nextInt(64), 1L + random.nextInt(300) * random.nextInt(2));
            }
            Tally any = new Tally();
            List<Long> shuffled = new ArrayList<>(plain.keySet());
            Collections.shuffle(shuffled, random);
            shuffled.forEach(bin -> any.add(bin, plain.get(bin)));
            Tally inOrder = Tally.ascending(plain.size());
            plain.forEach(inOrder::add);
            Tally copy = new Tally();
            copy.add(inOrder, 1);
            assertThat(inOrder).as("seed %d", seed).isEqualTo(any).isEqualTo(copy);
            assertThat(any).isEqualTo(inOrder);
            assertThat(inOrder.bins()).containsExactly(any.bins());
            assertThat(inOrder.ascending()).containsExactly(any.ascending());
            assertThat(inOrder.count(4_711)).isEqualTo(any.count(4_711));

            Tally more = new Tally();
            for (int i = 0; i < 30; i++) {
                long bin = i % 2 == 0 && !shuffled.isEmpty() ? shuffled.get(i % shuffled.size()) : random.nextInt(99);
                more.add(bin, random.nextInt(7) - 3);
            }
            inOrder.add(more, 1);
            any.add(more, 1);
            assertThat(inOrder).as("seed %d, added to", seed).isEqualTo(any);
            assertThat(inOrder.bins()).containsExactly(any.bins());
            copy.add(more, -1);
            copy.add(more, 1);
            copy.add(more, 1);
            assertThat(copy).as("seed %d, the copy", seed).isEqualTo(any);
        }
    }

    @Test
    void addsAndSubtractsAListLikeATable() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            TreeMap<Long, Long> others = counts(random, 60);
            TreeMap<Long, Long> own = counts(random, seed % 3 == 0 ? 2 : 60);
            int sign = random.nextBoolean() ? 1 : -1;
            // Some cancel out.
            others.forEach((bin, count) -> {
                if (random.nextInt(3) == 0) {
                    own.put(bin, -sign * count);
                }
            });
            Tally list = inOrder(own);
            Tally table = new Tally();
            own.forEach(table::add);
            list.add(inOrder(others), sign);
            table.add(inOrder(others), sign);

            TreeMap<Long, Long> plain = new TreeMap<>(own);
            others.forEach((bin, count) -> plain.merge(bin, sign * count, Long::sum));
            plain.values().removeIf(count -> count == 0);
            for (Tally sum : List.of(list, table)) {
                Map<Long, Long> read = new TreeMap<>();
                sum.forEach(read::put);
                assertThat(read).as("seed %d", seed).isEqualTo(plain);
                assertThat(sum).isEqualTo(inOrder(plain));
                assertThat(sum.sum())
                        .isEqualTo(plain.values().stream().mapToLong(x -> x).sum());
                sum.add(4_711, 1);
                assertThat(sum.count(4_711)).isEqualTo(plain.getOrDefault(4_711L, 0L) + 1);
            }
        }
    }

    private static TreeMap<Long, Long> counts(Random random, int most) {
        TreeMap<Long, Long> counts = new TreeMap<>();
        for (int i = random.nextInt(most); i > 0; i--) {
            counts.put((long) random.nextInt(100), 1L + random.nextInt(200) * random.nextInt(2));
        }
        return counts;
    }

    private static Tally inOrder(TreeMap<Long, Long> counts) {
        Tally tally = Tally.ascending(counts.size());
        counts.forEach(tally::add);
        return tally;
    }

    @Test
    void leavesWhatWasCopiedFromItAlone() {
        Tally told = Tally.ascending(3);
        told.add(1, 1);
        told.add(5, 200);
        Tally early = new Tally();
        early.add(told, 1);
        told.add(9, -1);
        Tally late = new Tally();
        late.add(told, 1);
        told.add(5, 1);
        assertThat(early).hasToString("{1=1, 5=200}");
        assertThat(late.count(9)).isEqualTo(-1);
        assertThat(late.count(5)).isEqualTo(200);
        assertThat(told.count(5)).isEqualTo(201);
        assertThat(late.distinct()).isEqualTo(2);
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
