package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PaneTalliesTest {

    @Test
    void holdsWhatAnOrdinaryMapOfTalliesHolds() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            PaneTallies packed = new PaneTallies();
            TreeMap<Long, Tally> plain = new TreeMap<>();
            long newest = random.nextInt(1_000) - 500;
            for (int i = 0; i < 400; i++) {
                newest += random.nextInt(6) == 0 ? random.nextInt(5) : 0;
                long pane = newest - (random.nextInt(3) == 0 ? random.nextInt(60) : 0);
                Tally tally = some(random, seed % 3 == 0 ? 60 : 4);
                int sign = random.nextInt(4) == 0 ? -1 : 1;
                packed.add(pane, tally, sign);
                add(plain, pane, tally, sign);
                if (random.nextInt(20) == 0) {
                    long before = newest - random.nextInt(80);
                    Map<Long, Tally> removed = new TreeMap<>();
                    packed.removeBefore(before, removed::put);
                    assertThat(removed).as("seed %d", seed).isEqualTo(new TreeMap<>(plain.headMap(before)));
                    plain.headMap(before).clear();
                }
                assertThat(packed.isEmpty()).isEqualTo(plain.isEmpty());
                if (!plain.isEmpty()) {
                    long from = newest - random.nextInt(80);
                    assertThat(packed.first()).isEqualTo(plain.firstKey());
                    assertThat(packed.last()).isEqualTo(plain.lastKey());
                    Long ceiling = plain.ceilingKey(from);
                    assertThat(packed.from(from)).isEqualTo(ceiling == null ? Long.MAX_VALUE : ceiling);
                }
            }
            assertThat(packed.tallies()).as("seed %d", seed).isEqualTo(plain);
            List<Long> panes = new ArrayList<>();
            packed.panes(panes::add);
            assertThat(panes).containsExactlyElementsOf(plain.keySet());
            long from = newest - 40;
            Map<String, Long> bins = new HashMap<>();
            packed.forEachBin(from, newest, pane -> (bin, count) -> bins.merge(pane + ":" + bin, count, Long::sum));
            Map<String, Long> expected = new HashMap<>();
            plain.subMap(from, newest)
                    .forEach((pane, tally) -> tally.forEach((bin, count) -> expected.put(pane + ":" + bin, count)));
            assertThat(bins).isEqualTo(expected);
        }
    }

    /** However it was come by: what is written does not tell. */
    @Test
    void equalTalliesAreEqualBytesAndAreReadBack() {
        Random random = new Random(5);
        List<Map.Entry<Long, Tally>> facts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            facts.add(Map.entry((long) random.nextInt(50), some(random, 40)));
        }
        PaneTallies forwards = new PaneTallies();
        PaneTallies backwards = new PaneTallies();
        for (int i = 0; i < facts.size(); i++) {
            Map.Entry<Long, Tally> last = facts.get(facts.size() - 1 - i);
            forwards.add(facts.get(i).getKey(), facts.get(i).getValue(), 1);
            backwards.add(last.getKey(), last.getValue(), 1);
        }
        Map<Long, List<Byte>> written = bytes(forwards);
        assertThat(bytes(backwards)).isEqualTo(written);
        assertThat(written).hasSize(forwards.stretches()).hasSize(4);
        PaneTallies read = new PaneTallies();
        forwards.write(read::read);
        assertThat(read).isEqualTo(forwards).hasSameHashCodeAs(backwards);
        facts.forEach(fact -> read.add(fact.getKey(), fact.getValue(), -1));
        assertThat(read.isEmpty()).isTrue();
        assertThat(read.stretches()).isZero();
    }

    @Test
    void countsAndBinsAsLargeAsLongsAreKept() {
        Tally tally = new Tally();
        for (long bin :
                new long[] {Long.MIN_VALUE, Long.MIN_VALUE + 1, -65, -1, 0, 1, 63, 64, 1L << 40, Long.MAX_VALUE}) {
            tally.add(bin, bin % 3 == 0 ? 1 : bin | 1);
        }
        PaneTallies panes = new PaneTallies();
        panes.add(-17, tally, 1);
        assertThat(panes.tallies()).isEqualTo(new TreeMap<>(Map.of(-17L, tally)));
    }

    private static Map<Long, List<Byte>> bytes(PaneTallies panes) {
        Map<Long, List<Byte>> all = new TreeMap<>();
        panes.write((number, bytes) -> {
            List<Byte> list = new ArrayList<>();
            for (byte each : bytes) {
                list.add(each);
            }
            all.put(number, list);
        });
        return all;
    }

    private static Tally some(Random random, int most) {
        Tally tally = new Tally();
        for (int i = random.nextInt(most) + 1; i > 0; i--) {
            tally.add(
                    random.nextBoolean() ? random.nextInt(12) : random.nextInt(40) * 0x10001_0000_0001L - (1L << 50),
                    random.nextInt(4) == 0 ? random.nextInt(1_000) - 300 : 1);
        }
        return tally;
    }

    private static void add(TreeMap<Long, Tally> plain, long pane, Tally tally, int sign) {
        Tally into = plain.computeIfAbsent(pane, p -> new Tally());
        into.add(tally, sign);
        if (into.isEmpty()) {
            plain.remove(pane);
        }
    }
}
