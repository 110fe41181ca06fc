package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;

/** What somebody asks about. */
public sealed interface Subject {

    /** A touchpoint, by its touchpoint_id. */
    record TouchpointId(String id) implements Subject {}

    /** An identifier, as ingest passes it on. */
    record Known(Identifier identifier) implements Subject {}

    /** A value that ingest leaves out: a placeholder, or nothing its type could be. */
    record Nobody(String type) implements Subject {}
}
