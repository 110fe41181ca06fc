package io.throughline.intake;

import java.util.Locale;

/** Why an event cannot be a touchpoint; where ingest has the reason, too, it is its word. */
public enum RejectReason {
    /** Not written as the vocabulary is. */
    MALFORMED,
    /** More bytes than a record may have, or it would come to a touchpoint with more. */
    OVERSIZE,
    /** What a touchpoint needs is not there, or not under the name the mapping gives. */
    MISSING_FIELD,
    /** A value is not what its field holds. */
    INVALID_VALUE;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
