package io.throughline.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TouchpointProducer;
import io.throughline.local.FlinkRest;
import io.throughline.local.LocalServers;
import io.throughline.local.LocalServers.TaskManager;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.replay.Replay;
import io.throughline.schemas.Accounting;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.StitchedTouchpoint;
import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job as it is shipped, on a cluster whose TaskManager dies in the midst of open transactions, comes to what a
 * replay of the same touchpoints comes to, and counts every record once.
 */
@Servers(
        value = {Server.KAFKA, Server.REGISTRY, Server.FLINK},
        own = true)
@Timeout(600)
class KilledTaskManagerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration SOON = Duration.ofMillis(500);
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final int PEOPLE = 300;
    private static final int HOUSEHOLD = 3;
    private static final List<Integer> BURSTS = List.of(800, 2_400, 800);
    private static final String STITCHED = "stitched-touchpoints";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Random random = new Random(3);
    private final LocalServers servers;

    @TempDir
    Path directory;

    KilledTaskManagerIT(LocalServers servers) {
        this.servers = servers;
    }

    @Test
    void customersAreThoseOfAReplayAlthoughTheTaskManagerWasKilled() throws Exception {
        List<List<Touchpoint>> bursts = bursts();
        List<Touchpoint> sent = bursts.stream().flatMap(List::stream).toList();
        Map<String, String> expected = customersByReplay(sent);
        assertThat(Set.copyOf(expected.values())).as("customers").hasSizeBetween(50, 2_000);
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
        FlinkRest flink = servers.flink();
        String job = flink.submit(
                jobJar(),
                ExperienceJob.class.getName(),
                List.of("--config", configuration().toString()));
        flink.awaitRunning(job, PATIENCE);

        try (TouchpointProducer producer =
                TouchpointProducer.open("touchpoints", servers.bootstrapServers(), servers.registryUrl())) {
            send(producer, bursts.get(0));
            await().atMost(PATIENCE)
                    .pollInterval(SOON)
                    .until(() -> customers().keySet().containsAll(ids(bursts, 1)));
            assertThat(flink.completedCheckpoints(job)).isPositive();
            assertThat(flink.failure(job)).isEmpty();

            TaskManager victim = servers.taskManagers().get(0);
            try (Progress progress = new Progress()) {
                Set<String> before = ids(bursts, 1);
                send(producer, bursts.get(1));
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> progress.isBeyond(before));
            }
            servers.kill(victim);
            assertThat(records("read_uncommitted"))
                    .as("written, the last of it in transactions that are open for ever")
                    .isGreaterThan(records("read_committed"));
            assertThat(customers().keySet())
                    .as("touchpoints done")
                    .hasSizeLessThan(ids(bursts, 2).size());

            send(producer, bursts.get(2));
            servers.startTaskManager();
            await().atMost(PATIENCE).pollInterval(SOON).until(() -> flink.failure(job)
                    .filter(failure -> failure.contains(victim.name()))
                    .isPresent());
        }

        await().atMost(PATIENCE).pollInterval(SOON).untilAsserted(() -> assertThat(differences(expected))
                .isEmpty());
        long then = flink.completedCheckpoints(job);
        await().atMost(PATIENCE).pollInterval(SOON).until(() -> flink.completedCheckpoints(job) >= then + 2);
        assertThat(differences(expected)).as("two checkpoints later").isEmpty();
        await().atMost(PATIENCE).pollInterval(SOON).untilAsserted(() -> assertThat(accounts())
                .containsEntry("in", (long) sent.size())
                .containsEntry("processed", (long) expected.size())
                .containsEntry("duplicate", (long) sent.size() - expected.size()));
        assertThat(flink.isRunning(job)).isTrue();
        // The cluster collects this now and then only.
        await().atMost(PATIENCE).pollInterval(SOON).until(() -> flink.restarts(job) >= 1);
        flink.cancel(job);
        flink.awaitEnd(job, PATIENCE);
    }

    // ------------------------------------------------------------------------------------------------ what is sent

    /**
     * Days of people who share their households' devices, sometimes give their neighbour's number, and whose clients send
     * things twice, now and then with something else in it, also what they sent long before.
     */
    private List<List<Touchpoint>> bursts() {
        List<Touchpoint> earlier = new ArrayList<>();
        List<List<Touchpoint>> bursts = new ArrayList<>();
        for (int size : BURSTS) {
            List<Touchpoint> burst = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                Touchpoint touchpoint = touchpoint("t" + earlier.size());
                earlier.add(touchpoint);
                burst.add(touchpoint);
                if (random.nextInt(15) == 0) {
                    burst.add(again(earlier.get(random.nextInt(earlier.size()))));
                }
            }
            bursts.add(burst);
        }
        return bursts;
    }

    private Touchpoint touchpoint(String id) {
        int person = random.nextInt(PEOPLE);
        Instant at = NOON.plus(Duration.ofSeconds(random.nextInt(2 * 24 * 3600)));
        return Touchpoint.newBuilder()
                .setTouchpointId(id)
                .setEventTime(at)
                .setReceivedTime(at.plusSeconds(random.nextInt(60)))
                .setChannel(oneOf("web", "app", "call", "store"))
                .setKind(oneOf("page_view", "page_view", "login", "logout", "complaint"))
                .setIdentifiers(identifiers(person))
                .setExperiments(Map.of())
                .setProperties(Map.of())
                .build();
    }

    private Touchpoint again(Touchpoint touchpoint) {
        return switch (random.nextInt(3)) {
            case 0 -> touchpoint;
            case 1 ->
                Touchpoint.newBuilder(touchpoint)
                        .setReceivedTime(touchpoint.getReceivedTime().plusSeconds(random.nextInt(600)))
                        .build();
            default ->
                Touchpoint.newBuilder(touchpoint)
                        .setReceivedTime(touchpoint.getReceivedTime().minusSeconds(random.nextInt(60)))
                        .setIdentifiers(identifiers(random.nextInt(PEOPLE)))
                        .build();
        };
    }

    private List<Identifier> identifiers(int person) {
        List<Identifier> identifiers = new ArrayList<>();
        int household = person / HOUSEHOLD;
        if (random.nextInt(4) > 0) {
            identifiers.add(new Identifier(oneOf("device_id", "cookie"), "h" + household + "-" + random.nextInt(2)));
        }
        if (random.nextInt(3) == 0) {
            int neighbour = random.nextInt(25) == 0 ? random.nextInt(PEOPLE) : person;
            identifiers.add(new Identifier("customer_number", "c" + neighbour));
        }
        if (identifiers.isEmpty() || random.nextInt(3) == 0) {
            identifiers.add(new Identifier("email", "p" + person + "@shop.example"));
        }
        return identifiers;
    }

    private String oneOf(String... some) {
        return some[random.nextInt(some.length)];
    }

    private static void send(TouchpointProducer producer, List<Touchpoint> touchpoints) throws Exception {
        for (Touchpoint touchpoint : touchpoints) {
            producer.send(touchpoint);
        }
        producer.flush();
    }

    private static Set<String> ids(List<List<Touchpoint>> bursts, int howMany) {
        Set<String> ids = new HashSet<>();
        bursts.stream().limit(howMany).flatMap(List::stream).forEach(one -> ids.add(one.getTouchpointId()));
        return ids;
    }

    // ------------------------------------------------------------------------------------------------ what is expected

    private Map<String, String> customersByReplay(List<Touchpoint> touchpoints) throws Exception {
        List<String> lines = new ArrayList<>();
        for (Touchpoint touchpoint : touchpoints) {
            lines.add(JSON.writeValueAsString(Map.of(
                    "touchpoint_id", touchpoint.getTouchpointId(),
                    "event_time", touchpoint.getEventTime().toString(),
                    "received_time", touchpoint.getReceivedTime().toString(),
                    "channel", touchpoint.getChannel(),
                    "kind", touchpoint.getKind(),
                    "identifiers",
                            touchpoint.getIdentifiers().stream()
                                    .map(one -> Map.of("type", one.getType(), "value", one.getValue()))
                                    .toList())));
        }
        Map<String, String> customers = new TreeMap<>();
        for (byte[] document : Replay.run(
                        Files.write(directory.resolve("touchpoints.ndjson"), lines), Rules.DEFAULTS, null, 2)
                .of("touchpoints")) {
            JsonNode touchpoint = JSON.readTree(document);
            customers.put(
                    touchpoint.get("touchpoint_id").asText(),
                    touchpoint.get("customer_id").asText());
        }
        return customers;
    }

    /** Only those that differ, a missing customer as null: all of them would be a wall of text. */
    private List<String> differences(Map<String, String> expected) {
        Map<String, String> customers = customers();
        return Stream.concat(expected.keySet().stream(), customers.keySet().stream())
                .distinct()
                .filter(id -> !Objects.equals(expected.get(id), customers.get(id)))
                .map(id -> "%s: %s by replay, %s by the job".formatted(id, expected.get(id), customers.get(id)))
                .toList();
    }

    // ------------------------------------------------------------------------------------------------ what is there

    private Path jobJar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("target"))) {
            return files.filter(file -> file.getFileName().toString().endsWith("-job.jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("The job's jar is made by Maven's package phase"));
        }
    }

    private Path configuration() throws IOException {
        return Files.writeString(
                directory.resolve("throughline.yaml"),
                """
                kafka:
                  bootstrap_servers: %s
                  registry_url: %s
                job:
                  checkpoint_interval: 2s
                """
                        .formatted(servers.bootstrapServers(), servers.registryUrl()));
    }

    private Map<String, String> customers() {
        Map<String, String> customers = new TreeMap<>();
        newest(STITCHED, StitchedTouchpoint.class, StitchedTouchpoint::getTouchpointId, StitchedTouchpoint::getRevision)
                .forEach((id, touchpoint) -> customers.put(id, touchpoint.getCustomerId()));
        return customers;
    }

    /** How many records have come to which end. */
    private Map<String, Long> accounts() {
        Map<String, Long> sums = new TreeMap<>();
        for (Accounting account : newest("accounting", Accounting.class, Accounting::getSource, Accounting::getRevision)
                .values()) {
            sums.merge("in", account.getIn(), Long::sum);
            sums.merge("processed", account.getProcessed(), Long::sum);
            sums.merge("duplicate", account.getDuplicate(), Long::sum);
        }
        return sums;
    }

    /** The committed record with the highest revision of each key: two customers' tasks may write in either order. */
    private <T extends SpecificRecord> Map<String, T> newest(
            String topic, Class<T> type, Function<T, String> key, Function<T, Long> revision) {
        Map<String, T> newest = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer("read_committed");
                AvroDecoder<T> decoder = AvroDecoder.of(type, servers.registryUrl())) {
            List<TopicPartition> partitions = assign(consumer, topic);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (decoder.decode(record.value()) instanceof Decoded.Record<T> decoded) {
                        newest.merge(
                                key.apply(decoded.value()),
                                decoded.value(),
                                (a, b) -> revision.apply(b) >= revision.apply(a) ? b : a);
                    }
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return newest;
    }

    /** Offsets up to which a reader can read; one of committed records comes to a halt at an open transaction. */
    private long records(String isolation) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(isolation)) {
            return consumer.endOffsets(assign(consumer, STITCHED)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }
    }

    private KafkaConsumer<byte[], byte[]> consumer(String isolation) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers.bootstrapServers(), "isolation.level", isolation),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> assign(KafkaConsumer<?, ?> consumer, String topic) {
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(one -> new TopicPartition(topic, one.partition()))
                .toList();
        consumer.assign(partitions);
        return partitions;
    }

    /** Sees what the job writes from now on before it is committed. */
    private final class Progress implements AutoCloseable {
        private final KafkaConsumer<byte[], byte[]> consumer = consumer("read_uncommitted");
        private final AvroDecoder<StitchedTouchpoint> decoder =
                AvroDecoder.of(StitchedTouchpoint.class, servers.registryUrl());

        Progress() {
            List<TopicPartition> partitions = assign(consumer, STITCHED);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
        }

        /** Whether a touchpoint that is none of these has been written. */
        boolean isBeyond(Set<String> ids) throws IOException {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(50))) {
                if (decoder.decode(record.value()) instanceof Decoded.Record<StitchedTouchpoint> decoded
                        && !ids.contains(decoded.value().getTouchpointId())) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public void close() throws IOException {
            consumer.close();
            decoder.close();
        }
    }
}
