package io.throughline.pipeline.index;

import io.throughline.elasticsearch.DeadLetter;
import io.throughline.elasticsearch.IndexAction;
import io.throughline.kafka.KafkaRecord;
import io.throughline.schemas.Rejected;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What this job publishes about what it could not index. */
final class RejectedRecords {

    static final String TOPIC = "rejected";

    /** Of a longer document this much is kept, so that the record fits under a broker's usual limit of 1 MiB. */
    private static final int LONGEST_RAW = 600_000;

    private RejectedRecords() {}

    /** A record of a document topic that holds no document. */
    static Rejected of(KafkaRecord record, String reason, String detail, @Nullable Integer schemaId) {
        byte[] value = record.value() == null ? new byte[0] : record.value();
        byte[] key = record.key();
        return Rejected.newBuilder()
                .setOrigin(record.origin())
                .setReason(reason)
                .setDetail(detail + cutNote(value.length))
                .setRaw(Base64.getEncoder().encodeToString(cut(value)))
                .setRawEncoding("base64")
                .setSchemaId(schemaId)
                .setKey(key == null ? null : new String(key, StandardCharsets.UTF_8))
                .setReceivedTime(Instant.ofEpochMilli(record.timestamp()))
                .build();
    }

    /** A document Elasticsearch will never take; the origin is its index and id. */
    static Rejected of(DeadLetter letter) {
        IndexAction action = letter.action();
        return Rejected.newBuilder()
                .setOrigin(action.index() + "/" + action.id())
                .setReason(letter.reason().name().toLowerCase(Locale.ROOT))
                .setDetail("version " + action.version() + ": " + letter.detail() + cutNote(action.json().length))
                .setRaw(new String(cut(action.json()), StandardCharsets.UTF_8))
                .setRawEncoding(null)
                .setSchemaId(null)
                .setKey(action.id())
                .setReceivedTime(null)
                .build();
    }

    private static byte[] cut(byte[] raw) {
        return raw.length <= LONGEST_RAW ? raw : Arrays.copyOf(raw, LONGEST_RAW);
    }

    private static String cutNote(int length) {
        return length <= LONGEST_RAW ? "" : "; raw holds the first " + LONGEST_RAW + " of " + length + " bytes";
    }
}
