package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.schemas.Touchpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends touchpoints outside of Flink: from the simulator, the command line, a collector.
 *
 * <p>Sending only queues; the first record the brokers did not take makes every later call fail, {@link #flush()} included,
 * so that nobody believes in records that are lost. The producer is idempotent: what it retries arrives once and in order.
 * One instance may be used by one thread at a time.
 */
public final class TouchpointProducer implements AutoCloseable {

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroWriter<Touchpoint> writer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    private TouchpointProducer(String topic, KafkaProducer<byte[], byte[]> producer, AvroWriter<Touchpoint> writer) {
        this.topic = topic;
        this.producer = producer;
        this.writer = writer;
    }

    /**
     * Opens a producer. The topic and its schema must have been provisioned.
     *
     * @throws RegistryUnavailableException if the registry does not answer
     * @throws IllegalStateException if the topic's subject does not hold the schema
     */
    public static TouchpointProducer open(String topic, String bootstrapServers, String registryUrl)
            throws RegistryUnavailableException {
        return open(topic, bootstrapServers, registryUrl, Map.of(), Map.of());
    }

    /** As {@link #open(String, String, String)}, with further properties of the producer and the registry client. */
    public static TouchpointProducer open(
            String topic,
            String bootstrapServers,
            String registryUrl,
            Map<String, String> producerProperties,
            Map<String, String> registryProperties)
            throws RegistryUnavailableException {
        AvroWriter<Touchpoint> writer = AvroWriter.of(Touchpoint.class, topic, registryUrl, registryProperties);
        Map<String, Object> properties = new HashMap<>(Map.of(
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.LINGER_MS_CONFIG,
                20,
                ProducerConfig.BATCH_SIZE_CONFIG,
                1 << 17,
                ProducerConfig.COMPRESSION_TYPE_CONFIG,
                "lz4"));
        properties.putAll(producerProperties);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return new TouchpointProducer(
                topic, new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer()), writer);
    }

    /**
     * The key a touchpoint is sent under: the value of its first identifier, so that one customer's touchpoints mostly stay
     * in order; absent where it bears none.
     */
    public static @Nullable String keyOf(Touchpoint touchpoint) {
        return touchpoint.getIdentifiers() == null
                        || touchpoint.getIdentifiers().isEmpty()
                ? null
                : touchpoint.getIdentifiers().get(0).getValue();
    }

    /** Queues a touchpoint; blocks while the queue is full. */
    public void send(Touchpoint touchpoint) {
        String key = keyOf(touchpoint);
        sendRaw(key == null ? null : key.getBytes(UTF_8), writer.write(touchpoint));
    }

    /** Queues any bytes at all, to show what becomes of bad input. */
    public void sendRaw(byte @Nullable [] key, byte @Nullable [] value) {
        failIfFailed();
        producer.send(new ProducerRecord<>(topic, key, value), (metadata, e) -> {
            if (e != null) {
                failure.compareAndSet(null, e);
            }
        });
    }

    /** The bytes {@link #send} would write, for those who want to damage them first. */
    public byte[] encode(Touchpoint touchpoint) {
        return writer.write(touchpoint);
    }

    /** Returns when the brokers have taken everything sent so far. */
    public void flush() {
        producer.flush();
        failIfFailed();
    }

    /** Sends what is queued and closes. */
    @Override
    public void close() {
        try {
            producer.close();
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        }
        failIfFailed();
    }

    private void failIfFailed() {
        Exception cause = failure.get();
        if (cause != null) {
            throw new KafkaException("a record was not taken by topic " + topic + ": " + cause.getMessage(), cause);
        }
    }
}
