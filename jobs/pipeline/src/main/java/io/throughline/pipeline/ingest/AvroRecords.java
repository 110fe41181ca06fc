package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.RejectReason;
import io.throughline.domain.ingest.Rejected;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.KafkaRecord;
import java.nio.charset.StandardCharsets;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * One kind of record in Confluent's wire format; waits while the registry is away, refuses what the registry does not
 * know. Not thread-safe: one per task.
 *
 * @param <T> the record
 */
final class AvroRecords<T extends SpecificRecord> {

    private final AvroDecoder<T> decoder;
    private final int maxRecordBytes;

    /** @param maxRecordBytes size beyond which a record is refused unread; the decoder's own limit holds as well */
    AvroRecords(Class<T> type, String registryUrl, int maxRecordBytes) {
        this.decoder = AvroDecoder.of(type, registryUrl);
        this.maxRecordBytes = maxRecordBytes;
    }

    /** The record, or why there is none: exactly one of the two. */
    record Answer<T>(@Nullable T record, @Nullable Refused refused, @Nullable Integer schemaId) {}

    Answer<T> read(KafkaRecord record) throws InterruptedException {
        int size = raw(record).length;
        if (size > maxRecordBytes) {
            String detail = "the record has " + size + " bytes, more than " + maxRecordBytes;
            return new Answer<>(null, new Refused(RejectReason.OVERSIZE, detail), null);
        }
        Decoded<T> decoded = decoder.decodeWaiting(record);
        if (decoded instanceof Decoded.Record<T> read) {
            return new Answer<>(read.value(), null, read.schemaId());
        }
        Decoded.Failure<T> failure = (Decoded.Failure<T>) decoded;
        RejectReason reason =
                switch (failure.kind()) {
                    case EMPTY -> RejectReason.EMPTY;
                    case MALFORMED -> RejectReason.MALFORMED;
                    case UNKNOWN_SCHEMA -> RejectReason.UNKNOWN_SCHEMA;
                    case INCOMPATIBLE_SCHEMA -> RejectReason.INCOMPATIBLE_SCHEMA;
                    case OVERSIZE -> RejectReason.OVERSIZE;
                };
        return new Answer<>(null, new Refused(reason, failure.detail()), failure.schemaId());
    }

    /** A record that was refused, as it goes to its topic. */
    static Rejected rejected(KafkaRecord record, Refused refused, @Nullable Integer schemaId) {
        return new Rejected(
                record.origin(),
                refused.reason().code(),
                refused.detail(),
                raw(record),
                schemaId,
                key(record),
                record.timestamp());
    }

    /** The original bytes; empty where there were none. */
    static byte[] raw(KafkaRecord record) {
        byte[] value = record.value();
        return value == null ? new byte[0] : value;
    }

    static @Nullable String key(KafkaRecord record) {
        byte[] key = record.key();
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }
}
