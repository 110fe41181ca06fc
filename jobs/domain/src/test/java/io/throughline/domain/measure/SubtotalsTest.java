package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubtotalsTest {
    private static final long START = 1_795_392_000_000L;

    @Test
    void addsUpWhatIsOfOneSeriesTimeAndBin() {
        Subtotals subtotals = new Subtotals(MeasureConfig.DEFAULTS);
        for (int i = 0; i < 1_000; i++) {
            subtotals.add(fact(START + i % 5_000 + 1, 1, 9));
        }
        assertThat(subtotals.size()).isEqualTo(1);
        List<Subtotal> out = drained(subtotals);
        assertThat(out).singleElement().satisfies(subtotal -> {
            assertThat(subtotal.tallies()).containsOnlyKeys(START + 5_000);
            assertThat(subtotal.tallies().get(START + 5_000).count(9)).isEqualTo(1_000);
        });
        assertThat(drained(subtotals)).as("passed on once").isEmpty();
    }

    @Test
    void passesOnNothingThatHasCancelledOut() {
        Subtotals subtotals = new Subtotals(MeasureConfig.DEFAULTS);
        subtotals.add(fact(START, 1, 9));
        subtotals.add(fact(START, -1, 9));
        assertThat(subtotals.size()).isZero();
        assertThat(drained(subtotals)).isEmpty();
    }

    @Test
    void keepsTheMillisecondWhereWindowsAreExact() {
        Subtotals subtotals = new Subtotals(MeasureConfig.DEFAULTS.exact());
        subtotals.add(fact(START + 1, 1, 9));
        assertThat(drained(subtotals).get(0).tallies()).containsOnlyKeys(START + 1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noPublishedValueCanTellWhetherFactsWereSummedBefore(long seed) {
        Random random = new Random(seed);
        SeriesBench oneByOne = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        SeriesBench summed = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        long now = START;
        for (int tick = 0; tick < 200; tick++) {
            List<Fact> facts = new ArrayList<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                long time = now + 5_000 - (random.nextInt(5) == 0 ? random.nextInt(7_200_000) : random.nextInt(6_000));
                facts.add(fact(time, random.nextInt(6) == 0 ? -1 : 1, random.nextInt(11)));
            }
            facts.forEach(fact -> oneByOne.fold(List.of(fact)));
            summed.fold(facts);
            now += 5_000 * (1 + random.nextInt(3)) + random.nextInt(3_000);
            oneByOne.advanceTo(now);
            summed.advanceTo(now);
        }
        assertThat(summed.published()).hasSizeGreaterThan(200).isEqualTo(oneByOne.published());
    }

    private static List<Subtotal> drained(Subtotals subtotals) {
        List<Subtotal> out = new ArrayList<>();
        subtotals.drainTo(out::add);
        return out;
    }

    private static Fact fact(long time, int weight, long bin) {
        return new Fact(Family.NPS, Map.of(), time, weight, bin);
    }
}
