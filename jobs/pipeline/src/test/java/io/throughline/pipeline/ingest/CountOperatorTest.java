package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Fate;
import io.throughline.domain.ingest.FateCount;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CountOperatorTest {

    private final OneInputStreamOperatorTestHarness<FateCount, FateCount> harness;

    CountOperatorTest() throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(new CountOperator());
    }

    @BeforeEach
    void open() throws Exception {
        harness.setProcessingTime(0);
        harness.open();
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void whatIsAddedUpLeavesOnceASecond() throws Exception {
        count(Fate.PROCESSED, null, 1);
        count(Fate.PROCESSED, null, 1);
        count(Fate.REJECTED, "malformed", 1);
        harness.setProcessingTime(999);
        assertThat(harness.extractOutputValues()).isEmpty();

        harness.setProcessingTime(1_000);
        assertThat(harness.extractOutputValues())
                .containsExactlyInAnyOrder(
                        new FateCount("p0", Fate.PROCESSED, null, 2),
                        new FateCount("p0", Fate.REJECTED, "malformed", 1));

        harness.setProcessingTime(2_000);
        assertThat(harness.extractOutputValues()).as("said once").hasSize(2);

        count(Fate.LATE, null, 1);
        harness.setProcessingTime(3_000);
        assertThat(harness.extractOutputValues()).contains(new FateCount("p0", Fate.LATE, null, 1));
    }

    @Test
    void nothingIsHeldBackBehindACheckpointBarrier() throws Exception {
        count(Fate.PROCESSED, null, 3);

        harness.prepareSnapshotPreBarrier(1);

        assertThat(harness.extractOutputValues()).containsExactly(new FateCount("p0", Fate.PROCESSED, null, 3));
    }

    @Test
    void theEndOfInputLosesNothing() throws Exception {
        count(Fate.PROCESSED, null, 1);

        harness.endInput();

        assertThat(harness.extractOutputValues()).containsExactly(new FateCount("p0", Fate.PROCESSED, null, 1));
    }

    @Test
    void whatCancelsOutIsNotSaid() throws Exception {
        count(Fate.PROCESSED, null, 1);
        count(Fate.PROCESSED, null, -1);
        count(Fate.DUPLICATE, null, 1);

        harness.endInput();

        assertThat(harness.extractOutputValues()).containsExactly(new FateCount("p0", Fate.DUPLICATE, null, 1));
    }

    private void count(Fate fate, String reason, long count) throws Exception {
        harness.processElement(new FateCount("p0", fate, reason, count), 0);
    }
}
