package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.kafka.DecisionTopic.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * A topic on which people say something to the jobs, for those who write it outside of Flink. Each call opens what it needs
 * and closes it again.
 *
 * @param <T> the record
 */
public final class ControlTopic<T extends SpecificRecord> {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    static final String PROVISION = "run ./throughline provision with the same configuration first";

    private final String name;
    private final Class<T> type;
    private final String bootstrapServers;
    private final String registryUrl;
    private final Map<String, String> clientProperties;

    /** @param clientProperties further properties of the Kafka client, for example {@code security.protocol} */
    public ControlTopic(
            String name,
            Class<T> type,
            String bootstrapServers,
            String registryUrl,
            Map<String, String> clientProperties) {
        this.name = name;
        this.type = type;
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        this.clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * Returns when the brokers have taken the record, with its place: {@code topic-partition-offset}.
     *
     * @param record null deletes what is written under the key
     */
    public String write(String key, @Nullable T record) throws UnavailableException {
        byte[] value = record == null ? null : writer().write(record);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(writing(), new ByteArraySerializer(), new ByteArraySerializer())) {
            RecordMetadata taken = producer.send(new ProducerRecord<>(name, key.getBytes(UTF_8), value))
                    .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return taken.topic() + "-" + taken.partition() + "-" + taken.offset();
        } catch (ExecutionException e) {
            throw away(e.getCause() == null ? e : e.getCause(), name, bootstrapServers);
        } catch (KafkaException | TimeoutException e) {
            throw away(e, name, bootstrapServers);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while writing; whether the record was taken is not known");
        }
    }

    /** Returns when the brokers have taken all records, in their order. */
    public void writeAll(Function<T, String> key, Collection<T> records) throws UnavailableException {
        AvroWriter<T> writer = writer();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(writing(), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> taken = new ArrayList<>();
            for (T record : records) {
                taken.add(producer.send(
                        new ProducerRecord<>(name, key.apply(record).getBytes(UTF_8), writer.write(record))));
            }
            producer.flush();
            for (Future<RecordMetadata> each : taken) {
                RecordMetadata unused = each.get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (ExecutionException e) {
            throw away(e.getCause() == null ? e : e.getCause(), name, bootstrapServers);
        } catch (KafkaException | TimeoutException e) {
            throw away(e, name, bootstrapServers);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while writing; which records were taken is not known");
        }
    }

    private AvroWriter<T> writer() throws UnavailableException {
        try {
            return AvroWriter.of(type, name, registryUrl, Map.of());
        } catch (RegistryUnavailableException e) {
            throw new UnavailableException(
                    e.getMessage() + " at " + registryUrl + ": start it or set kafka.registry_url");
        } catch (IllegalStateException e) {
            throw new UnavailableException("the Schema Registry at " + registryUrl + " does not hold the schema of "
                    + name + ": " + PROVISION);
        }
    }

    /** In one line, what is wrong with Kafka or this topic and what to do. */
    static UnavailableException away(Throwable e, String topic, String bootstrapServers) {
        boolean silent = e instanceof TimeoutException || e instanceof org.apache.kafka.common.errors.TimeoutException;
        return new UnavailableException(
                silent
                        ? NoAnswer.of(bootstrapServers, topic, PROVISION)
                        : "Kafka at " + bootstrapServers + " cannot be used: "
                                + String.valueOf(e.getMessage()).replaceAll("\\s+", " ")
                                + ": check kafka.bootstrap_servers and kafka.properties");
    }

    private Map<String, Object> writing() {
        Map<String, Object> properties = new HashMap<>(Map.of(
                ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
                true,
                ProducerConfig.ACKS_CONFIG,
                "all",
                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                PATIENCE.toMillis(),
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis() / 2,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis()));
        properties.putAll(clientProperties);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return properties;
    }
}
