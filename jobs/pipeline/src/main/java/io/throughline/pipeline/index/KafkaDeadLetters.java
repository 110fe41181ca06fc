package io.throughline.pipeline.index;

import io.throughline.elasticsearch.DeadLetter;
import io.throughline.elasticsearch.DeadLetters;
import io.throughline.elasticsearch.DocumentKind;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.schemas.Rejected;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Undeliverable documents to the topic of rejected records, which is itself indexed: that is where people find them. A
 * rejected record that is undeliverable in turn is in the topic already and only logged, or it would go round for ever.
 */
final class KafkaDeadLetters implements DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaDeadLetters.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final AvroWriter<Rejected> writer;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    private KafkaDeadLetters(KafkaProducer<byte[], byte[]> producer, AvroWriter<Rejected> writer) {
        this.producer = producer;
        this.writer = writer;
    }

    /** @param properties further properties of the Kafka producer, for example {@code security.protocol} */
    static DeadLetters.Factory to(String bootstrapServers, String registryUrl, Map<String, String> properties) {
        HashMap<String, String> serializable = new HashMap<>(properties);
        return () -> open(bootstrapServers, registryUrl, serializable);
    }

    private static KafkaDeadLetters open(String bootstrapServers, String registryUrl, Map<String, String> properties)
            throws RegistryUnavailableException {
        AvroWriter<Rejected> writer = AvroWriter.of(Rejected.class, RejectedRecords.TOPIC, registryUrl, Map.of());
        Map<String, Object> all = new HashMap<>(properties);
        all.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        return new KafkaDeadLetters(
                new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer()), writer);
    }

    @Override
    public void accept(DeadLetter letter) throws IOException {
        failIfFailed();
        if (letter.action().index().startsWith(DocumentKind.REJECTED.alias())) {
            LOG.error(
                    "rejected record {} stays in topic {} but cannot be indexed: {}",
                    letter.action(),
                    RejectedRecords.TOPIC,
                    letter.detail());
            return;
        }
        Rejected rejected = RejectedRecords.of(letter);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                RejectedRecords.TOPIC, rejected.getOrigin().getBytes(StandardCharsets.UTF_8), writer.write(rejected));
        producer.send(record, (metadata, e) -> {
            if (e != null) {
                failure.compareAndSet(null, e);
            }
        });
    }

    @Override
    public void flush() throws IOException, InterruptedException {
        try {
            producer.flush();
        } catch (InterruptException e) {
            throw (InterruptedException) new InterruptedException(e.getMessage()).initCause(e);
        }
        failIfFailed();
    }

    @Override
    public void close() {
        try {
            producer.close();
        } catch (InterruptException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void failIfFailed() throws IOException {
        Exception cause = failure.get();
        if (cause != null) {
            throw new IOException("topic " + RejectedRecords.TOPIC + " did not take a dead letter", cause);
        }
    }
}
