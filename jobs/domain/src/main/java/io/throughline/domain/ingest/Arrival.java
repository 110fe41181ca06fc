package io.throughline.domain.ingest;

import io.throughline.domain.touchpoint.Touchpoint;

/**
 * An accepted touchpoint and where its record was read.
 *
 * @param source what accounting counts by, for example topic and partition, or a file
 */
public record Arrival(Touchpoint touchpoint, String source) {}
