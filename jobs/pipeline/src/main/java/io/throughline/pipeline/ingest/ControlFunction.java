package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Refused;
import io.throughline.domain.ingest.RejectReason;
import io.throughline.kafka.KafkaRecord;
import java.io.Serializable;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and checks one record of a topic on which people say something: what they say, or a rejection with its reason and
 * original bytes.
 *
 * @param <T> the record
 * @param <O> what it says
 */
final class ControlFunction<T extends SpecificRecord, O> extends ProcessFunction<KafkaRecord, O> {
    private static final long serialVersionUID = 1;

    /** Reads what a record says; it throws an IllegalArgumentException, in words, where that is nothing. */
    interface Reading<T, O> extends Serializable {
        O of(T record);
    }

    /** Reads what the deletion of a key says; null: nothing. */
    interface Deletion<O> extends Serializable {
        @Nullable
        O of(String key);
    }

    private final Class<T> type;
    private final String registryUrl;
    private final int maxRecordBytes;
    private final Reading<T, O> reading;
    private final Deletion<O> deletion;

    @SuppressWarnings("NullAway.Init")
    private transient AvroRecords<T> records;

    @SuppressWarnings("NullAway.Init")
    private transient RejectedCounts rejected;

    ControlFunction(
            Class<T> type, String registryUrl, int maxRecordBytes, Reading<T, O> reading, Deletion<O> deletion) {
        this.type = type;
        this.registryUrl = registryUrl;
        this.maxRecordBytes = maxRecordBytes;
        this.reading = reading;
        this.deletion = deletion;
    }

    @Override
    public void open(OpenContext context) {
        records = new AvroRecords<>(type, registryUrl, maxRecordBytes);
        rejected = new RejectedCounts(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement(KafkaRecord record, Context context, Collector<O> out) throws InterruptedException {
        String key = AvroRecords.key(record);
        if (record.value() == null && key != null) {
            O deleted = deletion.of(key);
            if (deleted != null) {
                out.collect(deleted);
                return;
            }
        }
        AvroRecords.Answer<T> answer = records.read(record);
        T sent = answer.record();
        if (sent == null) {
            reject(record, Objects.requireNonNull(answer.refused()), answer.schemaId(), context);
            return;
        }
        try {
            out.collect(reading.of(sent));
        } catch (IllegalArgumentException e) {
            reject(
                    record,
                    new Refused(RejectReason.INVALID_VALUE, String.valueOf(e.getMessage())),
                    answer.schemaId(),
                    context);
        }
    }

    private void reject(KafkaRecord record, Refused refused, @Nullable Integer schemaId, Context context) {
        rejected.count(refused.reason());
        context.output(DecodeFunction.REJECTED, AvroRecords.rejected(record, refused, schemaId));
    }
}
