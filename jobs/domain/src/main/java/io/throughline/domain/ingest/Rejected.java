package io.throughline.domain.ingest;

import org.jspecify.annotations.Nullable;

/**
 * A record that cannot count, with everything needed to find, understand and replay it.
 *
 * @param origin FILE:LINE or topic-partition-offset
 * @param reason a {@link RejectReason} in lower case, or {@code late}
 * @param detail what was wrong and where
 * @param raw the original bytes
 * @param schemaId schema id the record named
 * @param key the record's key
 * @param receivedTime Kafka timestamp, epoch milliseconds; null where unknown
 */
public record Rejected(
        String origin,
        String reason,
        String detail,
        byte[] raw,
        @Nullable Integer schemaId,
        @Nullable String key,
        @Nullable Long receivedTime) {}
