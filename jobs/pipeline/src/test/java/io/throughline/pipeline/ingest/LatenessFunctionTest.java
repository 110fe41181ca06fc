package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.ingest.Arrival;
import io.throughline.domain.ingest.Fate;
import io.throughline.domain.ingest.FateCount;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.List;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LatenessFunctionTest {

    private static final long HORIZON = 1_000;

    private final OneInputStreamOperatorTestHarness<Incoming, Arrival> harness;

    LatenessFunctionTest() throws Exception {
        harness = ProcessFunctionTestHarnesses.forProcessFunction(new LatenessFunction(HORIZON));
    }

    @BeforeEach
    void eventTimeHasComeFar() throws Exception {
        harness.processWatermark(50_000);
    }

    @AfterEach
    void close() throws Exception {
        harness.close();
    }

    @Test
    void whatIsBeyondTheHorizonIsLateAndCountedAsSuch() throws Exception {
        harness.processElement(incoming("t-1", 48_999, false), 48_999);
        harness.processElement(incoming("t-2", 49_000, false), 49_000);

        assertThat(harness.extractOutputValues())
                .extracting(arrival -> arrival.touchpoint().touchpointId())
                .containsExactly("t-2");
        assertThat(harness.getSideOutput(LatenessFunction.LATE))
                .extracting(late -> late.getValue().origin())
                .containsExactly("touchpoints-0-t-1");
        assertThat(harness.getSideOutput(DecodeFunction.FATES))
                .extracting(fate -> fate.getValue())
                .containsExactly(new FateCount("touchpoints-0", Fate.LATE, null, 1));
    }

    @Test
    void whatSomebodyRedroveIsNeverLate() throws Exception {
        harness.processElement(incoming("t-1", 1, true), 1);

        assertThat(harness.extractOutputValues()).hasSize(1);
        assertThat(harness.getSideOutput(LatenessFunction.LATE)).isNull();
        assertThat(harness.getSideOutput(DecodeFunction.FATES)).isNull();
    }

    private static Incoming incoming(String id, long eventTime, boolean redriven) {
        Touchpoint touchpoint = Touchpoint.of(id, eventTime, "web", "page_view")
                .identifiers(List.of(new Identifier("email", "8a1f")))
                .build();
        return new Incoming(
                new Arrival(touchpoint, "touchpoints-0"),
                new Rejected("touchpoints-0-" + id, "late", "beyond", new byte[0], null, null, null),
                redriven);
    }
}
