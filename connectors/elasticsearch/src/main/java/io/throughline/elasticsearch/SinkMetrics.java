package io.throughline.elasticsearch;

/**
 * Names of what the sink counts beside what Flink counts of every sink, documents unless said otherwise. Dashboards and alerting
 * rules outside this build go by them; docs/operating.md says what each means.
 */
public final class SinkMetrics {

    /** Done with: written, or what was to be deleted is gone. */
    public static final String DOCS_OK = "es_docs_ok";

    /** Found in Elasticsearch as they are, or newer. */
    public static final String DOCS_STALE = "es_docs_stale";

    /** Handed to the dead letters. */
    public static final String DOCS_DLQ = "es_docs_dlq";

    /** Replaced by a newer version of themselves before they were sent. */
    public static final String DOCS_COALESCED = "es_docs_coalesced";

    /** To be sent once more. */
    public static final String RETRY_TOTAL = "es_retry_total";

    /** Bulks sent. */
    public static final String BULK_TOTAL = "es_bulk_total";

    /** Bulks cut in halves. */
    public static final String BULK_SPLIT = "es_bulk_split";

    /** Answers that refused the credentials. */
    public static final String AUTH_ERRORS = "es_auth_errors";

    /** 0 closed, 1 probing, 2 open: nothing is sent. */
    public static final String CIRCUIT_STATE = "es_circuit_state";

    /** How long the oldest document has been kept, milliseconds. */
    public static final String OLDEST_UNACKED_MS = "es_oldest_unacked_ms";

    private SinkMetrics() {}
}
