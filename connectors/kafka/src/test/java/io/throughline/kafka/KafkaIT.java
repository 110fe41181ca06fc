package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.throughline.kafka.Decoded.Kind;
import io.throughline.kafka.KafkaSources.Isolation;
import io.throughline.kafka.TopicProvisioner.Outcome;
import io.throughline.kafka.TopicProvisioner.ProvisioningException;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.schemas.Rejected;
import io.throughline.schemas.Touchpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.TransactionNamingStrategy;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Servers({Server.KAFKA, Server.REGISTRY})
@Timeout(value = 180, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KafkaIT {

    private static final String IN = "it-in";
    private static final String OUT = "it-out";
    private static final String POISON = "poison";

    private final String kafka;
    private final String registryUrl;

    KafkaIT(LocalServers servers) {
        kafka = servers.bootstrapServers();
        registryUrl = servers.registryUrl();
    }

    @Test
    void provisioningMakesTheServersLookAsDeclaredAndChangesNothingTheSecondTime() throws Exception {
        TopicProvisioner.apply(kafka, registryUrl);
        Outcome second = TopicProvisioner.apply(kafka, registryUrl);

        assertThat(second).isEqualTo(new Outcome(List.of(), List.of(), List.of(), List.of()));
        for (Topic topic : TopicCatalogue.load().topics()) {
            Config config = configOf(topic.name());
            assertThat(config.get("cleanup.policy").value())
                    .isEqualTo(topic.cleanup().name().toLowerCase(Locale.ROOT).replace("_and_", ","));
            assertThat(config.get("retention.ms").value())
                    .isEqualTo(
                            topic.retention() == null
                                    ? "-1"
                                    : "" + topic.retention().toMillis());
            assertThat(config.get("message.timestamp.type").value()).isEqualTo("LogAppendTime");
        }
        try (SchemaRegistryClient registry = Registry.open(registryUrl, Map.of())) {
            assertThat(registry.getCompatibility("touchpoints-value")).isEqualTo("BACKWARD_TRANSITIVE");
            assertThat(registry.getCompatibility("late-value")).isEqualTo("FULL_TRANSITIVE");
            assertThat(registry.getAllSubjects()).doesNotContain("identity-links-value");
        }
    }

    @Test
    void lagIsHowFarAGroupsCommittedPlaceIsBehindTheEnd() throws Exception {
        provision("it-lag", "touchpoint");
        try (TouchpointProducer producer = TouchpointProducer.open("it-lag", kafka, registryUrl)) {
            for (int i = 0; i < 10; i++) {
                producer.sendRaw(("key-" + i).getBytes(UTF_8), new byte[] {1});
            }
            producer.flush();
        }
        try (ConsumerLag lag = new ConsumerLag(kafka, Map.of())) {
            Predicate<String> readers = "it-lag-readers"::equals;
            assertThat(lag.of(readers)).isEmpty();

            Map<TopicPartition, OffsetAndMetadata> places = new HashMap<>();
            long behind = 0;
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", kafka, "group.id", "it-lag-readers"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                for (var end : consumer.endOffsets(consumer.partitionsFor("it-lag").stream()
                                .map(partition -> new TopicPartition("it-lag", partition.partition()))
                                .toList())
                        .entrySet()) {
                    long left = Math.min(2, end.getValue());
                    behind += left;
                    places.put(end.getKey(), new OffsetAndMetadata(end.getValue() - left));
                }
                consumer.commitSync(places);
            }

            assertThat(behind).isPositive();
            assertThat(lag.of(readers))
                    .containsExactly(new ConsumerLag.Lag("it-lag-readers", "it-lag", behind, places.size()));
        }
    }

    /** Brokers forget the places on a topic together with it, but not where they were away when it was deleted. */
    @Test
    void aTopicOrPartitionThatIsGoneHidesNobodysLag() throws Exception {
        provision("it-lag-there", "touchpoint");
        TopicPartition there = new TopicPartition("it-lag-there", 0);
        TopicPartition goneTopic = new TopicPartition("it-lag-gone", 0);
        TopicPartition gonePartition = new TopicPartition("it-lag-there", 999);
        OffsetAndMetadata begin = new OffsetAndMetadata(0);
        try (Admin admin = Admin.create(Map.of(
                "bootstrap.servers",
                kafka,
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                5_000,
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                2_500))) {
            assertThat(ConsumerLag.ends(
                            admin, List.of(Map.of(there, begin, goneTopic, begin), Map.of(gonePartition, begin))))
                    .isEqualTo(Map.of(there, 0L));
            assertThat(ConsumerLag.ends(admin, List.of(Map.of(goneTopic, begin))))
                    .isEmpty();
        }
    }

    @Test
    void whatNobodyProvisionedIsSaidToBeSoWhetherOneIsWrittenOrMany() {
        ControlTopic<Rejected> topic = new ControlTopic<>("it-nobody", Rejected.class, kafka, registryUrl, Map.of());
        Rejected letter = Rejected.newBuilder()
                .setOrigin("touchpoints-0-1")
                .setReason("malformed")
                .setDetail("so it was")
                .setRaw("{")
                .build();
        String said = "does not hold the schema of it-nobody: run ./throughline provision";

        assertThatThrownBy(() -> topic.write("k", letter))
                .isInstanceOf(DecisionTopic.UnavailableException.class)
                .hasMessageContaining(said);
        assertThatThrownBy(() -> topic.writeAll(Rejected::getOrigin, List.of(letter)))
                .isInstanceOf(DecisionTopic.UnavailableException.class)
                .hasMessageContaining(said);
    }

    @Test
    void aTopicThatSomebodyChangedIsPutRight() throws Exception {
        provision("it-drift", "touchpoint");
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, "it-drift"),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("retention.ms", "1000"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }

        assertThat(provision("it-drift", "touchpoint").adjusted()).containsExactly("it-drift");

        assertThat(configOf("it-drift").get("retention.ms").value()).isEqualTo("604800000");
    }

    @Test
    void theRegistryRefusesASchemaThatBreaksTheTopicsPromise() throws Exception {
        provision("it-promise", "touchpoint");

        assertThatThrownBy(() -> provision("it-promise", "session"))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageStartingWith("subject it-promise-value: schema session is not full transitive compatible");
    }

    @Test
    void anAddressWithoutARegistryIsNamed() {
        assertThatThrownBy(() -> TopicProvisioner.apply(kafka, "http://127.0.0.1:1"))
                .isInstanceOf(ProvisioningException.class)
                .hasMessage(
                        "Schema Registry is not reachable at http://127.0.0.1:1: start it or set kafka.registry_url");
        assertThatThrownBy(() -> TopicProvisioner.apply(kafka, registryUrl.replace("/apis/ccompat/v7", "/nowhere")))
                .isInstanceOf(ProvisioningException.class)
                .hasMessageStartingWith("there is no Schema Registry interface at ");
    }

    @Test
    void aRealRegistryTellsAnUnknownIdFromBeingTheWrongAddress() throws Exception {
        provision("it-unknown", "touchpoint");
        byte[] written = AvroWriter.of(Touchpoint.class, "it-unknown", registryUrl, Map.of())
                .write(Touchpoints.full("t-1"));
        byte[] unknown = written.clone();
        unknown[1] = 0x7F;

        try (AvroDecoder<Touchpoint> decoder = AvroDecoder.of(Touchpoint.class, registryUrl);
                AvroDecoder<Touchpoint> lost =
                        AvroDecoder.of(Touchpoint.class, registryUrl.replace("/apis/ccompat/v7", "/nowhere"))) {
            assertThat(decoder.decode(written)).isInstanceOf(Decoded.Record.class);
            assertThat(decoder.decode(unknown)).isInstanceOfSatisfying(Decoded.Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(Kind.UNKNOWN_SCHEMA);
            });
            assertThatThrownBy(() -> lost.decode(written))
                    .isInstanceOf(RegistryUnavailableException.class)
                    .hasMessageContaining("check kafka.registry_url");
        }
    }

    @Test
    void aSchemaOfAnotherRecordIsIncompatibleWithARealRegistryToo() throws Exception {
        provision("it-other", "touchpoint");
        Schema other =
                SchemaBuilder.record("Weather").fields().requiredInt("degrees").endRecord();
        byte[] written = AvroWriter.of(Touchpoint.class, "it-other", registryUrl, Map.of())
                .write(Touchpoints.full("t-1"));
        int otherId;
        try (SchemaRegistryClient registry = Registry.open(registryUrl, Map.of())) {
            otherId = registry.register("it-weather-value", new AvroSchema(other));
        }
        ByteBuffer.wrap(written).position(1).putInt(otherId);

        try (AvroDecoder<Touchpoint> decoder = AvroDecoder.of(Touchpoint.class, registryUrl)) {
            assertThat(decoder.decode(written)).isInstanceOfSatisfying(Decoded.Failure.class, failure -> {
                assertThat(failure.kind()).isEqualTo(Kind.INCOMPATIBLE_SCHEMA);
                assertThat(failure.schemaId()).isEqualTo(otherId);
            });
        }
    }

    @Test
    void everyTouchpointArrivesOnceThoughTheJobFailsAndBadBytesAreAmongThem() throws Exception {
        provision(IN, "touchpoint");
        provision(OUT, "touchpoint");
        Poisonous.HAS_STRUCK.set(false);
        Set<String> sent = new TreeSet<>();

        JobClient job = startJob();
        try (TouchpointProducer producer = TouchpointProducer.open(IN, kafka, registryUrl)) {
            send(producer, sent, 0, 2_000);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> touchpointIdsOf(OUT).size() >= 2_000);

            send(producer, sent, 2_000, 4_000);
            producer.sendRaw(null, "{\"not\":\"avro\"}".getBytes(UTF_8));
            producer.sendRaw("key".getBytes(UTF_8), null);
            producer.send(Touchpoints.full(POISON));
            sent.add(POISON);
            producer.flush();
            send(producer, sent, 4_000, 6_000);
            await().atMost(Duration.ofSeconds(90))
                    .until(() -> touchpointIdsOf(OUT).size() >= sent.size());

            assertThat(Poisonous.HAS_STRUCK).isTrue();
            List<String> arrived = touchpointIdsOf(OUT);
            assertThat(arrived).doesNotHaveDuplicates();
            assertThat(new TreeSet<>(arrived)).isEqualTo(sent);
        } finally {
            job.cancel().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatASinkWritesIsStampedByTheBrokerNotWithItsEventTime() throws Exception {
        provision("it-stamps-in", "touchpoint");
        provision("it-stamps", "touchpoint");
        Instant before = Instant.now();
        try (TouchpointProducer producer = TouchpointProducer.open("it-stamps-in", kafka, registryUrl)) {
            producer.send(Touchpoints.full("t-1"));
        }

        StreamExecutionEnvironment flink = environment(0);
        flink.fromSource(
                        KafkaSources.bounded(
                                List.of("it-stamps-in"), kafka, "it-stamps", Isolation.READ_COMMITTED, Map.of()),
                        // A day in the far future, which a broker would refuse as a record's own time.
                        WatermarkStrategy.<KafkaRecord>forMonotonousTimestamps()
                                .withTimestampAssigner((record, kafkaTime) ->
                                        Instant.parse("2099-01-01T00:00:00Z").toEpochMilli()),
                        "records")
                .sinkTo(sink("it-stamps"));
        flink.execute();

        List<ConsumerRecord<byte[], byte[]>> written = read("it-stamps");
        assertThat(written).hasSize(1);
        assertThat(Instant.ofEpochMilli(written.get(0).timestamp()))
                .isBetween(before.minusSeconds(5), Instant.now().plusSeconds(5));
        assertThat(new String(written.get(0).key(), UTF_8)).isEqualTo("t-1");
    }

    @Test
    void aSinkIntoATopicWhoseSchemaNobodyProvisionedFailsAndSaysWhatToDo() throws Exception {
        provision("it-bare-in", "touchpoint");
        try (TouchpointProducer producer = TouchpointProducer.open("it-bare-in", kafka, registryUrl)) {
            producer.send(Touchpoints.full("t-1"));
        }
        StreamExecutionEnvironment flink = environment(0);
        flink.fromSource(
                        KafkaSources.bounded(List.of("it-bare-in"), kafka, "it", Isolation.READ_COMMITTED, Map.of()),
                        WatermarkStrategy.noWatermarks(),
                        "records")
                .sinkTo(sink("it-bare"));

        assertThatThrownBy(flink::execute)
                .hasStackTraceContaining("subject it-bare-value does not hold this build's schema of Touchpoint")
                .hasStackTraceContaining("apply topics.yaml to the Schema Registry before the job starts");
    }

    private JobClient startJob() throws Exception {
        StreamExecutionEnvironment flink = environment(1);
        flink.enableCheckpointing(500);
        flink.fromSource(
                        KafkaSources.of(
                                List.of(IN),
                                kafka,
                                "it",
                                OffsetsInitializer.earliest(),
                                Isolation.READ_COMMITTED,
                                Map.of()),
                        WatermarkStrategy.noWatermarks(),
                        "records")
                .uid("records")
                .filter(record -> {
                    // No text other than the touchpoint's id holds the word.
                    Poisonous.strikeOnce(record);
                    return record.value() != null && record.value()[0] == 0;
                })
                .uid("poison")
                .sinkTo(sink(OUT))
                .uid("sink");
        return flink.executeAsync("KafkaIT");
    }

    /** Fails the job the first time it meets the poison. */
    private static final class Poisonous {
        static final AtomicBoolean HAS_STRUCK = new AtomicBoolean();

        static void strikeOnce(KafkaRecord record) {
            if (record.value() != null
                    && new String(record.value(), UTF_8).contains(POISON)
                    && HAS_STRUCK.compareAndSet(false, true)) {
                throw new IllegalStateException("the poison struck, as it should");
            }
        }
    }

    /** Decodes in the sink, so that no Avro type travels between operators. */
    private static final class Decoding implements AvroSinks.ToRecord<KafkaRecord, Touchpoint> {
        private static final long serialVersionUID = 1;
        private final String registryUrl;
        private transient AvroDecoder<Touchpoint> decoder;

        Decoding(String registryUrl) {
            this.registryUrl = registryUrl;
        }

        @Override
        public Touchpoint of(KafkaRecord record) {
            if (decoder == null) {
                decoder = AvroDecoder.of(Touchpoint.class, registryUrl);
            }
            try {
                return ((Decoded.Record<Touchpoint>) decoder.decodeWaiting(record)).value();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private KafkaSink<KafkaRecord> sink(String topic) {
        return AvroSinks.of(
                topic,
                Touchpoint.class,
                new Decoding(registryUrl),
                Touchpoint::getTouchpointId,
                kafka,
                registryUrl,
                DeliveryGuarantee.EXACTLY_ONCE,
                topic,
                TransactionNamingStrategy.INCREMENTING,
                Map.of(),
                Map.of());
    }

    private static StreamExecutionEnvironment environment(int restarts) {
        Configuration settings = new Configuration();
        settings.setString("pipeline.generic-types", "false");
        settings.setString("restart-strategy.type", "fixed-delay");
        settings.setString("restart-strategy.fixed-delay.attempts", Integer.toString(restarts));
        settings.setString("restart-strategy.fixed-delay.delay", "100 ms");
        return StreamExecutionEnvironment.createLocalEnvironment(2, settings);
    }

    private static void send(TouchpointProducer producer, Set<String> sent, int from, int to) {
        for (int i = from; i < to; i++) {
            producer.send(Touchpoints.full("t-" + i));
            sent.add("t-" + i);
        }
        producer.flush();
    }

    private Outcome provision(String topic, String schema) throws ProvisioningException, IOException {
        String yaml = "topics: [{name: " + topic + ", key: any, schema: " + schema + ", partitions: 2,"
                + " cleanup: delete, retention: P7D, compatibility: FULL_TRANSITIVE, internal: false}]";
        return new TopicProvisioner(TopicCatalogue.read(new ByteArrayInputStream(yaml.getBytes(UTF_8))))
                .applyTo(kafka, registryUrl);
    }

    private Config configOf(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            return admin.describeConfigs(List.of(resource)).all().get().get(resource);
        }
    }

    /** Ids of the touchpoints a reader of committed records sees. */
    private List<String> touchpointIdsOf(String topic) {
        try (AvroDecoder<Touchpoint> decoder = AvroDecoder.of(Touchpoint.class, registryUrl)) {
            List<String> ids = new ArrayList<>();
            for (ConsumerRecord<byte[], byte[]> record : read(topic)) {
                Decoded<Touchpoint> decoded = decoder.decode(record.value());
                ids.add(((Decoded.Record<Touchpoint>) decoded).value().getTouchpointId());
            }
            return ids;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** All committed records there are now. */
    private List<ConsumerRecord<byte[], byte[]>> read(String topic) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Object> properties = new HashMap<>();
        properties.put("bootstrap.servers", kafka);
        properties.put("isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))) {
                consumer.poll(Duration.ofMillis(200)).forEach(records::add);
            }
        }
        return records;
    }
}
