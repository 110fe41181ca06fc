package io.throughline.pipeline.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import com.fasterxml.jackson.databind.JsonNode;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.local.testing.Servers;
import io.throughline.pipeline.settings.Settings;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The job between real servers. Others use them too, so every document bears this run's name. */
@Servers({Server.KAFKA, Server.REGISTRY, Server.ELASTICSEARCH})
@Timeout(600)
class IndexJobIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final String run = "run-" + UUID.randomUUID();
    private final LocalServers servers;
    private final KafkaProducer<byte[], byte[]> producer;
    private ElasticsearchClient client;

    IndexJobIT(LocalServers servers) throws Exception {
        this.servers = servers;
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
        producer = new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        servers.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        run),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    @BeforeEach
    void prepare() throws IOException {
        IndexJob.prepare(settings("prepare").elasticsearch());
        client = settings("prepare").elasticsearch().connection().open();
    }

    @AfterEach
    void close() throws IOException {
        producer.close();
        client.close();
    }

    @Test
    void committed_documents_arrive_in_their_newest_version_and_nothing_disappears() throws Exception {
        producer.beginTransaction();
        sendAll("sessions", Session.class, List.of(Documents.session(run + "-aborted", run, 1)));
        producer.abortTransaction();

        List<Session> history = new ArrayList<>();
        for (int revision = 1; revision <= 5; revision++) {
            for (int i = 0; i < 100; i++) {
                history.add(Documents.session(run + "-s" + i, run, revision));
            }
        }
        Collections.shuffle(history, new Random(4));
        StitchedTouchpoint poison = StitchedTouchpoint.newBuilder(
                        Documents.touchpoint(run + "-poison", run, 1, Documents.NOON))
                .setProperties(Map.of("key with \u0000", "which Elasticsearch refuses"))
                .build();
        producer.beginTransaction();
        sendAll("sessions", Session.class, history);
        sendAll(
                "stitched-touchpoints",
                StitchedTouchpoint.class,
                List.of(
                        Documents.touchpoint(run + "-october", run, 1, Instant.parse("2026-10-31T23:59:59.999Z")),
                        Documents.touchpoint(run + "-november", run, 1, Documents.NOON),
                        poison));
        RecordMetadata garbage = producer.send(new ProducerRecord<>("customers", bytes(run), new byte[] {1, 2, 3}))
                .get();
        producer.commitTransaction();
        String garbageOrigin = "customers-" + garbage.partition() + "-" + garbage.offset();
        String poisonOrigin = "throughline-touchpoints-g1-2026.11/" + run + "-poison";

        indexingWith("first", () -> await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(versions("throughline-sessions")).hasSize(100).allSatisfy(session -> assertThat(session)
                    .endsWith("@5"));
            assertThat(versions("throughline-touchpoints")).containsExactly(run + "-november@1", run + "-october@1");
            assertThat(reasonOf(garbageOrigin)).isEqualTo("unknown_schema");
            assertThat(reasonOf(poisonOrigin)).isEqualTo("poison_document");
        }));

        List<String> before = versions("throughline-sessions");
        indexingWith("again", () -> {
            String sentinel = run + "-sentinel";
            producer.beginTransaction();
            sendAll("sessions", Session.class, List.of(Documents.session(sentinel, "sentinel of " + run, 1)));
            producer.commitTransaction();
            await().atMost(PATIENCE).until(() -> exists("throughline-sessions-g1", sentinel));
        });
        assertThat(versions("throughline-sessions")).isEqualTo(before);
    }

    private interface Story {
        void happen() throws Exception;
    }

    /** Runs the job, from the beginning of the topics for a group that was not seen before, while the story happens. */
    private void indexingWith(String group, Story story) throws Exception {
        Settings settings = settings(group);
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        IndexJob.define(environment, settings);
        JobClient job = environment.executeAsync("throughline-index");
        try {
            story.happen();
        } finally {
            job.cancel().get();
        }
    }

    private Settings settings(String group) {
        return Settings.parse(
                "test",
                """
                kafka:
                  bootstrap_servers: %s
                  registry_url: %s
                  group: %s
                elasticsearch:
                  urls: ["%s"]
                job:
                  checkpoint_interval: 1 s
                """
                        .formatted(
                                servers.bootstrapServers(),
                                servers.registryUrl(),
                                run + "-" + group,
                                servers.elasticsearchUrl()),
                Map.of());
    }

    private <T extends SpecificRecord> void sendAll(String topic, Class<T> type, List<T> documents) throws Exception {
        AvroWriter<T> writer = AvroWriter.of(type, topic, servers.registryUrl(), Map.of());
        for (T document : documents) {
            byte[] key = bytes(document.get(0).toString());
            producer.send(new ProducerRecord<>(topic, key, writer.write(document)));
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Id and version of every document of this run's customer. */
    private List<String> versions(String alias) throws IOException {
        client.indices().refresh(refresh -> refresh.index(alias));
        return client
                .search(
                        search -> search.index(alias)
                                .size(1_000)
                                .version(true)
                                .query(query -> query.term(
                                        term -> term.field("customer_id").value(run))),
                        JsonNode.class)
                .hits()
                .hits()
                .stream()
                .map(hit -> hit.id() + "@" + hit.version())
                .sorted()
                .toList();
    }

    private String reasonOf(String origin) throws IOException {
        JsonNode rejected = client.get(
                        get -> get.index("throughline-rejected-g1").id(origin), JsonNode.class)
                .source();
        return rejected == null ? "" : rejected.path("reason").textValue();
    }

    private boolean exists(String index, String id) throws IOException {
        return client.exists(exists -> exists.index(index).id(id)).value();
    }
}
