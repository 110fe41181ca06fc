package io.throughline.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far consumer groups are behind the ends of what they read. A Flink job commits its place with each checkpoint, so the
 * lag of its group is as of the last one; marks of transactions count as records. Reading changes nobody's place. Thread-safe.
 */
public final class ConsumerLag implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final String bootstrapServers;
    private final Map<String, String> clientProperties;
    private @Nullable Admin admin;

    /**
     * One group on one topic.
     *
     * @param records behind the ends of the partitions it has committed a place on, in sum
     * @param partitions of those, how many
     */
    public record Lag(String group, String topic, long records, int partitions) {}

    /** @param clientProperties further properties of the Kafka client, for example {@code security.protocol} */
    public ConsumerLag(String bootstrapServers, Map<String, String> clientProperties) {
        this.bootstrapServers = bootstrapServers;
        this.clientProperties = Map.copyOf(clientProperties);
    }

    /**
     * Of these groups, as far as they have committed a place on a topic that is there; by group, then topic. A partition
     * whose end the brokers cannot tell is left out where they tell that of another.
     *
     * @param wanted by their names
     *
     * @throws KafkaException in one line, if the brokers do not answer within some seconds
     */
    public List<Lag> of(Predicate<String> wanted) throws InterruptedException {
        try {
            return read(open(), wanted);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new KafkaException(
                    cause instanceof org.apache.kafka.common.errors.TimeoutException
                            ? unreachable()
                            : "Kafka at " + bootstrapServers + " does not tell consumer lag: " + cause.getMessage());
        } catch (TimeoutException e) {
            throw new KafkaException(unreachable());
        }
    }

    private String unreachable() {
        return NoAnswer.of(bootstrapServers);
    }

    /** Opened when first asked: the brokers may be away before. */
    private synchronized Admin open() {
        Admin opened = admin;
        if (opened == null) {
            Map<String, Object> properties = new HashMap<>(Map.of(
                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                    (int) PATIENCE.toMillis() / 2,
                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    (int) PATIENCE.toMillis()));
            properties.putAll(clientProperties);
            properties.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
            opened = Admin.create(properties);
            admin = opened;
        }
        return opened;
    }

    private static List<Lag> read(Admin admin, Predicate<String> wanted)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, ListConsumerGroupOffsetsSpec> groups = new TreeMap<>();
        for (ConsumerGroupListing group :
                admin.listConsumerGroups().all().get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            if (wanted.test(group.groupId())) {
                groups.put(group.groupId(), new ListConsumerGroupOffsetsSpec());
            }
        }
        if (groups.isEmpty()) {
            return List.of();
        }
        Map<String, Map<TopicPartition, OffsetAndMetadata>> committed =
                admin.listConsumerGroupOffsets(groups).all().get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        Map<TopicPartition, Long> ends = ends(admin, committed.values());
        List<Lag> lags = new ArrayList<>();
        for (String group : groups.keySet()) {
            Map<String, long[]> byTopic = new TreeMap<>();
            committed.getOrDefault(group, Map.of()).forEach((place, at) -> {
                Long end = ends.get(place);
                if (at != null && end != null) {
                    long[] sum = byTopic.computeIfAbsent(place.topic(), topic -> new long[2]);
                    sum[0] += Math.max(0, end - at.offset());
                    sum[1]++;
                }
            });
            byTopic.forEach((topic, sum) -> lags.add(new Lag(group, topic, sum[0], (int) sum[1])));
        }
        return lags;
    }

    /** By partition; without those that are not there. */
    static Map<TopicPartition, Long> ends(Admin admin, Collection<Map<TopicPartition, OffsetAndMetadata>> places)
            throws ExecutionException, InterruptedException, TimeoutException {
        // A group keeps its place on a topic that was deleted, and the client would ask for its end until it gives up.
        Set<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                .names()
                .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (Map<TopicPartition, OffsetAndMetadata> group : places) {
            for (TopicPartition place : group.keySet()) {
                if (topics.contains(place.topic())) {
                    asked.put(place, OffsetSpec.latest());
                }
            }
        }
        if (asked.isEmpty()) {
            return Map.of();
        }
        // What is not committed yet is nothing that anybody could have read.
        var answer = admin.listOffsets(asked, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED));
        Map<TopicPartition, Long> ends = new HashMap<>();
        ExecutionException untold = null;
        for (TopicPartition place : asked.keySet()) {
            try {
                ends.put(
                        place,
                        answer.partitionResult(place)
                                .get(2 * PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                                .offset());
            } catch (ExecutionException e) {
                untold = e;
            }
        }
        if (ends.isEmpty() && untold != null) {
            throw untold;
        }
        return ends;
    }

    @Override
    public synchronized void close() {
        if (admin != null) {
            admin.close(Duration.ofSeconds(1));
        }
    }
}
