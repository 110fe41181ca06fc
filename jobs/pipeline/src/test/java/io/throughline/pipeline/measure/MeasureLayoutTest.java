package io.throughline.pipeline.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.measure.Fact;
import io.throughline.domain.measure.Family;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.measure.SeriesRule;
import io.throughline.domain.measure.SeriesState;
import io.throughline.domain.measure.Tally;
import io.throughline.domain.stage.Step;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class MeasureLayoutTest {
    private static final long START = 1_795_392_000_000L;

    @Test
    void pinsTheBytesOfAFact() throws IOException {
        StateBytes.areGolden(
                "fact.v1.hex",
                FactLayout.INSTANCE,
                new Fact(Family.WAIT, Map.of("channel", "call", "stage", "support"), START, -1, 812));
        StateBytes.areGolden("fact-bare.v1.hex", FactLayout.INSTANCE, new Fact(Family.NPS, Map.of(), 1, 1, -1));
    }

    @Test
    void pinsTheBytesOfASeries() throws IOException {
        SeriesState state = new SeriesState(Family.CES, Map.of("channel", "chat"), START, true);
        state.ahead().put(START + 1, tally(3, 1, 9, -1));
        state.panesOf(60_000).put(START / 60_000 - 1, tally(-5, 2));
        state.panesOf(60_000).put(START / 60_000, tally(1L << 60, 1L << 33));
        state.panesOf(900_000);
        state.said().put("1h", new SeriesState.Said(new TreeSet<>(List.of("ces", "ces/1-7")), true, false));
        state.said().put("24h", new SeriesState.Said(new TreeSet<>(), false, true));
        StateBytes.areGolden("series.v1.hex", SeriesStateLayout.INSTANCE, state);
    }

    @Test
    void pinsTheBytesOfAMetricValue() throws IOException {
        MetricValue value = new MetricValue(
                "nps|1h",
                "nps",
                1,
                Map.of(),
                "1h",
                -12.5,
                "points",
                8,
                -40.25,
                15.25,
                true,
                "higher_is_better",
                START,
                true,
                START);
        StateBytes.areGolden("metric-value.v1.hex", MetricValueLayout.INSTANCE, value);
        MetricValue bare = new MetricValue(
                "touchpoints|7d",
                "touchpoints",
                1,
                Map.of("stage", "é"),
                "7d",
                0,
                "count",
                0,
                null,
                null,
                false,
                "neutral",
                -1,
                false,
                0);
        StateBytes.areGolden("metric-value-bare.v1.hex", MetricValueLayout.INSTANCE, bare);
    }

    @Test
    void aSeriesReadBackGoesOnAsIfNothingHadHappened() throws IOException {
        Random random = new Random(20261123);
        SeriesRule rule = new SeriesRule(MeasureConfig.DEFAULTS);
        SeriesState kept = null;
        SeriesState restored = null;
        long now = START;
        for (int i = 0; i < 2_000; i++) {
            long time = now - random.nextInt(90_000_000) + random.nextInt(60_000);
            Fact fact = new Fact(Family.HANDLE, Map.of(), time, random.nextInt(5) == 0 ? -1 : 1, random.nextInt(300));
            Step<SeriesState, MetricValue> one = rule.on(kept, fact, now);
            Step<SeriesState, MetricValue> other = rule.on(restored, fact, now);
            assertThat(other.wakeAt()).isEqualTo(one.wakeAt());
            if (random.nextInt(4) == 0 && one.state() != null) {
                now = Math.max(now, one.wakeAt()) + random.nextInt(600_000);
                one = rule.wake(one.state(), now);
                other = rule.wake(other.state(), now);
                assertThat(other.out()).isEqualTo(one.out());
            }
            kept = one.state();
            restored = other.state() == null ? null : StateBytes.roundTrip(SeriesStateLayout.INSTANCE, other.state());
            assertThat(restored).isEqualTo(kept);
        }
        assertThat(kept).isNotNull();
    }

    private static Tally tally(long... binsAndCounts) {
        Tally tally = new Tally();
        for (int i = 0; i < binsAndCounts.length; i += 2) {
            tally.add(binsAndCounts[i], binsAndCounts[i + 1]);
        }
        return tally;
    }
}
