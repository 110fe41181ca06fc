package io.throughline.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.domain.ingest.IdentifierNormaliser;
import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.stitch.Erasure;
import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.ControlTopic;
import io.throughline.kafka.DecisionTopic;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TouchpointProducer;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.ingest.AvroErasures;
import io.throughline.pipeline.ingest.ErasureTopology;
import io.throughline.pipeline.ingest.LibPhoneNumbers;
import io.throughline.pipeline.replay.People;
import io.throughline.pipeline.replay.Replay;
import io.throughline.pipeline.replay.ReplayResult;
import io.throughline.pipeline.settings.Settings;
import io.throughline.schemas.Accounting;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.IdentityDecision;
import io.throughline.schemas.Rejected;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import io.throughline.schemas.Touchpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The job between a real broker and a real registry comes to what a replay of the same touchpoints comes to. */
@Servers({Server.KAFKA, Server.REGISTRY})
@Timeout(600)
class ExperienceJobIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int TOUCHPOINTS = 400;
    private static final int POISON = 4;
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String run = UUID.randomUUID().toString();
    private final LocalServers servers;

    @TempDir
    Path directory;

    ExperienceJobIT(LocalServers servers) throws Exception {
        this.servers = servers;
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
    }

    @Test
    void theLiveJobAgreesWithAReplayAndAccountsForEveryRecord() throws Exception {
        List<Touchpoint> touchpoints = touchpoints(new Random(11));
        Map<String, String> expected = customersByReplay(touchpoints, List.of());
        assertThat(expected.values().stream().distinct().count())
                .as("people and strangers")
                .isBetween(5L, 200L);

        Collections.shuffle(touchpoints, new Random(12));
        try (TouchpointProducer producer =
                TouchpointProducer.open("touchpoints", servers.bootstrapServers(), servers.registryUrl())) {
            for (int i = 0; i < touchpoints.size(); i++) {
                producer.send(touchpoints.get(i));
                if (i % (TOUCHPOINTS / POISON) == 0) {
                    producer.sendRaw(null, new byte[] {9, 9, 9});
                }
            }
            producer.send(touchpoints.get(0));
        }
        decide("account_id", "0123456789abcdef0123456789abcdef");
        decide("device_id", "tablet-7");

        JobClient job = start();
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofSeconds(2))
                    .untilAsserted(() -> assertThat(customersIndexed()).isEqualTo(expected));
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> assertAccounts(0, 0));
            assertThat(newest("rejected", Rejected.class, Rejected::getOrigin, rejected -> 1L).values().stream()
                            // Others who use the servers have records rejected too, of other topics.
                            .filter(rejected -> rejected.getOrigin().startsWith("touchpoints-")))
                    .hasSize(POISON)
                    .allSatisfy(rejected -> assertThat(rejected.getReason()).isEqualTo("malformed"));
            assertThat(newest("rejected", Rejected.class, Rejected::getOrigin, rejected -> 1L).values().stream()
                            .filter(rejected -> rejected.getOrigin().startsWith(DecisionTopic.NAME)
                                    && rejected.getKey().startsWith(run)))
                    .as("a decision on a device")
                    .singleElement()
                    .satisfies(rejected -> {
                        assertThat(rejected.getReason()).isEqualTo("impossible_decision");
                        assertThat(rejected.getKey()).isEqualTo(run + "-device_id");
                    });
            // The quiet topic of decisions holds nothing back: days go by for the touchpoints.
            await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(
                            newest("sessions", Session.class, Session::getSessionId, Session::getRevision)
                                    .values())
                    .extracting(Session::getStatus)
                    .contains("closed"));
            erasedLiveIsErasedByReplay(touchpoints);
        } finally {
            job.cancel().get();
        }
    }

    private void erasedLiveIsErasedByReplay(List<Touchpoint> touchpoints) throws Exception {
        List<Erasure> erasures = List.of(
                erasure("email", run + "3@shop.example", NOON.plus(Duration.ofDays(9))),
                erasure("cookie", run + "4", NOON.plus(Duration.ofHours(30))));
        ControlTopic<io.throughline.schemas.Erasure> topic = new ControlTopic<>(
                ErasureTopology.TOPIC,
                io.throughline.schemas.Erasure.class,
                servers.bootstrapServers(),
                servers.registryUrl(),
                Map.of());
        for (Erasure erasure : erasures) {
            topic.write(AvroErasures.keyOf(erasure), AvroErasures.of(erasure, NOON));
        }
        Erasure impossible = new Erasure(new io.throughline.domain.touchpoint.Identifier("shoe_size", run), 0, "x", "");
        topic.write(AvroErasures.keyOf(impossible), AvroErasures.of(impossible, NOON));
        Touchpoint late = Touchpoint.newBuilder(touchpoints.get(0))
                .setTouchpointId(run + "-late")
                .setIdentifiers(List.of(new Identifier("email", run + "3@shop.example")))
                .build();
        try (TouchpointProducer producer =
                TouchpointProducer.open("touchpoints", servers.bootstrapServers(), servers.registryUrl())) {
            producer.send(late);
        }
        Map<String, String> expected = customersByReplay(touchpoints, erasures);
        long erased = TOUCHPOINTS - expected.size() + 1;
        assertThat(erased).isGreaterThan(5);

        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> assertThat(customersIndexed())
                .isEqualTo(expected));
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(2)).untilAsserted(() -> assertAccounts(erased, 1));
        assertThat(newest(
                                "stitched-touchpoints",
                                StitchedTouchpoint.class,
                                StitchedTouchpoint::getTouchpointId,
                                StitchedTouchpoint::getRevision)
                        .values())
                .filteredOn(mark -> mark.getTouchpointId().startsWith(run) && Boolean.TRUE.equals(mark.getErased()))
                .hasSize((int) erased)
                .allSatisfy(mark -> assertThat(mark.getIdentifiers()).isEmpty());
        assertThat(newest("rejected", Rejected.class, Rejected::getOrigin, rejected -> 1L)
                        .values())
                .filteredOn(rejected -> rejected.getOrigin().startsWith("erasures-"))
                .filteredOn(rejected -> rejected.getKey().equals("shoe_size:" + run))
                .singleElement()
                .satisfies(rejected -> assertThat(rejected.getReason()).isEqualTo("impossible_erasure"));
    }

    private static Erasure erasure(String type, String value, Instant until) {
        return new Erasure(
                new IdentifierNormaliser(IngestConfig.DEFAULTS, new LibPhoneNumbers()).normalise(type, value),
                until.toEpochMilli(),
                "asked for it",
                "ada");
    }

    private void decide(String type, String value) throws Exception {
        new DecisionTopic(servers.bootstrapServers(), servers.registryUrl(), Map.of())
                .write(
                        run + "-" + type,
                        IdentityDecision.newBuilder()
                                .setVerdict("always")
                                .setOne(new Identifier("loyalty_id", "fedcba9876543210fedcba9876543210"))
                                .setOther(new Identifier(type, value))
                                .setEffectiveFrom(NOON)
                                .setReason("told us")
                                .setDecidedAt(NOON)
                                .build());
    }

    private void assertAccounts(long erasedOfThem, long more) {
        long in = 0;
        long ended = 0;
        long processed = 0;
        long erased = 0;
        for (Accounting account : newest("accounting", Accounting.class, Accounting::getSource, Accounting::getRevision)
                .values()) {
            in += account.getIn();
            processed += account.getProcessed();
            erased += account.getErased();
            ended += account.getProcessed()
                    + account.getRejected()
                    + account.getLate()
                    + account.getDuplicate()
                    + account.getErased();
        }
        assertThat(in).isEqualTo(TOUCHPOINTS + POISON + 1 + more);
        assertThat(ended).isEqualTo(in);
        assertThat(erased).isEqualTo(erasedOfThem);
        assertThat(processed).isEqualTo(TOUCHPOINTS + more - erasedOfThem);
    }

    private JobClient start() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        ExperienceJob.define(
                env,
                Settings.parse(
                        "test",
                        """
                        kafka:
                          bootstrap_servers: %s
                          registry_url: %s
                          group: experience-%s
                        job:
                          checkpoint_interval: 1s
                          checkpoint_directory: %s
                        """
                                .formatted(
                                        servers.bootstrapServers(),
                                        servers.registryUrl(),
                                        run,
                                        directory.resolve("checkpoints").toUri()),
                        Map.of()));
        return env.executeAsync("throughline-experience");
    }

    private Map<String, String> customersByReplay(List<Touchpoint> touchpoints, List<Erasure> erasures)
            throws Exception {
        List<String> lines = new ArrayList<>();
        for (Touchpoint touchpoint : touchpoints) {
            List<String> identifiers = touchpoint.getIdentifiers().stream()
                    .map(i -> "{\"type\":\"%s\",\"value\":\"%s\"}".formatted(i.getType(), i.getValue()))
                    .toList();
            lines.add(
                    "{\"touchpoint_id\":\"%s\",\"event_time\":\"%s\",\"channel\":\"%s\",\"kind\":\"%s\",\"identifiers\":%s}"
                            .formatted(
                                    touchpoint.getTouchpointId(),
                                    touchpoint.getEventTime(),
                                    touchpoint.getChannel(),
                                    touchpoint.getKind(),
                                    identifiers));
        }
        ReplayResult result = Replay.run(
                Files.write(directory.resolve("touchpoints.ndjson"), lines),
                new People(List.of(), erasures, List.of()),
                Rules.DEFAULTS,
                null,
                2);
        Map<String, String> customers = new TreeMap<>();
        for (byte[] document : result.of("touchpoints")) {
            JsonNode touchpoint = JSON.readTree(document);
            customers.put(
                    touchpoint.get("touchpoint_id").asText(),
                    touchpoint.get("customer_id").asText());
        }
        return customers;
    }

    private Map<String, String> customersIndexed() {
        Map<String, String> customers = new TreeMap<>();
        newest(
                        "stitched-touchpoints",
                        StitchedTouchpoint.class,
                        StitchedTouchpoint::getTouchpointId,
                        StitchedTouchpoint::getRevision)
                .forEach((id, touchpoint) -> {
                    if (id.startsWith(run) && touchpoint.getErased() == null) {
                        customers.put(id, touchpoint.getCustomerId());
                    }
                });
        return customers;
    }

    /** The committed record with the highest revision of each key: two customers' tasks may write in either order. */
    private <T extends SpecificRecord> Map<String, T> newest(
            String topic, Class<T> type, Function<T, String> key, Function<T, Long> revision) {
        Map<String, T> newest = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", servers.bootstrapServers(), "isolation.level", "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                AvroDecoder<T> decoder = AvroDecoder.of(type, servers.registryUrl())) {
            var partitions = consumer.partitionsFor(topic).stream()
                    .map(p -> new org.apache.kafka.common.TopicPartition(topic, p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (decoder.decode(record.value()) instanceof Decoded.Record<T> decoded) {
                        newest.merge(
                                key.apply(decoded.value()),
                                decoded.value(),
                                (a, b) -> revision.apply(b) >= revision.apply(a) ? b : a);
                    }
                }
            }
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
        return newest;
    }

    /** A few people with numbers, addresses and shared browsers, over three days. */
    private List<Touchpoint> touchpoints(Random random) {
        String[] types = {"customer_number", "email", "device_id", "cookie"};
        String[] channels = {"web", "app", "call", "store"};
        String[] kinds = {"page_view", "login", "logout", "complaint"};
        List<Touchpoint> result = new ArrayList<>();
        for (int i = 0; i < TOUCHPOINTS; i++) {
            List<Identifier> identifiers = new ArrayList<>();
            for (int j = 0; j < 1 + random.nextInt(2); j++) {
                String type = types[random.nextInt(types.length)];
                String value = run + random.nextInt(20) + (type.equals("email") ? "@shop.example" : "");
                identifiers.add(new Identifier(type, value));
            }
            Instant at = NOON.plus(Duration.ofMinutes(random.nextInt(3 * 24 * 60)));
            result.add(Touchpoint.newBuilder()
                    .setTouchpointId(run + "-" + i)
                    .setEventTime(at)
                    .setReceivedTime(at)
                    .setChannel(channels[random.nextInt(channels.length)])
                    .setKind(kinds[random.nextInt(kinds.length)])
                    .setIdentifiers(identifiers)
                    .setExperiments(Map.of())
                    .setProperties(Map.of())
                    .build());
        }
        return result;
    }
}
