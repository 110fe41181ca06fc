package io.throughline.delivery;

import io.throughline.delivery.Courier.Waiting;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.RegistryUnavailableException;
import io.throughline.kafka.TopicSnapshot;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes notifications from their topic to one target. Every target has a consumer group of its own, {@code
 * GROUP-deliver-TARGET}, so that one that is down holds up no other. A group's place is committed when everything before
 * it was delivered or is among the dead letters; what was under way at a crash comes again, under the same id.
 *
 * <p>A target that is new begins with what is published from then on: nobody is to be told of the past.
 */
public final class Delivery implements AutoCloseable {

    /** As {@code topics.yaml} declares it. */
    public static final String TOPIC = "alert-notifications";

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final int MOST_IN_A_BATCH = 100;
    private static final int MOST_REMINDED = 100_000;

    private final Broker broker;
    private final TargetConfig config;
    private final String name;
    private final Target target;
    private final Courier courier;
    private final UndeliveredTopic undelivered;
    private final AvroDecoder<io.throughline.schemas.Notification> decoder;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread thread;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean stopping;
    private boolean busy;

    /** Where notifications are. @param properties handed on to every Kafka client; may hold secrets */
    public record Broker(String bootstrapServers, String registryUrl, String group, Map<String, String> properties) {}

    private Delivery(Broker broker, TargetConfig config, Target target, InstantSource clock)
            throws RegistryUnavailableException {
        this.broker = broker;
        this.config = config;
        this.name = config.name();
        this.target = target;
        this.undelivered = new UndeliveredTopic(broker.bootstrapServers(), broker.registryUrl(), broker.properties());
        this.courier = new Courier(target, config, undelivered, clock);
        this.decoder = AvroDecoder.of(io.throughline.schemas.Notification.class, broker.registryUrl());
        Map<String, Object> properties = new HashMap<>(broker.properties());
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, broker.bootstrapServers());
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, broker.group() + "-deliver-" + name);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, MOST_IN_A_BATCH);
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.thread = new Thread(() -> run(clock), "deliver-" + name);
    }

    /**
     * Begins to deliver, on threads of its own.
     *
     * @throws RegistryUnavailableException if the Schema Registry does not answer
     * @throws IllegalStateException if it does not hold the schema of dead letters: provision first
     */
    public static Delivery start(Broker broker, TargetConfig config, Target target, InstantSource clock)
            throws RegistryUnavailableException {
        Delivery delivery = new Delivery(broker, config, target, clock);
        delivery.thread.start();
        return delivery;
    }

    public String name() {
        return name;
    }

    public Counts counts() {
        return courier.counts();
    }

    /** Ends when this was closed; with an exception when Kafka or the registry made it impossible to go on. */
    public CompletableFuture<Void> ended() {
        return ended;
    }

    private void run(InstantSource clock) {
        try {
            remind();
            consumer.subscribe(List.of(TOPIC), new Places());
            while (!stopping) {
                ConsumerRecords<byte[], byte[]> polled = consumer.poll(POLL);
                if (!polled.isEmpty()) {
                    bring(polled, clock);
                }
            }
            ended.complete(null);
        } catch (WakeupException | InterruptException | InterruptedException e) {
            if (stopping) {
                ended.complete(null);
            } else {
                ended.completeExceptionally(e);
            }
        } catch (RuntimeException | ExecutionException e) {
            LOG.error("{}: stopped delivering: {}", name, e.toString());
            ended.completeExceptionally(e);
        } finally {
            courier.close();
            closeQuietly();
        }
    }

    /** Of what still stands in the topic; a target that repeats alerts forgot them with the process before. */
    private void remind() {
        TopicSnapshot.read(TOPIC, broker.bootstrapServers(), broker.properties(), MOST_REMINDED, record -> {
            if (decoded(record.value()) instanceof Decoded.Record<io.throughline.schemas.Notification> notification) {
                try {
                    Notification past = NotificationAvro.read(notification.value());
                    if (config.wants(past)) {
                        target.remind(past);
                    }
                } catch (IllegalArgumentException e) {
                    LOG.debug("{}: {} cannot be remembered", name, record.origin(), e);
                }
            }
        });
    }

    private void closeQuietly() {
        try {
            consumer.close();
        } catch (KafkaException e) {
            LOG.warn("{}: the consumer did not leave its group: {}", name, e.getMessage());
        }
        try {
            decoder.close();
        } catch (IOException e) {
            LOG.warn("{}: the Schema Registry client does not close: {}", name, e.getMessage());
        }
        undelivered.close();
    }

    private void bring(ConsumerRecords<byte[], byte[]> polled, InstantSource clock)
            throws InterruptedException, ExecutionException {
        List<Waiting> batch = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : polled) {
            Waiting waiting = read(record, clock);
            if (waiting != null) {
                batch.add(waiting);
            }
        }
        CompletableFuture<Void> brought = courier.bring(batch);
        // The group must see this consumer alive however long the target makes it wait, so it polls and takes nothing.
        busy = true;
        consumer.pause(consumer.assignment());
        while (!brought.isDone() && !stopping) {
            consumer.poll(POLL);
        }
        busy = false;
        if (stopping) {
            return;
        }
        brought.get();
        consumer.resume(consumer.paused());
        commit(polled);
    }

    private @Nullable Waiting read(ConsumerRecord<byte[], byte[]> record, InstantSource clock)
            throws InterruptedException {
        Decoded<io.throughline.schemas.Notification> decoded = decoded(record.value());
        String unreadable;
        if (decoded instanceof Decoded.Record<io.throughline.schemas.Notification> notification) {
            try {
                return new Waiting(
                        NotificationAvro.read(notification.value()), Instant.ofEpochMilli(record.timestamp()));
            } catch (IllegalArgumentException e) {
                unreadable = String.valueOf(e.getMessage());
            }
        } else {
            unreadable = ((Decoded.Failure<?>) decoded).detail();
        }
        LOG.warn(
                "{}: {}-{}-{} is no notification: {}",
                name,
                record.topic(),
                record.partition(),
                record.offset(),
                unreadable);
        undelivered.putUnreadable(name, record, unreadable, clock.instant());
        courier.counts().deadLetters.increment();
        return null;
    }

    private Decoded<io.throughline.schemas.Notification> decoded(byte @Nullable [] value) {
        try {
            return decoder.decode(value);
        } catch (RegistryUnavailableException e) {
            throw new KafkaException(e.getMessage(), e);
        }
    }

    private void commit(ConsumerRecords<byte[], byte[]> brought) {
        Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>(brought.nextOffsets());
        places.keySet().retainAll(consumer.assignment());
        try {
            consumer.commitSync(places);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // Somebody else has these partitions now and brings the batch again.
            LOG.info("{}: another process took over; it repeats the last {} notifications", name, brought.count());
        }
    }

    /** Marks where a new group begins, so that a restart before its first commit does not begin later. */
    private final class Places implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {}

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> known = consumer.committed(Set.copyOf(partitions));
            Map<TopicPartition, OffsetAndMetadata> first = new HashMap<>();
            for (TopicPartition partition : partitions) {
                if (known.get(partition) == null) {
                    first.put(partition, new OffsetAndMetadata(consumer.position(partition)));
                }
            }
            if (!first.isEmpty()) {
                consumer.commitSync(first);
            }
            if (busy) {
                consumer.pause(partitions);
            }
        }
    }

    /** Stops in the middle of whatever is under way; it comes again when a delivery of this name is started. */
    @Override
    public void close() {
        stopping = true;
        courier.close();
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        target.close();
    }
}
