package io.throughline.pipeline.stitch;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Messages over an internal Kafka topic, outside any transaction so that a hop does not wait for a checkpoint; the sink
 * flushes before every checkpoint. All for one node go to one partition, so one sender's messages to a node keep their
 * order; those that one task sends to a partition within some milliseconds are one record.
 *
 * @param topic the internal topic; no other job may write to it
 * @param since a job without state takes in messages written from this broker time on, epoch milliseconds: none of an
 *     earlier job, and none of its own is missed while its source starts
 * @param properties further properties of consumer and producer, for example {@code security.protocol}
 */
public record KafkaFeedback(
        String bootstrapServers, String topic, String group, long since, Map<String, String> properties)
        implements Feedback {

    /** Letters have waited for each other already; this is for the bundles of other partitions, which leave at the same moment. */
    private static final String LINGER_MS = "1";

    private static final String BATCH_BYTES = "65536";

    @Override
    public DataStream<Letter> receive(StreamExecutionEnvironment env) {
        Properties given = new Properties();
        given.putAll(properties);
        KafkaSource<Letter> source = KafkaSource.<Letter>builder()
                .setProperties(given)
                .setBootstrapServers(bootstrapServers)
                .setTopics(topic)
                .setGroupId(group)
                .setStartingOffsets(OffsetsInitializer.timestamp(since))
                .setDeserializer(new FromBytes())
                .build();
        return env.fromSource(source, WatermarkStrategy.forGenerator(context -> new AlwaysIdle()), "stitch-feedback")
                .uid("stitch-feedback")
                .returns(LetterLayout.TYPE);
    }

    @Override
    public void send(DataStream<Letter> messages) {
        Properties given = new Properties();
        given.putAll(properties);
        KafkaSink<Bundle> sink = KafkaSink.<Bundle>builder()
                .setKafkaProducerConfig(given)
                .setBootstrapServers(bootstrapServers)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new ToRecord(topic))
                .setProperty("linger.ms", LINGER_MS)
                .setProperty("batch.size", BATCH_BYTES)
                .build();
        messages.transform(
                        "stitch-bundle",
                        Bundle.TYPE,
                        new BundlingOperator(new PartitionsOf(topic, bootstrapServers, properties)))
                .uid("stitch-bundle")
                .sinkTo(sink)
                .name("stitch-feed")
                .uid("stitch-feed");
    }

    /** Messages carry no time of their own: what they cause follows the touchpoints' time. */
    private static final class AlwaysIdle implements WatermarkGenerator<Letter> {
        @Override
        public void onEvent(Letter letter, long timestamp, WatermarkOutput output) {
            output.markIdle();
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            output.markIdle();
        }
    }

    private static final class ToRecord implements KafkaRecordSerializationSchema<Bundle> {
        private static final long serialVersionUID = 1;

        private final String topic;

        ToRecord(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Bundle bundle, KafkaSinkContext context, @Nullable Long timestamp) {
            return new ProducerRecord<>(topic, bundle.partition(), null, bundle.bytes());
        }
    }

    private record PartitionsOf(String topic, String bootstrapServers, Map<String, String> properties)
            implements BundlingOperator.Partitions {

        @Override
        public int number() throws ExecutionException, InterruptedException {
            Map<String, Object> given = new HashMap<>(properties);
            given.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            try (Admin admin = Admin.create(given)) {
                return Objects.requireNonNull(
                                admin.describeTopics(List.of(topic))
                                        .allTopicNames()
                                        .get()
                                        .get(topic),
                                "described as asked")
                        .partitions()
                        .size();
            }
        }
    }

    private static final class FromBytes implements KafkaRecordDeserializationSchema<Letter> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Letter> out) throws IOException {
            Bundle.open(record.value(), out::collect);
        }

        @Override
        public TypeInformation<Letter> getProducedType() {
            return LetterLayout.TYPE;
        }
    }
}
