package io.throughline.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.kafka.AvroSinks;
import io.throughline.kafka.AvroSinks.ToRecord;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.RecordKey;
import io.throughline.pipeline.wire.Encoded;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;

/**
 * Makes a topic's records of documents where those are made. Whoever writes them in transactions, elsewhere, passes bytes on: it
 * would otherwise read every document from bytes only to write other bytes of it.
 *
 * @param <V> the document
 * @param <T> its record
 */
final class EncodeFunction<V, T extends SpecificRecord> extends RichMapFunction<V, Encoded> {

    private static final long serialVersionUID = 1;

    private final String topic;
    private final Class<T> type;
    private final ToRecord<V, T> toRecord;
    private final RecordKey<T> key;
    private final String registryUrl;

    @SuppressWarnings("NullAway.Init")
    private transient AvroWriter<T> writer;

    EncodeFunction(String topic, Class<T> type, ToRecord<V, T> toRecord, RecordKey<T> key, String registryUrl) {
        this.topic = topic;
        this.type = type;
        this.toRecord = toRecord;
        this.key = key;
        this.registryUrl = registryUrl;
    }

    /** Waits for a registry that is away. */
    @Override
    public void open(OpenContext context) throws InterruptedException {
        writer = AvroSinks.writer(type, topic, registryUrl);
    }

    @Override
    public Encoded map(V document) {
        T record = toRecord.of(document);
        String recordKey = key.of(record);
        return new Encoded(recordKey == null ? null : recordKey.getBytes(UTF_8), writer.write(record));
    }
}
