package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.TouchpointChange;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The channel by which messages between identifier nodes of different tasks leave the stitch operator and come back to
 * it; those within a task do not need it. It keeps the order of one sender's messages to one node, may bring messages
 * again after a failure, loses none that was sent before a completed checkpoint, and never holds the watermark back.
 */
public interface Feedback {

    /** Messages sent and not yet taken in. */
    DataStream<Letter> receive(StreamExecutionEnvironment env);

    /** Takes messages to be received. */
    void send(DataStream<Letter> messages);

    /** Sees the touchpoints on their way into stitching. */
    default DataStream<TouchpointChange> watch(DataStream<TouchpointChange> touchpoints) {
        return touchpoints;
    }

    /** Who must know when everything has come to rest. */
    default Progress progress() {
        return Progress.UNWATCHED;
    }
}
