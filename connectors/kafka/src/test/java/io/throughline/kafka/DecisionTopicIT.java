package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.throughline.kafka.DecisionTopic.UnavailableException;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.IdentityDecision;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Servers({Server.KAFKA, Server.REGISTRY})
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DecisionTopicIT {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final String kafka;
    private final DecisionTopic topic;

    DecisionTopicIT(LocalServers servers) throws Exception {
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
        kafka = servers.bootstrapServers();
        topic = new DecisionTopic(kafka, servers.registryUrl(), Map.of());
    }

    @Test
    void whatWasWrittenLastUnderAKeyIsTheNewest() throws Exception {
        assertThat(topic.newest("a|b")).isNull();

        String first = topic.write("a|b", decision("always", 0));
        String elsewhere = topic.write("a|c", decision("always", 1));
        topic.write("a|b", decision("never", 2));

        assertThat(first).matches("identity-decisions-\\d-\\d+").isNotEqualTo(elsewhere);
        assertThat(topic.newest("a|b").decision()).isEqualTo(decision("never", 2));
        assertThat(topic.newest("a|c").decision()).isEqualTo(decision("always", 1));
    }

    @Test
    void bytesThatAreNoDecisionAreNotTheNewest() throws Exception {
        topic.write("x|y", decision("always", 0));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(DecisionTopic.NAME, "x|y".getBytes(UTF_8), new byte[] {9, 9}))
                    .get();
            producer.send(new ProducerRecord<>(DecisionTopic.NAME, "x|y".getBytes(UTF_8), null))
                    .get();
        }

        assertThat(topic.newest("x|y").decision()).isEqualTo(decision("always", 0));
    }

    @Test
    void allAreReadWhateverTheirKeyAndWhatIsNoDecisionIsLeftOut() throws Exception {
        topic.write("all|1", decision("always", 10));
        topic.write("all|2", decision("never", 11));
        topic.write("all|1", decision("withdrawn", 12));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<>(DecisionTopic.NAME, "all|3".getBytes(UTF_8), new byte[] {9, 9}))
                    .get();
        }

        // Compaction may already have taken the first.
        assertThat(topic.all())
                .extracting(DecisionTopic.Written::decision)
                .contains(decision("never", 11), decision("withdrawn", 12))
                .filteredOn(decision("always", 10)::equals)
                .hasSizeLessThanOrEqualTo(1);
        assertThat(topic.all()).allMatch(written -> written.timestamp() > 0);
    }

    @Test
    void whatIsAwayIsNamedInOneLineWithWhatToDo() {
        String nowhere = "http://127.0.0.1:1";
        assertThatThrownBy(() -> new DecisionTopic(kafka, nowhere, Map.of()).write("k", decision("always", 0)))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("the Schema Registry is not reachable")
                .hasMessageEndingWith("at " + nowhere + ": start it or set kafka.registry_url");
        DecisionTopic away = new DecisionTopic(
                "127.0.0.1:1", nowhere, Map.of("default.api.timeout.ms", "600", "request.timeout.ms", "500"));
        assertThatThrownBy(() -> away.newest("k"))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("Kafka is not reachable at 127.0.0.1:1: start it or set kafka.bootstrap_servers");
        assertThatThrownBy(() -> new DecisionTopic("nonsense", nowhere, Map.of()).newest("k"))
                .isInstanceOf(UnavailableException.class)
                .hasMessageStartingWith("Kafka at nonsense cannot be used: ")
                .hasMessageEndingWith(": check kafka.bootstrap_servers and kafka.properties");
    }

    private static IdentityDecision decision(String verdict, int minute) {
        return IdentityDecision.newBuilder()
                .setVerdict(verdict)
                .setOne(new Identifier("email", "8a1f"))
                .setOther(new Identifier("phone", "77c0"))
                .setEffectiveFrom(NOON.plusSeconds(60L * minute))
                .setReason("said so")
                .setAuthor("ada")
                .setDecidedAt(NOON)
                .build();
    }
}
