package io.throughline.pipeline.kit;

import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * What lies on the way from a touchpoint to its alert, and in the loop that finds out whose a touchpoint is, hands records
 * on soon. Everything else lets them wait for company, as Flink does by default: it ends in transactions that nobody sees before
 * the next checkpoint, or in metrics that are published every few seconds, and each hand-over wakes a task for what there is.
 */
public final class Prompt {

    /** How long a record may wait for others before it crosses to the next task, milliseconds. */
    private static final long WITHIN_MS = 10;

    /** The same operator. What it says to tasks that are chained to it does not wait at all. */
    public static <T> SingleOutputStreamOperator<T> prompt(SingleOutputStreamOperator<T> operator) {
        return operator.setBufferTimeout(WITHIN_MS);
    }

    private Prompt() {}
}
