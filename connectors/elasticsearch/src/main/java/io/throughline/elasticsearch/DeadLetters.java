package io.throughline.elasticsearch;

import java.io.IOException;
import java.io.Serializable;

/**
 * Where documents go that Elasticsearch will never take. Used by one thread. The same letter may come again after a
 * restart; its index and id identify it.
 */
public interface DeadLetters extends AutoCloseable {

    /** Hands a letter over; it need not be durable yet. */
    void accept(DeadLetter letter) throws IOException;

    /**
     * Returns when every letter accepted is durable; the checkpoint waits for it.
     *
     * @throws IOException if one cannot be kept: the job fails and comes back to the document
     */
    void flush() throws IOException, InterruptedException;

    @Override
    void close() throws IOException;

    /** Opens one per subtask, on the machine it runs on. */
    @FunctionalInterface
    interface Factory extends Serializable {
        DeadLetters open() throws IOException;
    }
}
