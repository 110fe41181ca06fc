package io.throughline.elasticsearch;

/** Whether bulks may go out. The ordinal is what {@code es_circuit_state} shows. */
enum Circuit {
    /** As many as allowed. */
    CLOSED,
    /** One, to see whether Elasticsearch is back. */
    PROBING,
    /** None until the back-off is over. */
    OPEN
}
