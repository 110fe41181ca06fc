package io.throughline.pipeline.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.junit.jupiter.api.Test;

class NoTimeTest {

    @Test
    void aStreamWithoutTimeIsIdleFromTheStartAndAfterEveryRecord() {
        List<String> said = new ArrayList<>();
        WatermarkOutput output = new WatermarkOutput() {
            @Override
            public void emitWatermark(Watermark watermark) {
                said.add("watermark " + watermark.getTimestamp());
            }

            @Override
            public void markIdle() {
                said.add("idle");
            }

            @Override
            public void markActive() {
                said.add("active");
            }
        };
        NoTime<String> time = new NoTime<>();

        time.onPeriodicEmit(output);
        time.onEvent("decision", 1_795_392_000_000L, output);
        time.onPeriodicEmit(output);

        assertThat(said).containsExactly("idle", "idle", "idle");
    }
}
