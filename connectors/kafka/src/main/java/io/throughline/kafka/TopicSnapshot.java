package io.throughline.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What a topic holds at this moment, read outside any consumer group: nobody's position changes. */
public final class TopicSnapshot {

    private static final int ANSWER_MS = 20_000;
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /**
     * Hands on every committed record up to the end the topic has when this is called.
     *
     * @param most records to read at most, the newest of each partition
     * @param clientProperties further properties of the Kafka consumer, for example {@code security.protocol}
     * @throws KafkaException in one line, if the brokers do not answer or there is no such topic
     */
    public static void read(
            String topic,
            String bootstrapServers,
            Map<String, String> clientProperties,
            long most,
            Consumer<KafkaRecord> records) {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                reading(bootstrapServers, clientProperties, ANSWER_MS),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            Map<TopicPartition, Long> ends = seek(consumer, topic, bootstrapServers, most);
            long silentSince = System.nanoTime();
            while (!ends.isEmpty()) {
                var polled = consumer.poll(Duration.ofMillis(500));
                for (ConsumerRecord<byte[], byte[]> record : polled) {
                    Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
                    if (end != null && record.offset() < end) {
                        records.accept(KafkaRecord.of(record));
                    }
                }
                // By position, not by record: the last offsets may be marks of transactions, which are no records.
                ends.entrySet().removeIf(e -> consumer.position(e.getKey()) >= e.getValue());
                if (!polled.isEmpty()) {
                    silentSince = System.nanoTime();
                } else if (System.nanoTime() - silentSince > SILENCE.toNanos()) {
                    throw new KafkaException("topic " + topic + " at " + bootstrapServers + " gave no record for "
                            + SILENCE.toSeconds() + " s before its end; what is missing: " + ends);
                }
            }
        } catch (TimeoutException e) {
            throw new KafkaException(NoAnswer.of(bootstrapServers) + " (" + e.getMessage() + ")");
        }
    }

    /** For a consumer of no group, which sees what is committed and makes no topic by looking at it. */
    static Map<String, Object> reading(String bootstrapServers, Map<String, String> clientProperties, int answerMs) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, answerMs);
        properties.putAll(clientProperties);
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return properties;
    }

    /** Puts the consumer where reading begins; returns where it ends, of partitions that hold anything. */
    private static Map<TopicPartition, Long> seek(
            KafkaConsumer<byte[], byte[]> consumer, String topic, String bootstrapServers, long most) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (PartitionInfo partition : consumer.partitionsFor(topic)) {
            partitions.add(new TopicPartition(topic, partition.partition()));
        }
        if (partitions.isEmpty()) {
            throw new KafkaException("there is no topic " + topic + " at " + bootstrapServers
                    + ": create it with throughline provision, or set kafka.bootstrap_servers");
        }
        partitions.sort(Comparator.comparingInt(TopicPartition::partition));
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        consumer.assign(partitions);
        long left = most;
        for (int i = 0; i < partitions.size(); i++) {
            TopicPartition partition = partitions.get(i);
            long end = ends.getOrDefault(partition, 0L);
            long share = left / (partitions.size() - i);
            long begin = Math.max(begins.getOrDefault(partition, 0L), end - share);
            left -= end - begin;
            consumer.seek(partition, begin);
            if (begin >= end) {
                ends.remove(partition);
            }
        }
        return ends;
    }

    private TopicSnapshot() {}
}
