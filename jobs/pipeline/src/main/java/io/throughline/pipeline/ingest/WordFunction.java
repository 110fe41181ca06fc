package io.throughline.pipeline.ingest;

import io.throughline.domain.ingest.Refused;
import io.throughline.kafka.KafkaRecord;
import java.io.Serializable;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Decodes and checks one record of a topic on which people say something of identifiers: their word, or a rejection with
 * its reason and original bytes.
 *
 * @param <T> the record
 * @param <O> the word
 */
final class WordFunction<T extends SpecificRecord, O> extends ProcessFunction<KafkaRecord, O> {
    private static final long serialVersionUID = 1;

    /** The word, or why there is none: exactly one of the two. */
    record Checked<O>(@Nullable O word, @Nullable Refused refused) {}

    /** Says what a record says; made where the records are. */
    interface Check<T, O> {

        /** @param receivedTime timestamp of the Kafka record, epoch milliseconds */
        Checked<O> of(T record, long receivedTime);
    }

    /** Makes a check in the task that needs it. */
    interface Opener<T, O> extends Serializable {
        Check<T, O> open();
    }

    private final Class<T> type;
    private final String registryUrl;
    private final int maxRecordBytes;
    private final Opener<T, O> opener;

    @SuppressWarnings("NullAway.Init")
    private transient AvroRecords<T> records;

    @SuppressWarnings("NullAway.Init")
    private transient Check<T, O> check;

    @SuppressWarnings("NullAway.Init")
    private transient RejectedCounts rejected;

    WordFunction(Class<T> type, String registryUrl, int maxRecordBytes, Opener<T, O> opener) {
        this.type = type;
        this.registryUrl = registryUrl;
        this.maxRecordBytes = maxRecordBytes;
        this.opener = opener;
    }

    @Override
    public void open(OpenContext context) {
        records = new AvroRecords<>(type, registryUrl, maxRecordBytes);
        check = opener.open();
        rejected = new RejectedCounts(getRuntimeContext().getMetricGroup());
    }

    @Override
    public void processElement(KafkaRecord record, Context context, Collector<O> out) throws InterruptedException {
        AvroRecords.Answer<T> answer = records.read(record);
        T sent = answer.record();
        if (sent == null) {
            reject(record, Objects.requireNonNull(answer.refused()), answer.schemaId(), context);
            return;
        }
        Checked<O> checked = check.of(sent, record.timestamp());
        O word = checked.word();
        if (word == null) {
            reject(record, Objects.requireNonNull(checked.refused()), answer.schemaId(), context);
        } else {
            out.collect(word);
        }
    }

    private void reject(KafkaRecord record, Refused refused, @Nullable Integer schemaId, Context context) {
        rejected.count(refused.reason());
        context.output(DecodeFunction.REJECTED, AvroRecords.rejected(record, refused, schemaId));
    }
}
