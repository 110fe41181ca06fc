package io.throughline.elasticsearch;

import java.io.IOException;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Puts documents into Elasticsearch: at least once, and since every document has an id and an external version, once as
 * far as a reader can tell. Each answer is classified; what will never be taken goes to the dead letters, what cannot be
 * taken now is kept and holds the stream back, and nothing is dropped. Keeps no state: a checkpoint waits until
 * everything before it is acknowledged or dead-lettered, so while Elasticsearch is down checkpoints do not complete.
 *
 * <p>Metrics of each subtask: {@code es_docs_ok}, {@code es_docs_stale}, {@code es_docs_dlq}, {@code es_docs_coalesced},
 * {@code es_bulk_total}, {@code es_bulk_split}, {@code es_retry_total} (documents sent again), {@code es_auth_errors},
 * {@code es_circuit_state} (0 closed, 1 probing, 2 open), {@code es_oldest_unacked_ms}.
 */
public final class ElasticsearchSink implements Sink<IndexAction> {

    private static final long serialVersionUID = 1L;

    private final BulkTransport.Factory transport;
    private final DeadLetters.Factory deadLetters;
    private final BulkLimits limits;
    private final BackOff backOff;
    private final String preparation;

    /**
     * @param preparation the command that creates templates and indices, for the message when one is missing
     */
    public ElasticsearchSink(
            ElasticsearchConnection connection,
            DeadLetters.Factory deadLetters,
            BulkLimits limits,
            BackOff backOff,
            String preparation) {
        this(() -> new ElasticsearchBulkTransport(connection), deadLetters, limits, backOff, preparation);
    }

    /** With another way to Elasticsearch; for tests of topologies. */
    public ElasticsearchSink(
            BulkTransport.Factory transport,
            DeadLetters.Factory deadLetters,
            BulkLimits limits,
            BackOff backOff,
            String preparation) {
        this.transport = transport;
        this.deadLetters = deadLetters;
        this.limits = limits;
        this.backOff = backOff;
        this.preparation = preparation;
    }

    @Override
    public SinkWriter<IndexAction> createWriter(WriterInitContext context) throws IOException {
        BulkTransport opened = transport.open();
        try {
            opened.check();
            return new ElasticsearchSinkWriter(
                    opened,
                    deadLetters.open(),
                    limits,
                    backOff,
                    preparation,
                    context.getMailboxExecutor(),
                    context.metricGroup());
        } catch (IOException | RuntimeException e) {
            opened.close();
            throw e;
        }
    }
}
