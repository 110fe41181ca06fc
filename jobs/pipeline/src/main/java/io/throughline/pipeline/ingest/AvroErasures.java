package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.RawErasure;
import io.throughline.domain.ingest.RawTouchpoint.Identity;
import io.throughline.domain.stitch.Erasure;
import io.throughline.schemas.Identifier;
import java.time.Instant;

/** Erasures on the wire: from the control topic, nothing checked, and to it. */
public final class AvroErasures {

    public static RawErasure raw(io.throughline.schemas.Erasure erasure) {
        Identifier identifier = erasure.getIdentifier();
        return new RawErasure(
                new Identity(identifier.getType(), identifier.getValue()),
                erasure.getErasedUntil().toEpochMilli(),
                erasure.getReason(),
                erasure.getAuthor());
    }

    /** @param decidedAt when the erasure was written down, UTC */
    public static io.throughline.schemas.Erasure of(Erasure erasure, Instant decidedAt) {
        return io.throughline.schemas.Erasure.newBuilder()
                .setIdentifier(new Identifier(
                        erasure.identifier().type(), erasure.identifier().value()))
                .setErasedUntil(Instant.ofEpochMilli(erasure.until()))
                .setReason(erasure.reason())
                .setAuthor(erasure.author().isEmpty() ? null : erasure.author())
                .setDecidedAt(decidedAt)
                .build();
    }

    /** The key of the erasure's record: the same text for every erasure of the identifier, and no other's. */
    public static String keyOf(Erasure erasure) {
        return AvroDecisions.keyOf(erasure.identifier());
    }

    private AvroErasures() {}
}
