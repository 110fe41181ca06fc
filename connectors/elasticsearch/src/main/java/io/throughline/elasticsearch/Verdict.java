package io.throughline.elasticsearch;

import io.throughline.elasticsearch.BulkAnswer.Status;
import java.util.Set;

/** What an answer of Elasticsearch means for the documents it is about. */
enum Verdict {
    /** Taken. */
    APPLIED,
    /** The same or a newer version is there already: as good as taken. */
    STALE,
    /** Will never be taken: to the dead letters. */
    POISON,
    /** The request is bigger than the server takes: halves may pass. */
    TOO_BIG,
    /** The request was refused because of one of its documents: halves show which. */
    REFUSED,
    /** Busy or down: again later, for as long as it takes. */
    BUSY,
    /** Credentials or rights refused: a set-up error at start-up, a key rotation later. */
    UNAUTHORISED,
    /** Our indices are not there. */
    MISSING_INDEX,
    /** Not an answer Elasticsearch gives to a bulk: something else is listening. */
    UNUSABLE;

    private static final Set<String> POISON_TYPES = Set.of(
            "document_parsing_exception",
            "mapper_parsing_exception",
            "strict_dynamic_mapping_exception",
            "illegal_argument_exception",
            "action_request_validation_exception");

    /** 400s that speak of the cluster or the index, not of the document. */
    private static final Set<String> ENVIRONMENT_TYPES = Set.of("index_closed_exception", "validation_exception");

    static Verdict ofDocument(Status status) {
        if ("cluster_block_exception".equals(status.type())
                || "es_rejected_execution_exception".equals(status.type())) {
            // A read-only index answers 403, a full disk 429: neither is about credentials or the document.
            return BUSY;
        }
        return switch (status.code()) {
            case 200, 201 -> APPLIED;
            case 409 -> STALE;
            case 400 -> status.type() != null && ENVIRONMENT_TYPES.contains(status.type()) ? BUSY : POISON;
            case 413 -> TOO_BIG;
            case 401, 403 -> UNAUTHORISED;
            // Without an error: what was to be deleted is not there, and its version is remembered.
            case 404 -> status.type() == null ? APPLIED : MISSING_INDEX;
            default -> BUSY;
        };
    }

    static Verdict ofRequest(Status status) {
        if ("cluster_block_exception".equals(status.type())) {
            return BUSY;
        }
        int code = status.code();
        if (code == 408 || code == 429 || code >= 500) {
            return BUSY;
        }
        return switch (code) {
            case 413 -> TOO_BIG;
            case 400 -> status.type() != null && POISON_TYPES.contains(status.type()) ? REFUSED : BUSY;
            case 401, 403 -> UNAUTHORISED;
            case 404 -> "index_not_found_exception".equals(status.type()) ? MISSING_INDEX : UNUSABLE;
            default -> UNUSABLE;
        };
    }
}
