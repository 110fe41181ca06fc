package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Arrival;
import io.throughline.domain.ingest.Rejected;

/**
 * A valid touchpoint that may still be too late.
 *
 * @param ifLate what is published if it is
 * @param redriven whether somebody wants it to count however late it is
 */
public record Incoming(Arrival arrival, Rejected ifLate, boolean redriven) {}
