package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.throughline.domain.ingest.IngestConfig;
import io.throughline.domain.ingest.Rejected;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.KafkaRecord;
import io.throughline.kafka.KafkaRecordTypeInfo;
import io.throughline.pipeline.index.RegistryServer;
import io.throughline.pipeline.ingest.DecisionTopology.Decided;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.IdentityDecision;
import io.throughline.schemas.Touchpoint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Records of the control topic, good and bad, through a Flink of their own. */
@Timeout(120)
class DecisionTopologyTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Identifier EMAIL = new Identifier("email", "8a1f0c52d6e94b7788c3a5f4e1d2b390");
    private static final Identifier NUMBER = new Identifier("customer_number", "d41c7a9e0b3f4c65a2e8f71b5c90d836");
    private static final Identifier DEVICE = new Identifier("device_id", "tablet-7");

    private final List<Decision> decisions = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private final List<KafkaRecord> records = new ArrayList<>();
    private RegistryServer registry;

    @BeforeEach
    void start() throws Exception {
        registry = new RegistryServer(List.of(IdentityDecision.getClassSchema(), Touchpoint.getClassSchema()));
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void aDecisionIsADecisionOnBothIdentifiersInAFixedOrder() throws Exception {
        send(decision("always", EMAIL, NUMBER, "told us", "ada"));
        send(decision("withdrawn", NUMBER, EMAIL, "was wrong", null));

        run();

        assertThat(rejected).isEmpty();
        assertThat(decisions)
                .containsExactlyInAnyOrder(
                        domain(Decision.Verdict.ALWAYS, "told us", "ada"),
                        domain(Decision.Verdict.WITHDRAWN, "was wrong", ""));
        assertThat(decisions)
                .extracting(AvroDecisions::keyOf)
                .allMatch(key -> key.equals(AvroDecisions.keyOf(decisions.get(0))));
    }

    @Test
    void whatIsNoDecisionIsRejectedWithAReasonAndItsBytesAndStopsNothing() throws Exception {
        send(decision("never", EMAIL, DEVICE, "r", "a"));
        send(decision("never", EMAIL, EMAIL, "r", "a"));
        send(decision("never", EMAIL, new Identifier("shoe_size", "43"), "r", "a"));
        send(decision("perhaps", EMAIL, NUMBER, "r", "a"));
        send(decision("never", new Identifier("email", "ada@example.com"), NUMBER, "r", "a"));
        send(decision("never", EMAIL, NUMBER, " ", "a"));
        send(new byte[] {9, 9, 9});
        send(new byte[] {0, 0, 0, 0, 99, 1});
        send(null);
        byte[] cut = decision("never", EMAIL, NUMBER, "r", "a");
        send(java.util.Arrays.copyOf(cut, cut.length - 5));
        send(new byte[] {0, 0, 0, 0, 2, 1});
        send(decision("always", EMAIL, NUMBER, "told us", "ada"));

        run();

        assertThat(decisions).containsExactly(domain(Decision.Verdict.ALWAYS, "told us", "ada"));
        assertThat(rejected)
                .extracting(Rejected::origin, Rejected::reason)
                .containsExactlyInAnyOrder(
                        tuple("identity-decisions-0-0", "impossible_decision"),
                        tuple("identity-decisions-0-1", "impossible_decision"),
                        tuple("identity-decisions-0-2", "impossible_decision"),
                        tuple("identity-decisions-0-3", "invalid_value"),
                        tuple("identity-decisions-0-4", "invalid_value"),
                        tuple("identity-decisions-0-5", "missing_field"),
                        tuple("identity-decisions-0-6", "malformed"),
                        tuple("identity-decisions-0-7", "unknown_schema"),
                        tuple("identity-decisions-0-8", "empty"),
                        tuple("identity-decisions-0-9", "malformed"),
                        tuple("identity-decisions-0-10", "incompatible_schema"));
        assertThat(rejected)
                .filteredOn(r -> r.origin().endsWith("-0-0"))
                .singleElement()
                .satisfies(device -> {
                    assertThat(device.raw()).isEqualTo(records.get(0).value());
                    assertThat(device.schemaId()).isEqualTo(1);
                    assertThat(device.key()).isEqualTo("pair");
                    assertThat(device.receivedTime()).isEqualTo(NOON.toEpochMilli());
                });
        assertThat(rejected).extracting(Rejected::detail).noneMatch(detail -> detail.contains("ada@example.com"));
    }

    private void run() throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(1);
        Decided decided = DecisionTopology.decide(
                env.fromData(KafkaRecordTypeInfo.INSTANCE, records.toArray(KafkaRecord[]::new)),
                registry.url(),
                IngestConfig.DEFAULTS,
                StitchConfig.DEFAULTS);
        DataStream<Rejected> none = decided.rejected();
        try (CloseableIterator<Decision> good = decided.decisions().collectAsync();
                CloseableIterator<Rejected> bad = none.collectAsync()) {
            env.executeAsync();
            good.forEachRemaining(decisions::add);
            bad.forEachRemaining(rejected::add);
        }
    }

    private void send(byte[] value) {
        records.add(new KafkaRecord(
                "identity-decisions",
                0,
                records.size(),
                NOON.toEpochMilli(),
                "pair".getBytes(StandardCharsets.UTF_8),
                value,
                null));
    }

    private byte[] decision(String verdict, Identifier one, Identifier other, String reason, String author)
            throws Exception {
        return AvroWriter.of(IdentityDecision.class, "identity-decisions", registry.url(), Map.of())
                .write(IdentityDecision.newBuilder()
                        .setVerdict(verdict)
                        .setOne(one)
                        .setOther(other)
                        .setEffectiveFrom(NOON)
                        .setReason(reason)
                        .setAuthor(author)
                        .setDecidedAt(NOON)
                        .build());
    }

    private static Decision domain(Decision.Verdict verdict, String reason, String author) {
        return new Decision(
                verdict,
                new io.throughline.domain.touchpoint.Identifier(EMAIL.getType(), EMAIL.getValue()),
                new io.throughline.domain.touchpoint.Identifier(NUMBER.getType(), NUMBER.getValue()),
                NOON.toEpochMilli(),
                reason,
                author);
    }
}
