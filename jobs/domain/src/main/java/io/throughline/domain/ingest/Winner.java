package io.throughline.domain.ingest;

import io.throughline.domain.touchpoint.Touchpoint;

/**
 * The record that stands for a touchpoint_id at the moment.
 *
 * @param source where it was read
 * @param generation how many records have stood for the id, this one included
 * @param latestEventTime the largest event time any record with this id had, epoch milliseconds
 */
public record Winner(Touchpoint touchpoint, String source, int generation, long latestEventTime) {}
