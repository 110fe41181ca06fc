package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Decoded;
import io.throughline.kafka.KafkaRecord;
import io.throughline.schemas.Touchpoint;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Touchpoints in Confluent's wire format; waits while the registry is away, refuses what the registry does not know. */
public final class KafkaAvroFormat implements RecordFormat<KafkaRecord> {
    private static final long serialVersionUID = 1;

    private final String registryUrl;
    private final int maxRecordBytes;

    @SuppressWarnings("NullAway.Init")
    private transient AvroRecords<Touchpoint> records;

    /** @param maxRecordBytes size beyond which a record is refused unread; the decoder's own limit holds as well */
    public KafkaAvroFormat(String registryUrl, int maxRecordBytes) {
        this.registryUrl = registryUrl;
        this.maxRecordBytes = maxRecordBytes;
    }

    @Override
    public void open() {
        records = new AvroRecords<>(Touchpoint.class, registryUrl, maxRecordBytes);
    }

    @Override
    public Reading read(KafkaRecord record) throws InterruptedException {
        AvroRecords.Answer<Touchpoint> answer = records.read(record);
        Touchpoint touchpoint = answer.record();
        Decoded decoded =
                touchpoint != null ? AvroTouchpoints.raw(touchpoint) : Objects.requireNonNull(answer.refused());
        return new Reading(decoded, answer.schemaId());
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
        return AvroRecords.raw(record);
    }

    @Override
    public @Nullable String key(KafkaRecord record) {
        return AvroRecords.key(record);
    }

    @Override
    public boolean redriven(KafkaRecord record) {
        return record.redriven();
    }

    @Override
    public Long timestamp(KafkaRecord record) {
        return record.timestamp();
    }
}
