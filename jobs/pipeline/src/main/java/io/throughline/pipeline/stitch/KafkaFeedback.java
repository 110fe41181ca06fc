package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Hash128;
import java.io.IOException;
import java.io.UncheckedIOException;
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
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
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

    /**
     * Messages wait so long for others to the same partition. It is requests that cost CPU, here and in the broker: with one
     * every 2 ms the producers took nearly twice as much of it per message.
     */
    private static final String LINGER_MS = "10";

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
        KafkaSink<Letter> sink = KafkaSink.<Letter>builder()
                .setKafkaProducerConfig(given)
                .setBootstrapServers(bootstrapServers)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setRecordSerializer(new ToBytes(topic))
                .setProperty("linger.ms", LINGER_MS)
                .setProperty("batch.size", BATCH_BYTES)
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

    private static final class ToBytes implements KafkaRecordSerializationSchema<Letter> {
        private static final long serialVersionUID = 1;

        private final String topic;
        /** Of the one task that writes. */
        private transient @Nullable DataOutputSerializer bytes;

        ToBytes(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(
                Letter letter, KafkaSinkContext context, @Nullable Long timestamp) {
            Hash128 to = letter.to();
            byte[] key =
                    ByteBuffer.allocate(16).putLong(to.high()).putLong(to.low()).array();
            return new ProducerRecord<>(topic, key, bytesOf(letter));
        }

        private byte[] bytesOf(Letter letter) {
            DataOutputSerializer out = bytes;
            if (out == null) {
                out = new DataOutputSerializer(1 << 10);
                bytes = out;
            }
            out.clear();
            try {
                LetterLayout.INSTANCE.write(letter, out);
            } catch (IOException e) {
                throw new UncheckedIOException("memory is always writable", e);
            }
            return out.getCopyOfBuffer();
        }
    }

    private static final class FromBytes implements KafkaRecordDeserializationSchema<Letter> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Letter> out) throws IOException {
            out.collect(LetterLayout.INSTANCE.read(
                    new DataInputDeserializer(record.value()), LetterLayout.INSTANCE.version()));
        }

        @Override
        public TypeInformation<Letter> getProducedType() {
            return LetterLayout.TYPE;
        }
    }
}
