package io.throughline.domain.ingest;

/** What a decoder made of one record: the facts as sent, or why there are none. Decoders never throw on bad data. */
public sealed interface Decoded permits RawTouchpoint, Refused {}
