package io.throughline.scenarios.simulator;

import static io.throughline.local.Server.KAFKA;
import static io.throughline.local.Server.REGISTRY;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.local.LocalServers;
import io.throughline.local.testing.Servers;
import io.throughline.schemas.Touchpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

@Servers({KAFKA, REGISTRY})
class SimulateKafkaIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void everyRecordReachesTheTopicAsGoodOrAsBadAsTheTruthSays(LocalServers servers) throws Exception {
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
        Path truthFile = folder.resolve("truth.ndjson");

        int exitCode = new CommandLine(new SimulateCommand())
                .execute(
                        "--touchpoints=30000",
                        "--bad=0.05",
                        "--kafka=" + servers.bootstrapServers(),
                        "--registry=" + servers.registryUrl(),
                        "--truth=" + truthFile);

        assertThat(exitCode).isZero();
        Map<Decoded.Kind, Long> failures = new EnumMap<>(Decoded.Kind.class);
        Set<String> arrived = new HashSet<>();
        List<ConsumerRecord<byte[], byte[]>> records = everything(servers.bootstrapServers());
        try (AvroDecoder<Touchpoint> decoder = AvroDecoder.of(Touchpoint.class, servers.registryUrl())) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                Decoded<Touchpoint> decoded = decoder.decode(record.value());
                if (decoded instanceof Decoded.Failure<Touchpoint> failure) {
                    failures.merge(failure.kind(), 1L, Long::sum);
                } else if (decoded instanceof Decoded.Record<Touchpoint> good) {
                    arrived.add(good.value().getTouchpointId());
                }
            }
        }
        List<JsonNode> truth = new ArrayList<>();
        for (String line : Files.readAllLines(truthFile)) {
            truth.add(JSON.readTree(line));
        }
        Map<String, Long> expected = truth.stream()
                .filter(line -> line.get("truth").asText().equals("bad_record"))
                .collect(groupingBy(line -> line.get("expected").asText(), counting()));

        assertThat(records).hasSize(30_000);
        assertThat(failures.get(Decoded.Kind.EMPTY)).isEqualTo(expected.get("empty"));
        assertThat(failures.get(Decoded.Kind.UNKNOWN_SCHEMA)).isEqualTo(expected.get("unknown_schema"));
        assertThat(failures.getOrDefault(Decoded.Kind.OVERSIZE, 0L)).isEqualTo(expected.getOrDefault("oversize", 0L));
        assertThat(failures.get(Decoded.Kind.MALFORMED))
                .isBetween(expected.get("malformed"), expected.get("malformed") + expected.get("any"));
        List<String> sent = truth.stream()
                .filter(line -> line.get("truth").asText().equals("touchpoint"))
                .map(line -> line.get("touchpoint_id").asText())
                .toList();
        assertThat(sent).hasSizeGreaterThan(28_000);
        // Asked of the set itself: an assertion would go through all that arrived for each that was sent.
        assertThat(sent.stream().filter(id -> !arrived.contains(id))).isEmpty();
    }

    @Test
    void aTopicWithoutItsSchemaIsSaidInOneLine(LocalServers servers) {
        int exitCode = new CommandLine(new SimulateCommand())
                .execute(
                        "--touchpoints=10",
                        "--kafka=" + servers.bootstrapServers(),
                        "--registry=" + servers.registryUrl(),
                        "--topic=nobody-provisioned-this",
                        "--quiet");

        assertThat(exitCode).isEqualTo(1);
    }

    private static List<ConsumerRecord<byte[], byte[]>> everything(String bootstrapServers) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("touchpoints").stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = consumer.endOffsets(partitions).values().stream()
                    .mapToLong(offset -> offset)
                    .sum();
            while (records.size() < end) {
                consumer.poll(Duration.ofSeconds(10)).forEach(records::add);
            }
        }
        return records;
    }
}
