package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.RejectReason;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.KafkaRecord;
import io.throughline.schemas.Touchpoint;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Touchpoints in Confluent's wire format; waits while the registry is away, refuses what the registry does not know. */
public final class KafkaAvroFormat implements RecordFormat<KafkaRecord> {
    private static final long serialVersionUID = 1;

    private final String registryUrl;
    private final int maxRecordBytes;

    @SuppressWarnings("NullAway.Init")
    private transient AvroDecoder<Touchpoint> decoder;

    /** @param maxRecordBytes size beyond which a record is refused unread; the decoder's own limit holds as well */
    public KafkaAvroFormat(String registryUrl, int maxRecordBytes) {
        this.registryUrl = registryUrl;
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public void open() {
        decoder = AvroDecoder.of(Touchpoint.class, registryUrl);
    }

    @Override
    public Reading read(KafkaRecord record) throws InterruptedException {
        int size = raw(record).length;
        if (size > maxRecordBytes) {
            String detail = "the record has " + size + " bytes, more than " + maxRecordBytes;
            return new Reading(new Refused(RejectReason.OVERSIZE, detail), null);
        }
        Decoded<Touchpoint> decoded = decoder.decodeWaiting(record);
        if (decoded instanceof Decoded.Record<Touchpoint> touchpoint) {
            return new Reading(AvroTouchpoints.raw(touchpoint.value()), touchpoint.schemaId());
        }
        Decoded.Failure<Touchpoint> failure = (Decoded.Failure<Touchpoint>) decoded;
        RejectReason reason =
                switch (failure.kind()) {
                    case EMPTY -> RejectReason.EMPTY;
                    case MALFORMED -> RejectReason.MALFORMED;
                    case UNKNOWN_SCHEMA -> RejectReason.UNKNOWN_SCHEMA;
                    case INCOMPATIBLE_SCHEMA -> RejectReason.INCOMPATIBLE_SCHEMA;
                    case OVERSIZE -> RejectReason.OVERSIZE;
                };
        return new Reading(new Refused(reason, failure.detail()), failure.schemaId());
    }

    @Override
    public String origin(KafkaRecord record) {
        return record.origin();
    }

    @Override
    public String source(KafkaRecord record) {
        return record.source();
    }

    @Override
    public byte[] raw(KafkaRecord record) {
        byte[] value = record.value();
        return value == null ? new byte[0] : value;
    }

    @Override
    public @Nullable String key(KafkaRecord record) {
        byte[] key = record.key();
        return key == null ? null : new String(key, StandardCharsets.UTF_8);
    }

    @Override
    public Long timestamp(KafkaRecord record) {
        return record.timestamp();
    }
}
