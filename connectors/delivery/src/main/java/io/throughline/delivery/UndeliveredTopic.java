package io.throughline.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.RegistryUnavailableException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topic of notifications that were given up, waited for record by record: they are few, and none may be lost. */
final class UndeliveredTopic implements DeadLetters, AutoCloseable {

    static final String NAME = "undelivered";

    private final AvroWriter<io.throughline.schemas.Undelivered> writer;
    private final KafkaProducer<byte[], byte[]> producer;

    UndeliveredTopic(String bootstrapServers, String registryUrl, Map<String, String> clientProperties)
            throws RegistryUnavailableException {
        this.writer = AvroWriter.of(io.throughline.schemas.Undelivered.class, NAME, registryUrl, Map.of());
        Map<String, Object> properties = new HashMap<>(
                Map.of(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true, ProducerConfig.ACKS_CONFIG, "all"));
        properties.putAll(clientProperties);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        this.producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    @Override
    public void put(Undelivered letter) throws InterruptedException {
        Notification notification = letter.notification();
        write(new io.throughline.schemas.Undelivered(
                notification.id(),
                notification.subject(),
                letter.target(),
                letter.reason().word(),
                letter.detail(),
                letter.attempts(),
                letter.at(),
                new String(NotificationJson.bytes(NotificationJson.of(notification)), UTF_8)));
    }

    /** Of a record that is no notification; it is named by its place. */
    void putUnreadable(String target, ConsumerRecord<byte[], byte[]> record, String detail, Instant at)
            throws InterruptedException {
        byte[] value = record.value();
        write(new io.throughline.schemas.Undelivered(
                record.topic() + "-" + record.partition() + "-" + record.offset(),
                record.key() == null ? "" : new String(record.key(), UTF_8),
                target,
                "unreadable",
                detail,
                0,
                at,
                value == null ? "" : Base64.getEncoder().encodeToString(value)));
    }

    private void write(io.throughline.schemas.Undelivered letter) throws InterruptedException {
        byte[] value;
        synchronized (writer) {
            value = writer.write(letter);
        }
        try {
            producer.send(new ProducerRecord<>(NAME, letter.getNotificationId().getBytes(UTF_8), value))
                    .get();
        } catch (ExecutionException e) {
            throw new KafkaException("topic " + NAME + " does not take a dead letter: " + e.getCause(), e.getCause());
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
