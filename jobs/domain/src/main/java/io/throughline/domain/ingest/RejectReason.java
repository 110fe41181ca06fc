package io.throughline.domain.ingest;

import java.util.Locale;

/** Why a record cannot count. The lower-case name is what documents and counters carry. */
public enum RejectReason {
    /** No bytes, or a tombstone: the topic of raw touchpoints has none. */
    EMPTY,
    /** Not in the wire format, or not parseable as what it claims to be. */
    MALFORMED,
    /** Bigger than {@code ingest.max_record_bytes}. */
    OVERSIZE,
    /** Names a schema the registry does not know. */
    UNKNOWN_SCHEMA,
    /** Written with a schema that cannot be read as a touchpoint. */
    INCOMPATIBLE_SCHEMA,
    /** A required field is absent or blank. */
    MISSING_FIELD,
    /** A field the envelope does not have. */
    UNKNOWN_FIELD,
    /** A field's value is outside its type or range. */
    INVALID_VALUE,
    /** A channel or kind the configuration does not know, where it says to reject those. */
    UNKNOWN_CHANNEL,
    /** Event time after the received time by more than the allowed skew. */
    FUTURE_EVENT_TIME,
    /** A person's decision on what nobody can decide on: a type that names no person, or one identifier alone. */
    IMPOSSIBLE_DECISION,
    /** An erasure of what cannot be erased: a type that names neither a person nor a device. */
    IMPOSSIBLE_ERASURE;

    /** The name documents and counters carry. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
