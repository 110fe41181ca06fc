package io.throughline.elasticsearch;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The way to Elasticsearch. */
public interface BulkTransport extends AutoCloseable {

    /**
     * Fails fast on what waiting cannot mend; an Elasticsearch that is down or busy is no such thing.
     *
     * @throws UnusableElasticsearchException if the credentials are refused or the version is not supported
     */
    void check();

    /**
     * Sends documents without blocking for the answer. Trouble with Elasticsearch or the way to it is an answer; it
     * completes exceptionally only if the client itself is broken, which fails the job.
     */
    CompletionStage<BulkAnswer> send(List<IndexAction> actions);

    @Override
    void close() throws IOException;

    /** Opens one per subtask, on the machine it runs on. */
    @FunctionalInterface
    interface Factory extends Serializable {
        BulkTransport open();
    }
}
