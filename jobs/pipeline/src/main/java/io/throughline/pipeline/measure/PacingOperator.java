package io.throughline.pipeline.measure;

import io.throughline.domain.measure.History;
import io.throughline.domain.measure.MetricValue;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * Lets of each document about one value pass in half of {@code measure.publish_every} by the clock, the newest revision. Series
 * publish by event time, and while a backlog is worked off that goes by in a fraction of the time: what nobody could have
 * read before it was replaced is not written. A value that comes at its own pace passes at once. What is held goes before
 * every checkpoint barrier, so nothing needs state; and at the end.
 *
 * <p>The newest revision of every document is what it would be without. Which of those before it pass depends on the clock.
 */
final class PacingOperator extends AbstractStreamOperator<MetricValue>
        implements OneInputStreamOperator<MetricValue, MetricValue>, BoundedOneInput {
    private static final long serialVersionUID = 1;

    /** About 200 bytes each. */
    private static final int MOST_DOCUMENTS = 100_000;

    private final long everyMs;

    /** Of which a value has passed, and which one waits since. */
    @SuppressWarnings("NullAway.Init")
    private transient Map<Document, Waiting> passed;

    private transient boolean wakes;

    private static final class Waiting {
        @Nullable
        MetricValue value;
    }

    private record Document(String metricId, Map<String, String> dimensions, String window, long slotEnd) {}

    PacingOperator(long publishEveryMs) {
        this.everyMs = Math.max(1, publishEveryMs / 2);
    }

    @Override
    public void open() throws Exception {
        super.open();
        passed = new LinkedHashMap<>();
    }

    @Override
    public void processElement(StreamRecord<MetricValue> element) {
        MetricValue value = element.getValue();
        Document document = new Document(
                value.metricId(), value.dimensions(), value.window(), History.slotEnd(value.window(), value.asOf()));
        Waiting waiting = passed.get(document);
        if (waiting != null) {
            // Expectations of now and of the past have two writers, of whom the older may come later.
            if (waiting.value == null || waiting.value.revision() <= value.revision()) {
                waiting.value = value;
            }
            return;
        }
        passed.put(document, new Waiting());
        output.collect(element);
        if (!wakes) {
            wakes = true;
            wakeLater();
        }
        if (passed.size() > MOST_DOCUMENTS) {
            release();
            passed.clear();
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        release();
    }

    @Override
    public void endInput() {
        release();
    }

    private void wakeLater() {
        long now = getProcessingTimeService().getCurrentProcessingTime();
        getProcessingTimeService().registerTimer(now + everyMs, time -> {
            passed.values().removeIf(waiting -> waiting.value == null);
            release();
            wakes = !passed.isEmpty();
            if (wakes) {
                wakeLater();
            }
        });
    }

    private void release() {
        for (Waiting waiting : passed.values()) {
            if (waiting.value != null) {
                output.collect(new StreamRecord<>(waiting.value));
                waiting.value = null;
            }
        }
    }
}
