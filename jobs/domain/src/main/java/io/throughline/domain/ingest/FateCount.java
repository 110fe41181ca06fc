package io.throughline.domain.ingest;

import org.jspecify.annotations.Nullable;

/**
 * Records of one source that ended the same way.
 *
 * @param reason for rejected records, a {@link RejectReason#code()}
 * @param count may be negative: records counted before that ended another way after all
 */
public record FateCount(String source, Fate fate, @Nullable String reason, long count) {}
