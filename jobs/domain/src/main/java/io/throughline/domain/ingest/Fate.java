package io.throughline.domain.ingest;

/** How a record read ends; every record has exactly one. */
public enum Fate {
    PROCESSED,
    REJECTED,
    LATE,
    DUPLICATE,
    ERASED
}
