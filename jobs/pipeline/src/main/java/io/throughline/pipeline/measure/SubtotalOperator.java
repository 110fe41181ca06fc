package io.throughline.pipeline.measure;

import io.throughline.domain.measure.FactSink;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.Subtotal;
import io.throughline.domain.measure.Subtotals;
import java.io.Serializable;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Finds the facts in what happens and sums them before they cross the network. Sums leave when event time passes a tick
 * at which series publish, before every checkpoint barrier and when there are many; so nothing is published without what
 * belongs to it, nothing is held back when a snapshot is taken, and nothing needs state.
 *
 * @param <T> what happens
 */
final class SubtotalOperator<T> extends AbstractStreamOperator<Subtotal>
        implements OneInputStreamOperator<T, Subtotal>, BoundedOneInput {
    private static final long serialVersionUID = 1;

    private final FactsOf<T> factsOf;
    private final MeasureConfig config;

    @SuppressWarnings("NullAway.Init")
    private transient Subtotals subtotals;

    private transient long tick;

    /** Which facts something that happens adds or takes away. */
    interface FactsOf<T> extends Serializable {
        void find(T happened, FactSink facts);
    }

    SubtotalOperator(FactsOf<T> factsOf, MeasureConfig config) {
        this.factsOf = factsOf;
        this.config = config;
    }

    @Override
    public void open() throws Exception {
        super.open();
        subtotals = new Subtotals(config);
        tick = Long.MIN_VALUE;
    }

    @Override
    public void processElement(StreamRecord<T> element) {
        factsOf.find(element.getValue(), subtotals);
        if (subtotals.isFull()) {
            flush();
        }
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        long reached = Math.floorDiv(mark.getTimestamp(), config.precisionMs());
        if (reached != tick) {
            tick = reached;
            flush();
        }
        super.processWatermark(mark);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        flush();
    }

    @Override
    public void endInput() {
        flush();
    }

    private void flush() {
        subtotals.drainTo(subtotal -> output.collect(new StreamRecord<>(subtotal)));
    }
}
