package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Fate;
import io.throughline.domain.ingest.FateCount;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Adds up fates before they cross the network. What is added up leaves once a second and before every checkpoint
 * barrier, so nothing is held back when a snapshot is taken and nothing needs state.
 */
final class CountOperator extends AbstractStreamOperator<FateCount>
        implements OneInputStreamOperator<FateCount, FateCount>, BoundedOneInput, ProcessingTimeCallback {
    private static final long serialVersionUID = 1;

    private static final long EVERY_MS = 1000;

    private record What(String source, @Nullable Fate fate, @Nullable String detail) {}

    @SuppressWarnings("NullAway.Init")
    private transient Map<What, Long> counts;

    @Override
    public void open() throws Exception {
        super.open();
        counts = new HashMap<>();
        later();
    }

    @Override
    public void processElement(StreamRecord<FateCount> element) {
        FateCount counted = element.getValue();
        counts.merge(new What(counted.source(), counted.fate(), counted.detail()), counted.count(), Long::sum);
    }

    @Override
    public void onProcessingTime(long time) {
        flush();
        later();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public void endInput() {
        flush();
    }

    private void later() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        getProcessingTimeService().registerTimer(now + EVERY_MS, this);
    }

    private void flush() {
        counts.forEach((what, count) -> {
            if (count != 0) {
                output.collect(new StreamRecord<>(new FateCount(what.source(), what.fate(), what.detail(), count)));
            }
        });
        counts.clear();
    }
}
