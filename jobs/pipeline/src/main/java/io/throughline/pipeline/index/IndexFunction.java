package io.throughline.pipeline.index;

import io.throughline.elasticsearch.IndexAction;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.KafkaRecordTypeInfo;
import io.throughline.schemas.Accounting;
import io.throughline.schemas.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the records of every document topic and says where each document goes. What holds no document leaves by
 * {@link #REJECTED}, ready to be written. Waits for a Schema Registry that is away.
 */
final class IndexFunction extends ProcessFunction<KafkaRecord, IndexAction> {

    static final OutputTag<KafkaRecord> REJECTED = new OutputTag<>("rejected", KafkaRecordTypeInfo.INSTANCE);

    private static final long serialVersionUID = 1;

    private final int generation;
    private final String registryUrl;

    /** Null until opened. */
    @SuppressWarnings("NullAway.Init")
    private transient Map<String, Documents<?>> byTopic;

    @SuppressWarnings("NullAway.Init")
    private transient AvroWriter<Rejected> rejectedWriter;

    IndexFunction(int generation, String registryUrl) {
        this.generation = generation;
        this.registryUrl = registryUrl;
    }

    private record Documents<T extends SpecificRecord>(DocumentTopic<T> topic, AvroDecoder<T> decoder) {}

    @Override
    public void open(OpenContext context) throws Exception {
        rejectedWriter = AvroWriter.of(Rejected.class, RejectedRecords.TOPIC, registryUrl, Map.of());
        byTopic = new HashMap<>();
        for (DocumentTopic<?> topic : DocumentTopic.ALL) {
            byTopic.put(topic.name(), documentsOf(topic));
        }
    }

    @Override
    public void processElement(KafkaRecord record, Context context, Collector<IndexAction> out) throws Exception {
        Documents<?> documents = byTopic.get(record.topic());
        if (documents == null) {
            throw new IllegalStateException("topic " + record.topic() + " holds no documents");
        }
        process(record, documents, context, out);
    }

    private <T extends SpecificRecord> void process(
            KafkaRecord record, Documents<T> documents, Context context, Collector<IndexAction> out)
            throws InterruptedException {
        Decoded<T> decoded = documents.decoder().decodeWaiting(record);
        if (decoded instanceof Decoded.Failure<T> failure) {
            reject(
                    record,
                    failure.kind().name().toLowerCase(Locale.ROOT),
                    failure.detail(),
                    failure.schemaId(),
                    context);
            return;
        }
        Decoded.Record<T> read = (Decoded.Record<T>) decoded;
        IndexAction action;
        try {
            action = documents.topic().action(read.value(), generation, record.timestamp());
        } catch (IllegalArgumentException e) {
            reject(record, "invalid_value", String.valueOf(e.getMessage()), read.schemaId(), context);
            return;
        }
        out.collect(action);
        if (read.value() instanceof Accounting account) {
            out.collect(DocumentTopic.quality(account, generation, record.timestamp()));
        }
    }

    private void reject(KafkaRecord record, String reason, String detail, @Nullable Integer schemaId, Context context) {
        Rejected rejected = RejectedRecords.of(record, reason, detail, schemaId);
        context.output(
                REJECTED,
                new KafkaRecord(
                        RejectedRecords.TOPIC,
                        -1,
                        -1,
                        record.timestamp(),
                        rejected.getOrigin().getBytes(StandardCharsets.UTF_8),
                        rejectedWriter.write(rejected),
                        null));
    }

    private <T extends SpecificRecord> Documents<T> documentsOf(DocumentTopic<T> topic) {
        return new Documents<>(topic, AvroDecoder.of(topic.type(), registryUrl));
    }

    @Override
    public void close() throws IOException {
        if (byTopic == null) {
            // Cancelled before it was opened; to throw here would end the whole TaskManager.
            return;
        }
        for (Documents<?> documents : byTopic.values()) {
            documents.decoder().close();
        }
    }
}
