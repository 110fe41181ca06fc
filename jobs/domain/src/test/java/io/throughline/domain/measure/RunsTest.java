package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RunsTest {

    @Test
    void holdWhatATableHoldsWheneverTheyAreRead() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            Runs runs = new Runs();
            Tally table = new Tally();
            for (int i = 0; i < 200; i++) {
                Tally some = some(random, seed % 2 == 0 ? 8 : 600);
                int sign = random.nextInt(3) == 0 ? -1 : 1;
                runs.add(some, sign);
                table.add(some, sign);
                if (random.nextInt(10) == 0) {
                    assertThat(runs.tally()).as("seed %d", seed).isEqualTo(table);
                    assertThat(runs.size()).isEqualTo(table.size());
                }
                assertThat(runs.isEmpty()).isEqualTo(table.isEmpty());
            }
            assertThat(runs.tally().bins()).as("seed %d", seed).isEqualTo(table.bins());
        }
    }

    @Test
    void areEmptyOnceAllOfItIsUndone() {
        Random random = new Random(7);
        Runs runs = new Runs();
        Tally[] all = new Tally[100];
        for (int i = 0; i < all.length; i++) {
            all[i] = some(random, 50);
            runs.add(all[i], 1);
        }
        for (Tally each : all) {
            assertThat(runs.isEmpty()).isFalse();
            runs.add(each, -1);
        }
        assertThat(runs.isEmpty()).isTrue();
        assertThat(runs.tally()).isEqualTo(new Tally());
    }

    /** As durations do, which fall into the same few bins all day. */
    @Test
    void doNotGrowByWhatReturns() {
        Runs runs = new Runs();
        for (int i = 0; i < 10_000; i++) {
            Tally again = Tally.ascending(300);
            for (int bin = 0; bin < 300; bin++) {
                again.add(bin, 1);
            }
            runs.add(again, 1);
            assertThat(runs.size()).isLessThan(2_500);
        }
        assertThat(runs.tally().count(299)).isEqualTo(10_000);
    }

    @Test
    void stayAsTheyAreWhenWhatWasAddedIsChanged() {
        Tally added = Tally.ascending(2);
        added.add(1, 1);
        added.add(2, 1);
        Runs runs = new Runs();
        runs.add(added, 1);
        added.add(2, 40);
        added.add(9, 1);
        Tally read = runs.tally();
        runs.add(added, 1);
        assertThat(read.sum()).isEqualTo(2);
        assertThat(runs.tally().sum()).isEqualTo(45);
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
}
