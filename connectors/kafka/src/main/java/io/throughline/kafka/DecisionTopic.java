package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.schemas.IdentityDecision;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The control topic of people's decisions, for those who read and write it outside of Flink. Each call opens what it
 * needs and closes it again.
 */
public final class DecisionTopic {

    /** As {@code topics.yaml} declares it. */
    public static final String NAME = "identity-decisions";

    /** Long enough for a broker that shares a busy machine with all that reads from it. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final String PROVISION = "run ./throughline provision with the same configuration first";

    private final String bootstrapServers;
    private final String registryUrl;
    private final Map<String, String> clientProperties;

    /** @param clientProperties further properties of every Kafka client, for example {@code security.protocol} */
    public DecisionTopic(String bootstrapServers, String registryUrl, Map<String, String> clientProperties) {
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        this.clientProperties = Map.copyOf(clientProperties);
    }

    /** The topic cannot be read or written now; the message is one line and says what to do. */
    public static final class UnavailableException extends Exception {

        private static final long serialVersionUID = 1;

        /** Without a cause: the message says it all, and what reports failures reports the deepest cause. */
        UnavailableException(String message) {
            super(message);
        }
    }

    /** @param timestamp when the broker took it, epoch milliseconds */
    public record Written(IdentityDecision decision, long timestamp) {}

    /**
     * The record under the key that was written last, which is the one compaction keeps; null where there is none that can
     * be read.
     */
    public @Nullable Written newest(String key) throws UnavailableException {
        Newest newest = new Newest();
        read(bytes -> bytes != null && key.equals(new String(bytes, UTF_8)), newest);
        return newest.written;
    }

    /**
     * Every decision up to the topic's present end, those of one key in the order they were written in. Of one pair there
     * may be several: compaction takes its time. What is no decision that can be read is left out.
     */
    public List<Written> all() throws UnavailableException {
        List<Written> all = new ArrayList<>();
        read(bytes -> true, all::add);
        return List.copyOf(all);
    }

    private static final class Newest implements Consumer<Written> {
        private @Nullable Written written;

        @Override
        public void accept(Written next) {
            written = next;
        }
    }

    private void read(Predicate<byte @Nullable []> keys, Consumer<Written> taken) throws UnavailableException {
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(reading(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
                AvroDecoder<IdentityDecision> decoder = AvroDecoder.of(IdentityDecision.class, registryUrl)) {
            List<TopicPartition> partitions = partitions(consumer);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    deadline = System.nanoTime() + PATIENCE.toNanos();
                    if (keys.test(record.key())
                            && decoder.decode(record.value()) instanceof Decoded.Record<IdentityDecision> decision) {
                        taken.accept(new Written(decision.value(), record.timestamp()));
                    }
                }
                if (System.nanoTime() - deadline > 0) {
                    throw unreachable();
                }
            }
        } catch (UnknownTopicOrPartitionException e) {
            throw missing();
        } catch (KafkaException e) {
            throw refused(e);
        } catch (RegistryUnavailableException e) {
            throw unavailable(e);
        } catch (IOException e) {
            throw new UnavailableException("the Schema Registry client does not close: " + e.getMessage());
        }
    }

    /** Returns when the brokers have taken the decision, with its place: {@code topic-partition-offset}. */
    public String write(String key, IdentityDecision decision) throws UnavailableException {
        byte[] value;
        try {
            value = AvroWriter.of(IdentityDecision.class, NAME, registryUrl, Map.of())
                    .write(decision);
        } catch (RegistryUnavailableException e) {
            throw unavailable(e);
        } catch (IllegalStateException e) {
            throw new UnavailableException("the Schema Registry at " + registryUrl + " does not hold the schema of "
                    + NAME + ": " + PROVISION);
        }
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(writing(), new ByteArraySerializer(), new ByteArraySerializer())) {
            RecordMetadata taken = producer.send(new ProducerRecord<>(NAME, key.getBytes(UTF_8), value))
                    .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return taken.topic() + "-" + taken.partition() + "-" + taken.offset();
        } catch (ExecutionException e) {
            throw refused(e.getCause() instanceof KafkaException refusal ? refusal : new KafkaException(e.getCause()));
        } catch (KafkaException e) {
            throw refused(e);
        } catch (java.util.concurrent.TimeoutException e) {
            throw unreachable();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException("interrupted while writing; whether the decision was taken is not known");
        }
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> consumer) throws UnavailableException {
        List<PartitionInfo> known = consumer.partitionsFor(NAME);
        if (known == null || known.isEmpty()) {
            throw missing();
        }
        return known.stream()
                .map(partition -> new TopicPartition(NAME, partition.partition()))
                .toList();
    }

    private Map<String, Object> reading() {
        Map<String, Object> properties = common(Map.of(
                ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis(),
                ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG,
                (int) PATIENCE.toMillis() / 2,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"));
        // A look at a topic that is not there must not make it, with the broker's settings instead of the declared
        // ones.
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return properties;
    }

    private Map<String, Object> writing() {
        return common(Map.of(
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
    }

    private Map<String, Object> common(Map<String, Object> defaults) {
        Map<String, Object> properties = new HashMap<>(defaults);
        properties.putAll(clientProperties);
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        return properties;
    }

    private UnavailableException refused(KafkaException e) {
        return e instanceof org.apache.kafka.common.errors.TimeoutException
                ? unreachable()
                : new UnavailableException("Kafka at " + bootstrapServers + " cannot be used: " + message(rootOf(e))
                        + ": check kafka.bootstrap_servers and kafka.properties");
    }

    private UnavailableException unreachable() {
        return new UnavailableException(NoAnswer.of(bootstrapServers));
    }

    private UnavailableException unavailable(RegistryUnavailableException e) {
        return new UnavailableException(message(e) + " at " + registryUrl + ": start it or set kafka.registry_url");
    }

    private UnavailableException missing() {
        return new UnavailableException("topic " + NAME + " does not exist on " + bootstrapServers + ": " + PROVISION);
    }

    private static Throwable rootOf(Throwable e) {
        return e.getCause() == null ? e : rootOf(e.getCause());
    }

    private static String message(Throwable e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return message.replaceAll("\\s+", " ").strip();
    }
}
