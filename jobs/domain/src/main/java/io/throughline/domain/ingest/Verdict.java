package io.throughline.domain.ingest;

/** What {@link Validation} made of one record. */
public sealed interface Verdict permits Accepted, Refused {}
