package io.throughline.domain.ingest;

/**
 * How all records read from one source ended so far.
 *
 * @param source topic and partition, or a file
 * @param revision grows with every change
 */
public record Account(String source, Accounting total, long revision) {}
