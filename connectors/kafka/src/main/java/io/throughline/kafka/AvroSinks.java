package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaSinkBuilder;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Sinks that write records in Confluent's wire format.
 *
 * <p>The id of the schema is looked up once per task when it opens, under the topic's subject; a task waits for a registry
 * that is away and fails where the schema was never provisioned.
 *
 * <p>A written record carries no timestamp of its own. Flink's default would be the event time, by which a broker deletes
 * replayed history at once and refuses records from a clock an hour ahead.
 */
public final class AvroSinks {

    /**
     * How long a transaction may stay open, and so how long a job may be down without losing what it had written but not
     * committed. It is the most a broker allows by default ({@code transaction.max.timeout.ms}); a broker that allows less
     * refuses the job's first transaction.
     */
    public static final int TRANSACTION_TIMEOUT_MS = 900_000;

    /**
     * Most bytes a written record may have before compression, as the topics for rejected records allow. A larger record
     * fails the job, so whoever makes records of unbounded bytes has to cut them.
     */
    public static final int MAX_RECORD_BYTES = 8 << 20;

    /** Readers who do not wait for a commit do not wait long for a batch either. */
    private static final int LINGER_UNCOMMITTED_MS = 20;

    /**
     * What is in a transaction nobody sees before the checkpoint, and the checkpoint sends what is left: a full batch
     * costs the producer, the broker and every reader a fraction of what its records cost one by one.
     */
    private static final int LINGER_TRANSACTIONAL_MS = 2_000;

    /**
     * Records that do not wait are few to a batch, and for every batch lz4 takes two buffers of 64 kB, whatever is in it:
     * a quarter of all that a job allocated.
     */
    private static final String COMPRESSION_UNCOMMITTED = "none";

    private static final String COMPRESSION_TRANSACTIONAL = "lz4";

    private static final int BATCH_BYTES = 128 << 10;

    private AvroSinks() {}

    /**
     * A sink of one topic, with transactions named by {@link TransactionNamingStrategy#INCREMENTING}.
     *
     * <p>Incrementing names survive every change of parallelism, in either direction and also from a checkpoint older than
     * the change. Their price is that a broker remembers each name, one per task and checkpoint, for
     * {@code transactional.id.expiration.ms} (7 days unless set): set that to an hour on brokers of long-running jobs; an
     * open transaction is never forgotten by it. {@link TransactionNamingStrategy#POOLING} reuses names instead, but
     * relies on how Flink deals state out to tasks when parallelism changes and finds open transactions by listing them,
     * which needs a right to describe every transaction.
     *
     * @param guarantee {@link DeliveryGuarantee#EXACTLY_ONCE}: readers of committed records see each record once, when the
     *     checkpoint after it has completed; {@link DeliveryGuarantee#AT_LEAST_ONCE}: at once, and again after a failure
     * @param transactionalIdPrefix unique among all sinks of all jobs on the same brokers, and the same whenever the job is
     *     restarted; otherwise transactions left open are not aborted, and readers of committed records wait for them
     */
    public static <T extends SpecificRecord> KafkaSink<T> of(
            String topic,
            Class<T> type,
            RecordKey<T> key,
            String bootstrapServers,
            String registryUrl,
            DeliveryGuarantee guarantee,
            String transactionalIdPrefix) {
        return of(
                topic,
                type,
                key,
                bootstrapServers,
                registryUrl,
                guarantee,
                transactionalIdPrefix,
                TransactionNamingStrategy.INCREMENTING,
                Map.of(),
                Map.of());
    }

    /**
     * As {@link #of(String, Class, RecordKey, String, String, DeliveryGuarantee, String)}.
     *
     * @param producerProperties further properties of the Kafka producer, for example {@code security.protocol}
     * @param registryProperties further properties of the registry client
     */
    public static <T extends SpecificRecord> KafkaSink<T> of(
            String topic,
            Class<T> type,
            RecordKey<T> key,
            String bootstrapServers,
            String registryUrl,
            DeliveryGuarantee guarantee,
            String transactionalIdPrefix,
            TransactionNamingStrategy naming,
            Map<String, String> producerProperties,
            Map<String, String> registryProperties) {
        return of(
                topic,
                type,
                record -> record,
                key,
                bootstrapServers,
                registryUrl,
                guarantee,
                transactionalIdPrefix,
                naming,
                producerProperties,
                registryProperties);
    }

    /**
     * As {@link #of(String, Class, RecordKey, String, String, DeliveryGuarantee, String, TransactionNamingStrategy, Map,
     * Map)}, for values that become Avro records only here, so that none crosses the network between operators.
     *
     * @param toRecord makes the record of a value
     */
    public static <V, T extends SpecificRecord> KafkaSink<V> of(
            String topic,
            Class<T> type,
            ToRecord<V, T> toRecord,
            RecordKey<T> key,
            String bootstrapServers,
            String registryUrl,
            DeliveryGuarantee guarantee,
            String transactionalIdPrefix,
            TransactionNamingStrategy naming,
            Map<String, String> producerProperties,
            Map<String, String> registryProperties) {
        return of(
                new AvroRecords<>(topic, type, toRecord, key, registryUrl, registryProperties),
                bootstrapServers,
                guarantee,
                transactionalIdPrefix,
                naming,
                producerProperties);
    }

    /**
     * As {@link #of(String, Class, RecordKey, String, String, DeliveryGuarantee, String, TransactionNamingStrategy, Map,
     * Map)}, for whatever makes records.
     */
    public static <V> KafkaSink<V> of(
            KafkaRecordSerializationSchema<V> records,
            String bootstrapServers,
            DeliveryGuarantee guarantee,
            String transactionalIdPrefix,
            TransactionNamingStrategy naming,
            Map<String, String> producerProperties) {
        boolean transactional = guarantee == DeliveryGuarantee.EXACTLY_ONCE;
        KafkaSinkBuilder<V> builder = KafkaSink.<V>builder()
                .setBootstrapServers(bootstrapServers)
                .setRecordSerializer(records)
                .setDeliveryGuarantee(guarantee)
                .setTransactionNamingStrategy(naming)
                .setTransactionalIdPrefix(transactionalIdPrefix)
                .setProperty(
                        ProducerConfig.COMPRESSION_TYPE_CONFIG,
                        transactional ? COMPRESSION_TRANSACTIONAL : COMPRESSION_UNCOMMITTED)
                .setProperty(
                        ProducerConfig.LINGER_MS_CONFIG,
                        Integer.toString(transactional ? LINGER_TRANSACTIONAL_MS : LINGER_UNCOMMITTED_MS))
                .setProperty(ProducerConfig.BATCH_SIZE_CONFIG, Integer.toString(BATCH_BYTES))
                .setProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Integer.toString(MAX_RECORD_BYTES))
                .setProperty(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, Integer.toString(TRANSACTION_TIMEOUT_MS));
        producerProperties.forEach(builder::setProperty);
        return builder.build();
    }

    /**
     * What writes records of one topic's schema; waits for a registry that is away.
     *
     * @throws IllegalStateException if the topic's subject does not hold the schema
     */
    public static <T extends SpecificRecord> AvroWriter<T> writer(Class<T> type, String topic, String registryUrl)
            throws InterruptedException {
        return writer(type, topic, registryUrl, Map.of());
    }

    private static <T extends SpecificRecord> AvroWriter<T> writer(
            Class<T> type, String topic, String registryUrl, Map<String, String> registryProperties)
            throws InterruptedException {
        return new Patience().until(() -> AvroWriter.of(type, topic, registryUrl, registryProperties));
    }

    /**
     * Makes the Avro record of a value.
     *
     * @param <V> the value
     * @param <T> the record
     */
    public interface ToRecord<V, T extends SpecificRecord> extends Serializable {
        T of(V value);
    }

    /** Turns values into the broker's records; opened once per task. */
    static final class AvroRecords<V, T extends SpecificRecord> implements KafkaRecordSerializationSchema<V> {

        private static final long serialVersionUID = 1;

        private final String topic;
        private final Class<T> type;
        private final ToRecord<V, T> toRecord;
        private final RecordKey<T> key;
        private final String registryUrl;
        private final HashMap<String, String> registryProperties;
        private transient @Nullable AvroWriter<T> writer;

        AvroRecords(
                String topic,
                Class<T> type,
                ToRecord<V, T> toRecord,
                RecordKey<T> key,
                String registryUrl,
                Map<String, String> registryProperties) {
            this.topic = topic;
            this.type = type;
            this.toRecord = toRecord;
            this.key = key;
            this.registryUrl = registryUrl;
            this.registryProperties = new HashMap<>(registryProperties);
        }

        @Override
        public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext)
                throws InterruptedException {
            writer = writer(type, topic, registryUrl, registryProperties);
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(V value, KafkaSinkContext context, @Nullable Long eventTime) {
            if (writer == null) {
                throw new IllegalStateException("the sink of " + topic + " was not opened");
            }
            T record = toRecord.of(value);
            String recordKey = key.of(record);
            return new ProducerRecord<>(
                    topic, recordKey == null ? null : recordKey.getBytes(UTF_8), writer.write(record));
        }
    }
}
