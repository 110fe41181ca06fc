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

    /** Of which a value has passed; each by itself. */
    @SuppressWarnings("NullAway.Init")
    private transient Map<Document, Document> passed;

    private transient boolean wakes;

    /** Of which a value came last. */
    private transient @Nullable Document last;

    /** Its name and what waits of it in one place: it is looked up for every value there is. */
    private static final class Document {
        private final String metricId;
        private final Map<String, String> dimensions;
        private final String window;
        private final long slotEnd;
        /** Of the value it was made for: all from then to the end are of the same slot. */
        private final long asOf;

        private @Nullable MetricValue waiting;
        private long revision = Long.MIN_VALUE;

        /** Of which a value came next the last time: values of a series come in the same order again and again. */
        private @Nullable Document next;

        /** Whether it is known no more, though it may still be expected. */
        private boolean left;

        Document(MetricValue value) {
            this.metricId = value.metricId();
            this.dimensions = value.dimensions();
            this.window = value.window();
            this.asOf = value.asOf();
            this.slotEnd = History.slotEnd(window, asOf);
        }

        /** Not of all its values: those as of before the first one have to be looked up. */
        boolean isOf(MetricValue value) {
            return !left
                    && value.asOf() >= asOf
                    && value.asOf() <= slotEnd
                    && (value.dimensions() == dimensions || value.dimensions().equals(dimensions))
                    && value.metricId().equals(metricId)
                    && value.window().equals(window);
        }

        /** Where nothing waits of it; its next value passes then. */
        boolean leaves() {
            if (waiting == null) {
                left = true;
                next = null;
            }
            return left;
        }

        /** Expectations of now and of the past have two writers, of whom the older may come later. */
        void waits(MetricValue value) {
            if (waiting == null || revision <= value.revision()) {
                waiting = value;
                revision = value.revision();
            }
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Document that
                    && that.slotEnd == slotEnd
                    && that.metricId.equals(metricId)
                    && that.window.equals(window)
                    && (that.dimensions == dimensions || that.dimensions.equals(dimensions));
        }

        @Override
        public int hashCode() {
            return 31 * (31 * (31 * metricId.hashCode() + dimensions.hashCode()) + window.hashCode())
                    + Long.hashCode(slotEnd);
        }
    }

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
        Document before = last;
        Document expected = before == null ? null : before.next;
        if (expected != null && expected.isOf(value)) {
            last = expected;
            expected.waits(value);
            return;
        }
        Document document = new Document(value);
        Document known = passed.putIfAbsent(document, document);
        last = known == null ? document : known;
        if (before != null) {
            before.next = last;
        }
        if (known != null) {
            known.waits(value);
            return;
        }
        output.collect(element);
        if (!wakes) {
            wakes = true;
            wakeLater();
        }
        if (passed.size() > MOST_DOCUMENTS) {
            release();
            passed.values().removeIf(Document::leaves);
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
            passed.values().removeIf(Document::leaves);
            release();
            wakes = !passed.isEmpty();
            if (wakes) {
                wakeLater();
            }
        });
    }

    private void release() {
        for (Document document : passed.values()) {
            if (document.waiting != null) {
                output.collect(new StreamRecord<>(document.waiting));
                document.waiting = null;
            }
        }
    }
}
