package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.pipeline.kit.LayoutBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Properties;
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
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Messages over an internal Kafka topic, outside any transaction so that a hop does not wait for a checkpoint; the sink
 * flushes before every checkpoint. A record's key is the node it is for, so one sender's messages to a node keep their
 * order.
 *
 * @param topic the internal topic; no other job may write to it
 * @param since a job without state takes in messages written from this broker time on, epoch milliseconds: none of an
 *     earlier job, and none of its own is missed while its source starts
 * @param properties further properties of consumer and producer, for example {@code security.protocol}
 */
public record KafkaFeedback(
        String bootstrapServers, String topic, String group, long since, Map<String, String> properties)
        implements Feedback {

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
        KafkaSink<Letter> sink = KafkaSink.<Letter>builder()
                .setKafkaProducerConfig(given)
                .setBootstrapServers(bootstrapServers)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new ToBytes(topic))
                .setProperty("linger.ms", "2")
                .build();
        messages.sinkTo(sink).name("stitch-feed").uid("stitch-feed");
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

    private record ToBytes(String topic) implements KafkaRecordSerializationSchema<Letter> {
        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Letter letter, KafkaSinkContext context, @Nullable Long timestamp) {
            Hash128 to = letter.message().to();
            byte[] key =
                    ByteBuffer.allocate(16).putLong(to.high()).putLong(to.low()).array();
            return new ProducerRecord<>(topic, key, LayoutBytes.write(letter, LetterLayout.INSTANCE));
        }
    }

    private static final class FromBytes implements KafkaRecordDeserializationSchema<Letter> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Letter> out) throws IOException {
            out.collect(LayoutBytes.read(record.value(), LetterLayout.INSTANCE));
        }

        @Override
        public TypeInformation<Letter> getProducedType() {
            return LetterLayout.TYPE;
        }
    }
}
