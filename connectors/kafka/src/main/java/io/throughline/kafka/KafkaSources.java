package io.throughline.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Sources of undecoded records. Decoding is the job's first step, so that what cannot be decoded is still a record. */
public final class KafkaSources {

    /** Which records of transactional producers are read. */
    public enum Isolation {
        /** Nothing of an open or aborted transaction; a reader waits where a transaction is open. */
        READ_COMMITTED,
        /** Everything at once, aborted records too. */
        READ_UNCOMMITTED
    }

    private KafkaSources() {}

    /**
     * An endless source. Positions are kept in Flink's checkpoints; they are also committed to the group, for people who
     * watch lag, and only read back where {@code startingOffsets} says so. The topics must exist before the job starts.
     *
     * @param startingOffsets used only when the job starts without state
     * @param clientProperties further properties of the Kafka consumer, for example {@code security.protocol}
     */
    public static KafkaSource<KafkaRecord> of(
            Collection<String> topics,
            String bootstrapServers,
            String groupId,
            OffsetsInitializer startingOffsets,
            Isolation isolation,
            Map<String, String> clientProperties) {
        return builder(topics, bootstrapServers, groupId, startingOffsets, isolation, clientProperties)
                .build();
    }

    /**
     * A source that ends: it reads what the topics hold at the moment it starts, from the earliest record on. For replays
     * and tests.
     */
    public static KafkaSource<KafkaRecord> bounded(
            Collection<String> topics,
            String bootstrapServers,
            String groupId,
            Isolation isolation,
            Map<String, String> clientProperties) {
        return builder(topics, bootstrapServers, groupId, OffsetsInitializer.earliest(), isolation, clientProperties)
                .setBounded(OffsetsInitializer.latest())
                .build();
    }

    private static KafkaSourceBuilder<KafkaRecord> builder(
            Collection<String> topics,
            String bootstrapServers,
            String groupId,
            OffsetsInitializer startingOffsets,
            Isolation isolation,
            Map<String, String> clientProperties) {
        KafkaSourceBuilder<KafkaRecord> builder = KafkaSource.<KafkaRecord>builder();
        clientProperties.forEach(builder::setProperty);
        return builder.setBootstrapServers(bootstrapServers)
                .setTopics(List.copyOf(topics))
                .setGroupId(groupId)
                // Two sources of one job otherwise register the same name with the metrics of the JVM.
                .setClientIdPrefix(groupId + "-" + String.join("-", topics))
                .setStartingOffsets(startingOffsets)
                .setDeserializer(new RecordAsIs())
                .setProperty(
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        isolation == Isolation.READ_COMMITTED ? "read_committed" : "read_uncommitted");
    }

    /** Copies a consumed record as it is; it looks at no byte and cannot fail. */
    static final class RecordAsIs implements KafkaRecordDeserializationSchema<KafkaRecord> {

        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> consumed, Collector<KafkaRecord> out) {
            out.collect(KafkaRecord.of(consumed));
        }

        @Override
        public TypeInformation<KafkaRecord> getProducedType() {
            return KafkaRecordTypeInfo.INSTANCE;
        }
    }
}
