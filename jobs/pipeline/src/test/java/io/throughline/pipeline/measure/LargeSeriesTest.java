package io.throughline.pipeline.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.measure.Family;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.measure.SeriesInput;
import io.throughline.domain.measure.SeriesOutput;
import io.throughline.domain.measure.SeriesRule;
import io.throughline.domain.measure.SeriesState;
import io.throughline.domain.measure.Subtotal;
import io.throughline.domain.measure.Tally;
import io.throughline.domain.measure.Window;
import io.throughline.pipeline.kit.Backend;
import io.throughline.pipeline.kit.KeyedOperators;
import io.throughline.pipeline.kit.KeyedRuleFunction;
import io.throughline.pipeline.kit.LayoutType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A series that is written in parts. */
class LargeSeriesTest {
    private static final long MINUTE = 60_000;
    private static final int DURATIONS = 250;

    private static final MeasureConfig OTHER_WINDOWS = MeasureConfig.DEFAULTS.toBuilder()
            .windows(List.of(new Window("3h", 180 * MINUTE, 15 * MINUTE)))
            .build();

    /**
     * At the beginning of time, where panes of every width are in a stretch of the same number: there a part that is of
     * another width by now has the name of one that was written before.
     */
    @Test
    void aSeriesWrittenAgainUnderOtherWindowsIsReadBackAsItWas() throws Exception {
        SeriesRule before = new SeriesRule(MeasureConfig.DEFAULTS);
        SeriesRule after = new SeriesRule(OTHER_WINDOWS);
        SeriesState undisturbed = null;
        OperatorSubtaskState snapshot;
        try (var harness = started(MeasureConfig.DEFAULTS, null)) {
            for (int minute = 1; minute <= 150; minute += minute < 15 ? 1 : 15) {
                undisturbed =
                        before.on(undisturbed, durations(minute), 180 * MINUTE).state();
                harness.processElement(durations(minute), 0);
            }
            undisturbed =
                    before.on(undisturbed, durations(155, 3), 180 * MINUTE).state();
            harness.processElement(durations(155, 3), 0);
            snapshot = harness.snapshot(1, 1);
            assertThat(Backend.entries(operator(harness)))
                    .as("a head and parts")
                    .isGreaterThan(3);
        }
        try (var harness = started(OTHER_WINDOWS, snapshot)) {
            undisturbed = after.on(undisturbed, durations(181, 5), 180 * MINUTE).state();
            harness.processElement(durations(181, 5), 0);
            snapshot = harness.snapshot(2, 2);
            assertThat(SeriesStateLayout.INSTANCE.partBytes(undisturbed))
                    .as("it still is in parts, as these are more than 2 KB")
                    .isGreaterThan(2_048);
        }
        try (var harness = started(OTHER_WINDOWS, snapshot)) {
            harness.processWatermark(185 * MINUTE);
            List<MetricValue> expected = after.wake(undisturbed, 185 * MINUTE).out().stream()
                    .filter(SeriesOutput.Published.class::isInstance)
                    .map(output -> ((SeriesOutput.Published) output).value())
                    .toList();
            assertThat(harness.extractOutputValues()).isEqualTo(expected).anySatisfy(value -> {
                assertThat(value.window()).isEqualTo("3h");
                assertThat(value.n()).isEqualTo(24 * DURATIONS + 2);
            });
        }
    }

    /** What a checkpoint writes of a series is what has changed since the last one. */
    @Test
    void ofAFullSeriesAFactWritesTheNewestPaneOfEachWidthAndALateOneItsStretches() throws Exception {
        SeriesRule rule = new SeriesRule(MeasureConfig.DEFAULTS);
        SeriesState series = null;
        for (int minute = 1; minute <= 180; minute++) {
            series = rule.on(series, durations(minute), 180 * MINUTE).state();
        }
        int whole = SeriesStateLayout.INSTANCE.partBytes(series);
        SeriesStateLayout.INSTANCE.written(series);
        assertThat(changed(series)).isEmpty();

        series = rule.on(series, durations(180, 3), 180 * MINUTE).state();
        assertThat(changed(series))
                .as("tables of a minute and of a quarter of an hour")
                .hasSize(2)
                .allSatisfy(bytes -> assertThat(bytes).isLessThan(3 * DURATIONS));

        SeriesStateLayout.INSTANCE.written(series);
        series = rule.on(series, durations(20, 3), 180 * MINUTE).state();
        assertThat(changed(series))
                .as("sixteen minutes, and eleven quarters of an hour beside the newest")
                .hasSize(2)
                .allSatisfy(bytes -> assertThat(bytes).isBetween(3 * DURATIONS, whole / 4));
    }

    /** How many bytes each part has that would be written. */
    private static List<Integer> changed(SeriesState series) throws Exception {
        List<Integer> changed = new ArrayList<>();
        SeriesStateLayout.INSTANCE.parts(series, (part, isChanged, bytes) -> {
            if (isChanged) {
                changed.add(bytes.get().length);
            }
        });
        return changed;
    }

    /** As many of different length. */
    private static Subtotal durations(int minute) {
        Tally tally = new Tally();
        for (int bin = 0; bin < DURATIONS; bin++) {
            tally.add(bin, 1);
        }
        return new Subtotal(Family.HANDLE, Map.of(), new TreeMap<>(Map.of(minute * MINUTE, tally)));
    }

    /** One of one length. */
    private static Subtotal durations(int minute, int bin) {
        Tally tally = new Tally();
        tally.add(bin, 1);
        return new Subtotal(Family.HANDLE, Map.of(), new TreeMap<>(Map.of(minute * MINUTE, tally)));
    }

    private static AbstractStreamOperator<?> operator(
            KeyedOneInputStreamOperatorTestHarness<String, SeriesInput, MetricValue> harness) {
        return (AbstractStreamOperator<?>) harness.getOperator();
    }

    private static KeyedOneInputStreamOperatorTestHarness<String, SeriesInput, MetricValue> started(
            MeasureConfig config, @Nullable OperatorSubtaskState from) throws Exception {
        var function = new KeyedRuleFunction<String, SeriesState, SeriesInput, SeriesOutput, MetricValue>(
                new SeriesRule(config),
                LayoutType.state(SeriesState.class, SeriesStateLayout.INSTANCE),
                (output, values, side) -> {
                    if (output instanceof SeriesOutput.Published published) {
                        values.collect(published.value());
                    }
                });
        var harness = new KeyedOneInputStreamOperatorTestHarness<>(
                KeyedOperators.of(function), SeriesInput::seriesKey, Types.STRING, 16, 1, 0);
        harness.setStateBackend(Backend.ROCKSDB.make());
        harness.setup(LayoutType.of(MetricValue.class, MetricValueLayout.INSTANCE)
                .createSerializer(new SerializerConfigImpl()));
        if (from != null) {
            harness.initializeState(from);
        }
        harness.open();
        harness.processWatermark(180 * MINUTE);
        return harness;
    }
}
