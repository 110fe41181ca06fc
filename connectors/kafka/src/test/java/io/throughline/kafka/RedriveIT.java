package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.throughline.kafka.Redrive.Outcome;
import io.throughline.kafka.Redrive.Request;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.schemas.Rejected;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** One after the other, on the same dead letters. */
@Servers({Server.KAFKA, Server.REGISTRY})
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RedriveIT {

    private static final Instant RECEIVED = Instant.parse("2026-03-02T09:00:00Z");
    private static final byte[] NO_TEXT = {0, 0, 0, 0, 9, (byte) 0xff, 1};

    private static String kafka;
    private static String registryUrl;
    private static Redrive redrive;

    @BeforeAll
    static void aDayOfDeadLetters(LocalServers servers) throws Exception {
        kafka = servers.bootstrapServers();
        registryUrl = servers.registryUrl();
        redrive = new Redrive(kafka, registryUrl, "it", Map.of());
        TopicProvisioner.apply(kafka, registryUrl);
        write("rejected", letter("touchpoints-0-7", "malformed", "{\"broken\"", null));
        write(
                "rejected",
                letter("touchpoints-3-1", "unknown_schema", Base64.getEncoder().encodeToString(NO_TEXT), "base64"));
        write("rejected", letter("touchpoints-3-2", "unknown_schema", "text", null));
        write("rejected", letter("identity-decisions-0-1", "malformed", "x", null));
        write("rejected", letter("throughline-sessions-g1/s-1", "poison_document", "{}", null));
        write("rejected", letter("touchpoints-2-4", "malformed", "no base64!", "base64"));
        write("late", letter("touchpoints-1-5", "late", "long ago", null));
    }

    @Test
    @Order(1)
    void aDryRunSaysWhatWouldBeAndWritesNothing() {
        Outcome outcome = redrive.run(request("rejected", null, 100, false, true));

        assertThat(outcome).isEqualTo(new Outcome(Map.of("malformed", 1L, "unknown_schema", 2L), 0, 3, 0));
        assertThat(touchpoints()).isEmpty();
    }

    @Test
    @Order(2)
    void oneReasonIsRedrivenByteByByteUnderTheSameKeyWithWhenAndWhereItWasReceived() {
        Outcome outcome = redrive.run(request("rejected", "unknown_schema", 100, false, false));

        assertThat(outcome).isEqualTo(new Outcome(Map.of("unknown_schema", 2L), 0, 0, 0));
        assertThat(touchpoints())
                .hasSize(2)
                .allSatisfy(record -> {
                    assertThat(record.redriven()).isTrue();
                    assertThat(record.timestamp()).isEqualTo(RECEIVED.toEpochMilli());
                    assertThat(new String(record.key(), UTF_8)).isEqualTo("ada");
                })
                .extracting(KafkaRecord::value)
                .containsExactlyInAnyOrder(NO_TEXT, "text".getBytes(UTF_8));
    }

    @Test
    @Order(3)
    void whatWasRedrivenIsNotASecondTimeUnlessItIsAskedForAgain() {
        assertThat(redrive.run(request("rejected", null, 100, false, false)))
                .isEqualTo(new Outcome(Map.of("malformed", 1L), 2, 3, 0));
        assertThat(touchpoints()).hasSize(3);

        assertThat(redrive.run(request("rejected", null, 100, false, false))).isEqualTo(new Outcome(Map.of(), 3, 3, 0));
        assertThat(touchpoints()).hasSize(3);

        assertThat(redrive.run(request("rejected", "malformed", 100, true, false))
                        .total())
                .isEqualTo(1);
        assertThat(touchpoints()).hasSize(4);
    }

    @Test
    @Order(4)
    void lateOnesAreRedrivenUpToTheLimitAndTheRestNextTime() throws Exception {
        write("late", letter("touchpoints-1-6", "late", "long ago too", null));

        assertThat(redrive.run(request("late", null, 1, false, false)))
                .isEqualTo(new Outcome(Map.of("late", 1L), 0, 0, 1));
        assertThat(redrive.run(request("late", null, 1, false, false)))
                .isEqualTo(new Outcome(Map.of("late", 1L), 1, 0, 0));
        assertThat(redrive.run(new Request("late", null, Instant.now().toEpochMilli() + 60_000, 9, true, false, "ada")))
                .isEqualTo(new Outcome(Map.of(), 0, 0, 0));
    }

    @Test
    @Order(5)
    void ofTwoAtTheSameTimeTheOneWhoBeganFirstIsStopped() throws Exception {
        int before = touchpoints().size();
        write("late", letter("touchpoints-1-7", "late", "a race", null));
        try (KafkaProducer<byte[], byte[]> first = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "transactional.id", "it-redrive"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            first.initTransactions();
            first.beginTransaction();
            first.send(new ProducerRecord<>("touchpoints", "a race".getBytes(UTF_8)));
            first.flush();

            assertThat(redrive.run(request("late", null, 100, false, false)).total())
                    .isEqualTo(1);

            assertThatThrownBy(first::commitTransaction).isInstanceOf(KafkaException.class);
        }
        assertThat(touchpoints()).hasSize(before + 1);
    }

    @Test
    @Order(6)
    void serversThatAreAwayAreNamedInOneLine() {
        assertThatThrownBy(() -> new Redrive("127.0.0.1:1", registryUrl, "it", Map.of("max.block.ms", "500"))
                        .run(request("late", null, 100, false, false)))
                .isInstanceOf(KafkaException.class)
                .hasMessageStartingWith(
                        "Kafka is not reachable at 127.0.0.1:1: start it or set kafka.bootstrap_servers");
    }

    private static Request request(String from, String reason, long limit, boolean again, boolean dryRun) {
        return new Request(from, reason, 0, limit, again, dryRun, "ada");
    }

    private static Rejected letter(String origin, String reason, String raw, String encoding) {
        return Rejected.newBuilder()
                .setOrigin(origin)
                .setReason(reason)
                .setDetail("so it was")
                .setRaw(raw)
                .setRawEncoding(encoding)
                .setKey("ada")
                .setReceivedTime(RECEIVED)
                .build();
    }

    private static void write(String topic, Rejected letter) throws Exception {
        new ControlTopic<>(topic, Rejected.class, kafka, registryUrl, Map.of()).write(letter.getOrigin(), letter);
    }

    /** A commit returns before readers of what is committed may read on. */
    private static List<KafkaRecord> touchpoints() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            await().atMost(Duration.ofMinutes(1)).until(() -> ends(admin, IsolationLevel.READ_COMMITTED)
                    .equals(ends(admin, IsolationLevel.READ_UNCOMMITTED)));
        }
        List<KafkaRecord> records = new ArrayList<>();
        TopicSnapshot.read("touchpoints", kafka, Map.of(), Long.MAX_VALUE, records::add);
        return records;
    }

    private static List<Long> ends(Admin admin, IsolationLevel isolation) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (TopicPartitionInfo each : admin.describeTopics(List.of("touchpoints"))
                .allTopicNames()
                .get()
                .get("touchpoints")
                .partitions()) {
            latest.put(new TopicPartition("touchpoints", each.partition()), OffsetSpec.latest());
        }
        List<Long> ends = new ArrayList<>();
        for (ListOffsetsResultInfo each : admin.listOffsets(latest, new ListOffsetsOptions(isolation))
                .all()
                .get()
                .values()) {
            ends.add(each.offset());
        }
        return ends;
    }
}
