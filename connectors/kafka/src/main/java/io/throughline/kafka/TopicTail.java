package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.throughline.kafka.DecisionTopic.UnavailableException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * What comes to a topic after this was opened, read outside any consumer group: for who asks the jobs something and waits
 * for the answer. Open it before asking.
 *
 * @param <T> the record
 */
public final class TopicTail<T extends SpecificRecord> implements AutoCloseable {

    private static final int ANSWER_MS = 10_000;
    private static final Duration POLL = Duration.ofMillis(200);

    private final String name;
    private final String bootstrapServers;
    private final String registryUrl;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final AvroDecoder<T> decoder;

    private TopicTail(
            String name,
            String bootstrapServers,
            String registryUrl,
            KafkaConsumer<byte[], byte[]> consumer,
            AvroDecoder<T> decoder) {
        this.name = name;
        this.bootstrapServers = bootstrapServers;
        this.registryUrl = registryUrl;
        this.consumer = consumer;
        this.decoder = decoder;
    }

    /** @param clientProperties further properties of the Kafka client, for example {@code security.protocol} */
    public static <T extends SpecificRecord> TopicTail<T> open(
            String name,
            Class<T> type,
            String bootstrapServers,
            String registryUrl,
            Map<String, String> clientProperties)
            throws UnavailableException {
        KafkaConsumer<byte[], byte[]> consumer;
        try {
            consumer = new KafkaConsumer<>(
                    TopicSnapshot.reading(bootstrapServers, clientProperties, ANSWER_MS),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw ControlTopic.away(e, name, bootstrapServers);
        }
        try {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo partition : consumer.partitionsFor(name)) {
                partitions.add(new TopicPartition(name, partition.partition()));
            }
            if (partitions.isEmpty()) {
                throw new UnavailableException(
                        "there is no topic " + name + " at " + bootstrapServers + ": " + ControlTopic.PROVISION);
            }
            consumer.assign(partitions);
            // The end of what is written, not of what is committed: what was under way before may be left out.
            for (Map.Entry<TopicPartition, Long> end :
                    consumer.endOffsets(partitions).entrySet()) {
                consumer.seek(end.getKey(), end.getValue());
            }
            return new TopicTail<>(name, bootstrapServers, registryUrl, consumer, AvroDecoder.of(type, registryUrl));
        } catch (KafkaException e) {
            consumer.close();
            throw ControlTopic.away(e, name, bootstrapServers);
        } catch (UnavailableException e) {
            consumer.close();
            throw e;
        }
    }

    /** The next committed record under the key; null where none comes in time. What cannot be decoded is passed over. */
    public @Nullable T await(String key, Duration patience) throws UnavailableException {
        byte[] wanted = key.getBytes(UTF_8);
        long begun = System.nanoTime();
        try {
            while (System.nanoTime() - begun < patience.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (Arrays.equals(wanted, record.key())
                            && decoder.decode(KafkaRecord.of(record)) instanceof Decoded.Record<T> found) {
                        return found.value();
                    }
                }
            }
            return null;
        } catch (KafkaException e) {
            throw ControlTopic.away(e, name, bootstrapServers);
        } catch (RegistryUnavailableException e) {
            throw new UnavailableException(
                    e.getMessage() + " at " + registryUrl + ": start it or set kafka.registry_url");
        }
    }

    @Override
    public void close() throws IOException {
        consumer.close();
        decoder.close();
    }
}
