package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Hash128;
import java.io.Serializable;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.kafka.common.utils.Utils;

/**
 * Puts letters into bundles. A letter waits a few milliseconds for others of its partition, and for none of a later
 * snapshot: whatever waits leaves before the barrier, so that no snapshot has to know of it.
 */
final class BundlingOperator extends AbstractStreamOperator<Bundle>
        implements OneInputStreamOperator<Letter, Bundle>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1;

    /** A letter waits so long at most. It is requests that cost CPU, here and in the broker, and this bounds their number. */
    static final long LONGEST_WAIT_MS = 10;

    /**
     * No bundle of several letters is larger. A record must stay below what the broker and the producer take, and a letter of
     * nearly that size, behind others, would go beyond it, and do so again after every restart.
     */
    static final int MOST_BYTES = 1 << 15;

    /** How many partitions the feedback topic has. Asked once by each task that starts. */
    interface Partitions extends Serializable {
        int number() throws Exception;
    }

    private final Partitions partitions;
    private transient Bundle.Open[] waiting = {};
    private transient MessageOutput room = new MessageOutput();
    private transient ByteBuffer key = ByteBuffer.allocate(0);
    private transient boolean timed;

    BundlingOperator(Partitions partitions) {
        this.partitions = partitions;
    }

    @Override
    public void open() throws Exception {
        super.open();
        waiting = new Bundle.Open[partitions.number()];
        for (int i = 0; i < waiting.length; i++) {
            waiting[i] = new Bundle.Open();
        }
        room = new MessageOutput();
        key = ByteBuffer.allocate(2 * Long.BYTES);
        timed = false;
    }

    @Override
    public void processElement(StreamRecord<Letter> element) {
        Letter letter = element.getValue();
        int partition = partitionOf(letter.to());
        Bundle.Open open = waiting[partition];
        if (!open.add(letter, room)) {
            send(partition);
            open.add(letter, room);
        }
        if (open.size() >= MOST_BYTES) {
            send(partition);
        } else if (!timed) {
            timed = true;
            long now = getProcessingTimeService().getCurrentProcessingTime();
            // At the same moments as other tasks, so that what they send is fetched together.
            getProcessingTimeService().registerTimer(now - now % LONGEST_WAIT_MS + LONGEST_WAIT_MS, this);
        }
    }

    /** As Kafka's producers choose for a key: builds before bundles left it to them, and a node's letters keep their order. */
    private int partitionOf(Hash128 node) {
        key.putLong(0, node.high()).putLong(Long.BYTES, node.low());
        return Utils.toPositive(Utils.murmur2(key.array())) % waiting.length;
    }

    @Override
    public void onProcessingTime(long time) {
        timed = false;
        sendAll();
    }

    @Override
    public void prepareSnapshotPreBarrier(long snapshot) {
        sendAll();
    }

    @Override
    public void finish() {
        sendAll();
    }

    private void sendAll() {
        for (int partition = 0; partition < waiting.length; partition++) {
            if (!waiting[partition].isEmpty()) {
                send(partition);
            }
        }
    }

    private void send(int partition) {
        output.collect(new StreamRecord<>(waiting[partition].close(partition)));
    }
}
