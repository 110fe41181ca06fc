package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
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

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aSeriesRemembersTheSameWhetherTimesComeTogetherOrApart(long seed) {
        Random random = new Random(seed);
        SeriesRule rule = new SeriesRule(MeasureConfig.DEFAULTS);
        SeriesState together = null;
        SeriesState apart = null;
        long now = START;
        for (int turn = 0; turn < 60; turn++) {
            Subtotals subtotals = new Subtotals(MeasureConfig.DEFAULTS);
            for (int i = 1 + random.nextInt(100); i > 0; i--) {
                int late = random.nextInt(3) == 0 ? random.nextInt(random.nextBoolean() ? 600_000 : 90_000_000) : 0;
                int weight = late < 60_000 && random.nextInt(6) == 0 ? -1 : 1;
                subtotals.add(new Fact(
                        Family.TOUCHPOINTS,
                        Map.of(),
                        now + 5_000 - late - random.nextInt(5_000),
                        weight,
                        random.nextInt(300)));
            }
            for (Subtotal subtotal : drained(subtotals)) {
                together = rule.on(together, subtotal, now).state();
                for (Map.Entry<Long, Tally> at : subtotal.tallies().entrySet()) {
                    TreeMap<Long, Tally> one = new TreeMap<>(Map.of(at.getKey(), at.getValue()));
                    apart = rule.on(apart, new Subtotal(subtotal.family(), subtotal.dimensions(), one), now)
                            .state();
                }
            }
            assertThat(together).isEqualTo(apart);
            now += 5_000L * (1 + random.nextInt(20));
            assertThat(rule.wake(together, now).out())
                    .isEqualTo(rule.wake(apart, now).out());
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void comesToWhatAMapComesTo(long seed) {
        Random random = new Random(seed);
        Family[] families = {Family.TOUCHPOINTS, Family.SESSIONS, Family.WAIT};
        // Of the same dimensions there are two of each, as there are where one was forgotten and met again.
        List<Breakdown> breakdowns = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            breakdowns.add(new Breakdown(i < 2 ? Map.of() : Map.of("topic", "t" + i / 2)));
        }
        Subtotals subtotals = new Subtotals(MeasureConfig.DEFAULTS);
        Subtotals others = new Subtotals(MeasureConfig.DEFAULTS);
        for (int tick = 0; tick < 6; tick++) {
            Map<Fact, Long> expected = new HashMap<>();
            for (int i = random.nextInt(20_000); i > 0; i--) {
                Family family = families[random.nextInt(families.length)];
                Breakdown by = breakdowns.get(random.nextInt(breakdowns.size()));
                boolean isHash = family == Family.TOUCHPOINTS;
                long bin = isHash
                        ? random.nextInt(500) * 0x9E3779B97F4A7C15L
                        : random.nextInt(4) - (family == Family.SESSIONS ? 0 : 1);
                // Touchpoints come one after the other, over a tick; sessions as they began.
                long time = START + (isHash ? 1 + (20_000 - i) / 2 : -random.nextInt(100_000));
                int weight = isHash && random.nextInt(50) > 0 ? 1 : random.nextInt(5) - 2;
                subtotals.add(family, by, time, weight, bin);
                others.add(family, breakdowns.get(random.nextInt(breakdowns.size())), time, weight, bin);
                long end = -Math.floorDiv(-time, 5_000L) * 5_000;
                expected.merge(new Fact(family, by.dimensions(), end, 1, bin), (long) weight, Long::sum);
                if (random.nextInt(5_000) == 0) {
                    expected.values().removeIf(count -> count == 0);
                    assertThat(subtotals.size()).isEqualTo(expected.size());
                }
            }
            expected.values().removeIf(count -> count == 0);
            Map<Fact, Long> summed = new HashMap<>();
            Set<String> series = new HashSet<>();
            subtotals.drainTo(subtotal -> {
                assertThat(series.add(subtotal.seriesKey()))
                        .as("each series once")
                        .isTrue();
                subtotal.tallies()
                        .forEach((time, tally) -> tally.forEach((bin, count) ->
                                summed.put(new Fact(subtotal.family(), subtotal.dimensions(), time, 1, bin), count)));
            });
            assertThat(summed).isEqualTo(expected);
        }
    }

    @Test
    void isFullOfWhatIsDifferentOnly() {
        Subtotals subtotals = new Subtotals(MeasureConfig.DEFAULTS);
        for (int i = 0; i < 200_000; i++) {
            subtotals.add(Family.NPS, new Breakdown(Map.of()), START, 1, i % 11);
            assertThat(subtotals.isFull()).isFalse();
        }
        int added = 0;
        while (!subtotals.isFull()) {
            subtotals.add(Family.TOUCHPOINTS, new Breakdown(Map.of()), START, 1, added++);
        }
        assertThat(added).isBetween(10_000, 100_000);
    }

    @Test
    void forgetsCombinationsThatAreTooMany() {
        Subtotals subtotals = new Subtotals(MeasureConfig.DEFAULTS);
        Breakdown kept = new Breakdown(Map.of("topic", "kept"));
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 30_000; i++) {
                subtotals.add(Family.NPS, new Breakdown(Map.of("topic", round + "/" + i)), START, 1, 9);
            }
            subtotals.add(Family.NPS, kept, START, 1, 9);
            assertThat(drained(subtotals))
                    .hasSize(30_001)
                    .filteredOn(subtotal -> subtotal.dimensions().equals(kept.dimensions()))
                    .hasSize(1);
        }
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
