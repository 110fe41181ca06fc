package io.throughline.pipeline.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.measure.MetricValue;
import java.util.Map;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PacingOperatorTest {
    /** The end of a slot of 1h, of 24h and of 7d. */
    private static final long MIDNIGHT = 1_795_392_000_000L;

    private static final long PUBLISH_EVERY = 5_000;

    private final OneInputStreamOperatorTestHarness<MetricValue, MetricValue> harness;

    PacingOperatorTest() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(new PacingOperator(PUBLISH_EVERY));
    }

    @BeforeEach
    void open() throws Exception {
        harness.open();
        harness.setProcessingTime(1_000_000);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void valuesThatComeAtTheirOwnPaceAreNotHeld() throws Exception {
        for (int tick = 1; tick <= 4; tick++) {
            // As late as half a tick and as early: the clock and event time do not run evenly.
            harness.setProcessingTime(1_000_000 + tick * PUBLISH_EVERY + (tick % 2 == 0 ? 1_200 : -1_200));
            say("csat", MIDNIGHT + tick * PUBLISH_EVERY, tick);
            assertThat(harness.extractOutputValues()).hasSize(tick);
        }
    }

    @Test
    void ofWhatComesFasterOnlyTheNewestIsSaid() throws Exception {
        for (int tick = 1; tick <= 100; tick++) {
            say("csat", MIDNIGHT + tick * PUBLISH_EVERY, tick);
            say("nps", MIDNIGHT + tick * PUBLISH_EVERY, 1_000 + tick);
        }
        assertThat(harness.extractOutputValues()).extracting(MetricValue::value).containsExactly(1.0, 1_001.0);
        harness.setProcessingTime(1_000_000 + PUBLISH_EVERY / 2);
        assertThat(harness.extractOutputValues())
                .extracting(MetricValue::value)
                .containsExactly(1.0, 1_001.0, 100.0, 1_100.0);

        say("csat", MIDNIGHT + 101 * PUBLISH_EVERY, 101);
        assertThat(harness.extractOutputValues()).as("it has just been said").hasSize(4);
        harness.setProcessingTime(1_000_000 + PUBLISH_EVERY);
        assertThat(harness.extractOutputValues()).hasSize(5);
        harness.setProcessingTime(1_000_000 + 3 * PUBLISH_EVERY);
        say("csat", MIDNIGHT + 102 * PUBLISH_EVERY, 102);
        assertThat(harness.extractOutputValues())
                .as("after a pause it is said at once")
                .hasSize(6);
    }

    @Test
    void whatHasPausedIsSaidAtOnceAlthoughItsNeighbourHasNot() throws Exception {
        say("csat", MIDNIGHT + 1, 1);
        say("nps", MIDNIGHT + 1, 1);
        say("csat", MIDNIGHT + 2, 2);
        harness.setProcessingTime(1_000_000 + PUBLISH_EVERY / 2);
        assertThat(harness.extractOutputValues())
                .as("csat 2 has waited, of nps nothing has")
                .hasSize(3);

        say("nps", MIDNIGHT + 3, 3);
        assertThat(harness.extractOutputValues().subList(3, 4))
                .extracting(MetricValue::metricId)
                .containsExactly("nps");
    }

    @Test
    void everySlotOfHistoryHasItsLastValue() throws Exception {
        long hour = 3_600_000;
        say("csat", MIDNIGHT + hour - PUBLISH_EVERY, 1);
        say("csat", MIDNIGHT + hour, 2);
        say("csat", MIDNIGHT + hour + PUBLISH_EVERY, 3);
        say("csat", MIDNIGHT + 2 * hour, 4);
        harness.setProcessingTime(1_000_000 + PUBLISH_EVERY);
        assertThat(harness.extractOutputValues())
                .as("the first hour ends with 2, the second with 4")
                .extracting(MetricValue::value)
                .containsExactly(1.0, 3.0, 2.0, 4.0);
    }

    @Test
    void ofWhatTwoSayTheNewestRevisionStaysWhicheverComesLast() throws Exception {
        long hour = 3_600_000;
        say("csat", MIDNIGHT + 2 * PUBLISH_EVERY, 1);
        say("csat", MIDNIGHT + hour, 3);
        say("csat", MIDNIGHT + hour - PUBLISH_EVERY, 2);
        harness.setProcessingTime(1_000_000 + PUBLISH_EVERY);
        assertThat(harness.extractOutputValues()).extracting(MetricValue::value).containsExactly(1.0, 3.0);
    }

    @Test
    void nothingIsHeldBackBehindACheckpointBarrier() throws Exception {
        say("csat", MIDNIGHT + 1, 1);
        say("csat", MIDNIGHT + 2, 2);
        harness.prepareSnapshotPreBarrier(1);
        assertThat(harness.extractOutputValues()).hasSize(2);
    }

    @Test
    void theEndOfInputLosesNothing() throws Exception {
        say("csat", MIDNIGHT + 1, 1);
        say("csat", MIDNIGHT + 2, 2);
        harness.endInput();
        assertThat(harness.extractOutputValues()).hasSize(2);
    }

    @Test
    void documentsDoNotPileUp() throws Exception {
        for (int value = 1; value <= 2; value++) {
            for (int i = 0; i <= 100_000; i++) {
                say("metric " + i, MIDNIGHT + value, value);
            }
        }
        assertThat(harness.extractOutputValues()).as("more than one of each").hasSizeGreaterThan(100_001);
    }

    private void say(String metric, long asOf, double value) throws Exception {
        harness.processElement(
                new MetricValue(
                        metric,
                        1,
                        Map.of("channel", "web"),
                        "24h",
                        value,
                        "percent",
                        10,
                        null,
                        null,
                        true,
                        "neutral",
                        asOf,
                        false,
                        asOf),
                asOf);
    }
}
