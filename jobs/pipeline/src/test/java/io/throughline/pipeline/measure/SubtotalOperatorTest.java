package io.throughline.pipeline.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.measure.Fact;
import io.throughline.domain.measure.Family;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.Subtotal;
import java.util.Map;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SubtotalOperatorTest {
    private static final long START = 1_795_392_000_000L;

    private final OneInputStreamOperatorTestHarness<Fact, Subtotal> harness;

    SubtotalOperatorTest() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(
                new SubtotalOperator<Fact>((fact, sums) -> sums.add(fact), MeasureConfig.DEFAULTS));
    }

    @BeforeEach
    void open() throws Exception {
        harness.open();
        harness.processWatermark(START);
        harness.getOutput().clear();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void factsLeaveTogetherBeforeTheTickTheyCountAt() throws Exception {
        find(START + 1, 1);
        find(START + 4_000, 1);
        harness.processWatermark(START + 4_500);
        assertThat(harness.extractOutputValues()).as("nothing is published yet").isEmpty();

        harness.processWatermark(START + 5_000);
        assertThat(harness.extractOutputValues()).singleElement().satisfies(subtotal -> {
            assertThat(subtotal.tallies()).containsOnlyKeys(START + 5_000);
            assertThat(subtotal.tallies().get(START + 5_000).count(9)).isEqualTo(2);
        });
        assertThat(harness.getOutput())
                .as("the sum goes ahead of the event time")
                .last()
                .isEqualTo(new Watermark(START + 5_000));
        find(START + 6_000, 1);
        harness.processWatermark(START + 10_000);
        assertThat(harness.extractOutputValues()).as("each sum once").hasSize(2);
    }

    @Test
    void nothingIsHeldBackBehindACheckpointBarrier() throws Exception {
        find(START + 1, 3);
        harness.prepareSnapshotPreBarrier(1);
        assertThat(harness.extractOutputValues()).hasSize(1);
    }

    @Test
    void theEndOfInputLosesNothing() throws Exception {
        find(START + 1, 3);
        harness.endInput();
        assertThat(harness.extractOutputValues()).hasSize(1);
    }

    @Test
    void sumsDoNotPileUp() throws Exception {
        for (int i = 0; i < 50_000; i++) {
            harness.processElement(new Fact(Family.TOUCHPOINTS, Map.of(), START, 1, i), START);
        }
        assertThat(harness.extractOutputValues()).isNotEmpty();
    }

    private void find(long time, int weight) throws Exception {
        harness.processElement(new Fact(Family.NPS, Map.of(), time, weight, 9), time);
    }
}
