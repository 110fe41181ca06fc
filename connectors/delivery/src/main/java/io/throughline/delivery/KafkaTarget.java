package io.throughline.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cloudevents.kafka.KafkaMessageFactory;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.RegistryUnavailableException;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A Kafka topic: CloudEvents in binary mode, the attributes as headers {@code ce_*}, the value a notification as Avro in
 * Confluent's wire format, the key the group's or the alert's id.
 */
public final class KafkaTarget implements Target {

    private static final int MAX_BLOCK_MS = 10_000;
    private static final int DELIVERY_TIMEOUT_MS = 20_000;

    private final String topic;
    private final URI source;
    private final Function<Notification, byte[]> avro;
    private final KafkaProducer<String, byte[]> producer;

    /**
     * Opens a target. The topic and its schema must have been provisioned.
     *
     * @param clientProperties further properties of the producer, for example {@code security.protocol}
     * @throws RegistryUnavailableException if the registry does not answer
     * @throws IllegalStateException if it does not hold the schema under the topic's subject
     */
    public static KafkaTarget open(
            String topic, URI source, String bootstrapServers, String registryUrl, Map<String, String> clientProperties)
            throws RegistryUnavailableException {
        AvroWriter<io.throughline.schemas.Notification> writer =
                AvroWriter.of(io.throughline.schemas.Notification.class, topic, registryUrl, Map.of());
        return new KafkaTarget(
                topic,
                source,
                bootstrapServers,
                clientProperties,
                notification -> writer.write(NotificationAvro.write(notification)));
    }

    /** @param avro a notification as a record's value; called by one thread at a time */
    private KafkaTarget(
            String topic,
            URI source,
            String bootstrapServers,
            Map<String, String> clientProperties,
            Function<Notification, byte[]> avro) {
        this.topic = topic;
        this.source = source;
        this.avro = avro;
        Map<String, Object> properties = new HashMap<>(Map.of(
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                MAX_BLOCK_MS,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                DELIVERY_TIMEOUT_MS / 2,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                DELIVERY_TIMEOUT_MS));
        properties.putAll(clientProperties);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        this.producer = new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer());
    }

    @Override
    public List<Parcel> pack(List<Notification> notifications) {
        return notifications.stream().map(this::parcel).toList();
    }

    private Parcel parcel(Notification notification) {
        byte[] value;
        synchronized (avro) {
            value = avro.apply(notification);
        }
        ProducerRecord<String, byte[]> record = KafkaMessageFactory.<String>createWriter(topic, notification.subject())
                .writeBinary(CloudEvents.of(notification, source, "application/avro", value));
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            headers.put(header.key(), new String(header.value(), UTF_8));
        }
        return new Parcel(List.of(notification), source, headers, value);
    }

    @Override
    public Answer deliver(Parcel parcel) throws IOException, InterruptedException {
        ProducerRecord<String, byte[]> record =
                new ProducerRecord<>(topic, parcel.contents().get(0).subject(), parcel.body());
        parcel.headers().forEach((name, value) -> record.headers().add(name, value.getBytes(UTF_8)));
        try {
            producer.send(record).get(DELIVERY_TIMEOUT_MS + MAX_BLOCK_MS, TimeUnit.MILLISECONDS);
            return new Answer.Delivered();
        } catch (InterruptException e) {
            throw new InterruptedException(e.getMessage());
        } catch (TimeoutException e) {
            return new Answer.TryLater("topic " + topic + ": no answer", null);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            String detail = "topic " + topic + ": " + cause.getMessage();
            return cause instanceof RecordTooLargeException && !(cause instanceof RetriableException)
                    ? new Answer.Refused(detail)
                    : new Answer.TryLater(detail, null);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
