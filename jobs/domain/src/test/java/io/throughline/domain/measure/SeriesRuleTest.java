package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SeriesRuleTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long DAY = 24 * HOUR;
    private static final long CORRECTED = MeasureConfig.DEFAULTS.correctHistoryMs();
    /** 2026-11-23T00:00:00Z. */
    private static final long START = 1_795_392_000_000L;

    @Test
    void saysNothingUntilATickOfEventTime() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START - 1, 10)));
        bench.advanceTo(START + 4_999);
        assertThat(bench.published()).isEmpty();
        bench.advanceTo(START + 5_000);
        assertThat(bench.published()).hasSize(4).allSatisfy(value -> {
            assertThat(value.metricId()).isEqualTo("nps");
            assertThat(value.value()).isEqualTo(100);
            assertThat(value.n()).isEqualTo(1);
            assertThat(value.asOf()).isEqualTo(START + 5_000);
        });
        bench.forgetPublished();
        bench.advanceTo(START + 10_000);
        assertThat(bench.published()).as("nothing changed").isEmpty();
    }

    @Test
    void saysAWindowOfDaysOnceAMinuteWhereEveryTickBringsSomething() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        for (long tick = START + 5_000; tick <= START + 10 * MINUTE; tick += 5_000) {
            bench.fold(List.of(nps(tick, 10))).advanceTo(tick);
        }
        assertThat(published(bench, "24h")).hasSize(120);
        assertThat(published(bench, "7d"))
                .as("the first at once")
                .extracting(MetricValue::n)
                .containsExactly(1L, 12L, 24L, 36L, 48L, 60L, 72L, 84L, 96L, 108L, 120L);
    }

    @Test
    void saysAWindowOfDaysAtTheNextTickWhereAMinuteHasPassed() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START + 1_000, 10))).advanceTo(START + 5_000);
        long later = START + 10 * MINUTE;
        bench.fold(List.of(nps(later + 7_000, 10))).advanceTo(later + 10_000);
        assertThat(one(bench, "nps|7d").n()).isEqualTo(2);
        bench.fold(List.of(nps(later + 12_000, 10))).advanceTo(later + 59_999);
        assertThat(one(bench, "nps|24h").n()).isEqualTo(3);
        assertThat(one(bench, "nps|7d").n()).as("waits for the next minute").isEqualTo(2);
        bench.advanceTo(later + 60_000);
        assertThat(one(bench, "nps|7d").n()).isEqualTo(3);
    }

    @Test
    void withdrawsWhatStandsNoMoreInAWindowOfDaysWithinAMinute() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START, 10))).advanceTo(START + 5_000);
        bench.fold(List.of(nps(START, 10).undone())).advanceTo(START + 10_000);
        assertThat(bench.standing()).containsOnlyKeys("nps|7d", "nps|30d");
        bench.advanceTo(START + MINUTE);
        assertThat(bench.standing()).isEmpty();
    }

    private static List<MetricValue> published(SeriesBench bench, String window) {
        return bench.published().stream()
                .filter(value -> value.window().equals(window))
                .toList();
    }

    @Test
    void doesNotCountWhatHasNotHappenedYet() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START, 10), nps(START + 7_000, 0)));
        bench.advanceTo(START + 5_000);
        assertThat(one(bench, "nps|1h").value()).isEqualTo(100);
        bench.advanceTo(START + 10_000);
        assertThat(one(bench, "nps|1h").value()).isZero();
        assertThat(one(bench, "nps|1h").n()).isEqualTo(2);
    }

    @Test
    void emptiesAWindowOnceItsLastPaneIsGone() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START, 10)));
        bench.advanceTo(START + 5_000).advanceTo(START + HOUR - 1);
        assertThat(bench.standing()).containsKey("nps|1h");
        bench.forgetPublished();
        bench.advanceTo(START + HOUR);
        assertThat(bench.published())
                .filteredOn(value -> value.window().equals("1h"))
                .singleElement()
                .satisfies(value -> {
                    assertThat(value.seriesId()).isEqualTo("nps|1h");
                    assertThat(value.n()).isZero();
                    assertThat(value.value()).isZero();
                    assertThat(value.ciLow()).isNull();
                });
        bench.advanceTo(START + 31 * DAY);
        assertThat(bench.standing()).isEmpty();
        bench.advanceTo(START + 30 * DAY + CORRECTED + DAY);
        assertThat(bench.remembered()).isZero();
    }

    @Test
    void saysWhatStandsAtTheEndOfEverySlotOfHistory() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START + MINUTE, 10)));
        bench.advanceTo(START + 3 * HOUR);
        assertThat(slots(bench, "nps|1h"))
                .hasSize(4)
                .startsWith(START + 15 * MINUTE)
                .endsWith(START + HOUR);
        assertThat(slots(bench, "nps|24h")).containsExactly(START + HOUR, START + 2 * HOUR, START + 3 * HOUR);
        assertThat(bench.published()).extracting(MetricValue::restated).containsOnly(false);
    }

    @Test
    void restatesEverySlotWhoseWindowCoversALateFact() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START + MINUTE, 10))).advanceTo(START + 3 * HOUR);
        bench.fold(List.of(nps(START + 2 * MINUTE, 0))).advanceTo(START + 3 * HOUR + 5_000);
        assertThat(bench.restated()).hasSize(4 + 3).allSatisfy(value -> {
            assertThat(value.n()).isEqualTo(2);
            assertThat(value.value()).isZero();
            assertThat(value.restated()).isTrue();
            assertThat(value.revision()).isEqualTo(START + 3 * HOUR + 5_000);
        });
        assertThat(bench.restated())
                .filteredOn(value -> value.window().equals("1h"))
                .extracting(MetricValue::asOf)
                .startsWith(START + 15 * MINUTE)
                .endsWith(START + HOUR);
    }

    @Test
    void restatesOneSeriesOnceAMinuteAtMost() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START + MINUTE, 10))).advanceTo(START + 3 * HOUR);
        for (int second = 0; second < 120; second++) {
            bench.fold(List.of(nps(START + 2 * MINUTE, 0))).advanceTo(START + 3 * HOUR + second * 1_000);
        }
        assertThat(bench.restated())
                .extracting(MetricValue::revision)
                .containsOnly(START + 3 * HOUR + 5_000, START + 3 * HOUR + 65_000);
    }

    @Test
    void saysNothingOfAFactThatMovesAwayAndBackWithinAMinute() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START + MINUTE, 10))).advanceTo(START + 3 * HOUR);
        bench.fold(List.of(nps(START + MINUTE, 10).undone())).fold(List.of(nps(START + MINUTE, 10)));
        bench.advanceTo(START + 4 * HOUR);
        assertThat(bench.restated()).isEmpty();
    }

    @Test
    void withdrawsFromHistoryWhatNeverWas() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START + MINUTE, 10))).advanceTo(START + 3 * HOUR);
        assertThat(bench.history()).hasSize(4 + 3 + 2);
        bench.fold(List.of(nps(START + MINUTE, 10).undone())).advanceTo(START + 3 * HOUR + MINUTE);
        assertThat(bench.history()).isEmpty();
    }

    @Test
    void leavesHistoryAloneThatIsOlderThanIsCorrected() {
        MeasureConfig config =
                MeasureConfig.DEFAULTS.toBuilder().correctHistoryMs(2 * HOUR).build();
        SeriesBench bench = new SeriesBench(config).advanceTo(START);
        bench.fold(List.of(nps(START + MINUTE, 10))).advanceTo(START + 4 * HOUR);
        bench.fold(List.of(nps(START + MINUTE, 0))).advanceTo(START + 4 * HOUR + 5_000);
        assertThat(bench.restated()).extracting(MetricValue::asOf).containsExactly(START + 3 * HOUR, START + 4 * HOUR);
    }

    private static List<Long> slots(SeriesBench bench, String seriesId) {
        return bench.history().values().stream()
                .filter(value -> value.seriesId().equals(seriesId))
                .map(MetricValue::asOf)
                .sorted()
                .toList();
    }

    @Test
    void publishesAHigherRevisionWhenAForgottenSeriesReturns() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START, 10))).advanceTo(START + 5_000).advanceTo(START + 31 * DAY + CORRECTED);
        assertThat(bench.remembered()).isZero();
        long last = bench.published().get(bench.published().size() - 1).revision();
        bench.forgetPublished();
        bench.fold(List.of(nps(START + 31 * DAY + CORRECTED, 3))).advanceTo(START + 32 * DAY + CORRECTED);
        assertThat(bench.published()).isNotEmpty().allMatch(value -> value.revision() > last);
    }

    @Test
    void restatesWhatACorrectionChanges() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START);
        bench.fold(List.of(nps(START, 10), nps(START - 1, 0)));
        bench.advanceTo(START + 5_000);
        assertThat(one(bench, "nps|1h").restated()).isFalse();
        bench.fold(List.of(new Fact(Family.NPS, Map.of(), START - 1, -1, 0)));
        bench.advanceTo(START + 10_000);
        MetricValue corrected = one(bench, "nps|1h");
        assertThat(corrected.value()).isEqualTo(100);
        assertThat(corrected.n()).isEqualTo(1);
        assertThat(corrected.restated()).isTrue();
        bench.fold(List.of(nps(START + 11_000, 10))).advanceTo(START + 15_000);
        assertThat(one(bench, "nps|1h").restated()).isFalse();
    }

    @Test
    void coversExactlyTheWindowWithPanesOfAMillisecond() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS.exact());
        bench.fold(List.of(
                nps(START, 10), nps(START - HOUR, 10), nps(START - HOUR + 1, 0), nps(START + 1, 10), nps(0, 10)));
        bench.advanceTo(START);
        assertThat(one(bench, "nps|1h").n())
                .as("the old end is outside, the new end inside")
                .isEqualTo(2);
        assertThat(one(bench, "nps|1h").value()).isZero();
        assertThat(one(bench, "nps|24h").n()).isEqualTo(3);
        assertThat(bench.standing()).hasSize(4);
        assertThat(bench.published()).as("one publication at as_of").hasSize(4);
    }

    @Test
    void reachesBackAtMostOnePaneMoreThanItsLengthWhileLive() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS).advanceTo(START - HOUR);
        long asOf = START + 30_000;
        bench.fold(List.of(nps(asOf - HOUR - 30_001, 10), nps(asOf - HOUR - 29_999, 0), nps(asOf - HOUR + 1, 0)));
        bench.advanceTo(asOf);
        assertThat(one(bench, "nps|1h").n()).isEqualTo(2);
    }

    @Test
    void isCompleteOnceSomethingIsAsOldAsTheWindow() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS.exact());
        bench.fold(List.of(nps(START, 10), nps(START - 2 * HOUR, 10))).advanceTo(START);
        assertThat(one(bench, "nps|1h").complete()).isTrue();
        assertThat(one(bench, "nps|24h").complete()).isFalse();
    }

    @Test
    void saysThatAWindowIsCompleteWhenSomethingOlderComesLate() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS.exact());
        bench.fold(List.of(nps(START, 10))).advanceTo(START);
        assertThat(one(bench, "nps|1h").complete()).isFalse();
        bench.fold(List.of(nps(START - 2 * HOUR, 10))).advanceTo(START + 5_000);
        assertThat(one(bench, "nps|1h").complete()).isTrue();
        bench.fold(List.of(new Fact(Family.NPS, Map.of(), START - 2 * HOUR, -1, 10)))
                .advanceTo(START + 10_000);
        assertThat(one(bench, "nps|1h").complete()).isFalse();
    }

    @Test
    void withdrawsFromTheSlotItWasIn_WhateverTimeHasComeToBeforeTheSeriesWakes() {
        SeriesRule rule = new SeriesRule(MeasureConfig.DEFAULTS);
        for (boolean meanwhile : List.of(false, true)) {
            SeriesState state =
                    rule.on(null, subtotal(nps(START + 1, 10)), START + 1).state();
            state = rule.wake(state, START + 10_000).state();
            state = rule.on(state, new SeriesInput.Eviction(Family.NPS, Map.of()), START + 10_000)
                    .state();
            if (meanwhile) {
                state = rule.on(state, subtotal(nps(START + 3 * HOUR, 0)), START + 3 * HOUR)
                        .state();
            }
            long slot = History.slotEnd("24h", START + 10_000);
            assertThat(withdrawn(rule.wake(state, START + 3 * HOUR + 60_000).out(), "24h"))
                    .as("with another fact meanwhile: %s", meanwhile)
                    .contains(slot);
        }
    }

    /** Ends of the slots of a window whose documents say that nothing stands. */
    private static List<Long> withdrawn(List<SeriesOutput> out, String window) {
        return out.stream()
                .map(output -> ((SeriesOutput.Published) output).value())
                .filter(value -> value.window().equals(window) && value.n() == 0)
                .map(value -> History.slotEnd(window, value.asOf()))
                .toList();
    }

    @Test
    void neverMixesEffortScales() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS.exact());
        bench.fold(List.of(ces(START, new Scale(1, 7, true), 6), ces(START, new Scale(1, 7, true), 7)));
        bench.advanceTo(START);
        assertThat(one(bench, "ces|1h").value()).isEqualTo(6.5);
        assertThat(one(bench, "ces|1h").direction()).isEqualTo("higher_is_better");
        assertThat(one(bench, "ces|scale=1-7|1h").value()).isEqualTo(6.5);

        bench.fold(List.of(ces(START, new Scale(1, 5, false), 2))).advanceTo(START + 5_000);
        assertThat(bench.standing()).doesNotContainKey("ces|1h");
        assertThat(one(bench, "ces|scale=1-7|1h").value()).isEqualTo(6.5);
        MetricValue effort = one(bench, "ces|scale=1-5_lower_is_better|1h");
        assertThat(effort.value()).isEqualTo(2);
        assertThat(effort.direction()).isEqualTo("lower_is_better");
        assertThat(effort.dimensions()).containsExactly(Map.entry("scale", "1-5_lower_is_better"));
    }

    @Test
    void countsOnlyOneToFiveAsSatisfactionAndSaysWhatItLeftOut() {
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS.exact());
        bench.fold(List.of(
                csat(START, Scale.ONE_TO_FIVE.bin(5)),
                csat(START, Scale.ONE_TO_FIVE.bin(3)),
                csat(START, new Scale(1, 7, true).bin(7)),
                csat(START, Facts.EXCLUDED)));
        bench.advanceTo(START);
        assertThat(one(bench, "csat|1h").value()).isEqualTo(50);
        assertThat(one(bench, "csat|1h").n()).isEqualTo(2);
        assertThat(one(bench, "csat_mean|1h").value()).isEqualTo(4);
        assertThat(one(bench, "csat_mean|scale=1-7|1h").value()).isEqualTo(7);
        assertThat(one(bench, "csat_excluded|1h").value()).isEqualTo(2);
    }

    @Test
    void dealsPanesOutAgainWhenTheWindowsAreConfiguredAnew() {
        SeriesRule before = new SeriesRule(MeasureConfig.DEFAULTS);
        SeriesState state = before.on(null, subtotal(nps(START, 10)), START).state();
        state = before.on(state, subtotal(nps(START - 2 * DAY, 0)), START).state();
        state = before.wake(state, START + 5_000).state();
        SeriesRule after = new SeriesRule(MeasureConfig.DEFAULTS.toBuilder()
                .windows(List.of(new Window("3d", 3 * DAY, HOUR)))
                .build());
        state = after.on(state, subtotal(nps(START + 6_000, 10)), START + 6_000).state();
        assertThat(after.wake(state, START + 10_000).out())
                .singleElement()
                .isInstanceOfSatisfying(SeriesOutput.Published.class, published -> {
                    assertThat(published.value().window()).isEqualTo("3d");
                    assertThat(published.value().n()).isEqualTo(3);
                });
    }

    @Test
    void hashesTheIdOfASeriesWithALongName() {
        String topic = "a".repeat(1_000);
        SeriesBench bench = new SeriesBench(MeasureConfig.DEFAULTS.exact());
        bench.fold(List.of(new Fact(Family.NPS, Map.of("topic", topic), START, 1, 9)))
                .advanceTo(START);
        assertThat(bench.published()).hasSize(4).allSatisfy(value -> {
            assertThat(value.seriesId()).hasSizeLessThan(64);
            assertThat(value.dimensions()).containsEntry("topic", topic);
        });
        assertThat(bench.standing()).hasSize(4);
    }

    private static Subtotal subtotal(Fact fact) {
        Tally tally = new Tally();
        tally.add(fact.bin(), fact.weight());
        return new Subtotal(fact.family(), fact.dimensions(), new TreeMap<>(Map.of(fact.time(), tally)));
    }

    private static MetricValue one(SeriesBench bench, String seriesId) {
        assertThat(bench.standing()).containsKey(seriesId);
        return bench.standing().get(seriesId);
    }

    private static Fact nps(long time, int score) {
        return new Fact(Family.NPS, Map.of(), time, 1, score);
    }

    private static Fact csat(long time, long bin) {
        return new Fact(Family.CSAT, Map.of(), time, 1, bin);
    }

    private static Fact ces(long time, Scale scale, int score) {
        return new Fact(Family.CES, Map.of(), time, 1, scale.bin(score));
    }
}
