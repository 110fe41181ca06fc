package io.throughline.scenarios.simulator;

import io.throughline.schemas.Touchpoint;

/** How touchpoints become bytes on one kind of output. */
interface Wire {
    enum Form {
        JSON,
        /** Confluent's wire format: magic byte 0, four bytes of schema id, Avro binary. */
        AVRO
    }

    Form form();

    byte[] encode(Touchpoint touchpoint);
}
