package io.throughline.pipeline.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import co.elastic.clients.elasticsearch.ElasticsearchClient;
import co.elastic.clients.elasticsearch._types.VersionType;
import co.elastic.clients.elasticsearch.core.BulkResponse;
import co.elastic.clients.elasticsearch.core.bulk.BulkOperation;
import co.elastic.clients.util.BinaryData;
import co.elastic.clients.util.ContentType;
import io.throughline.elasticsearch.IndexAction;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.pipeline.settings.Settings;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.PathStep;
import io.throughline.schemas.Session;
import io.throughline.schemas.StitchedTouchpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How many documents a second the index job writes, beside a bare bulk loop of the Java client with the same documents into
 * the same Elasticsearch, in turn. Run by infra/build/index-bench [TOUCHPOINTS] [ROUNDS].
 */
final class IndexBench {

    private static final int PER_SESSION = 7;
    private static final int PER_BULK = 2_000;
    private static final int BYTES_PER_BULK = 5 << 20;
    private static final List<String> CHANNELS = List.of("web", "app", "chat", "email", "call", "store");

    private final LocalServers servers;
    private final Random random = new Random(20261123);
    private final List<StitchedTouchpoint> touchpoints = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();

    private IndexBench(LocalServers servers) {
        this.servers = servers;
    }

    public static void main(String[] arguments) throws Exception {
        int touchpoints = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 140_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path directory = Files.createTempDirectory("index-bench");
        try (LocalServers servers =
                LocalServers.in(directory).freePorts().shortLived().build()) {
            servers.start(Server.KAFKA, Server.REGISTRY, Server.ELASTICSEARCH);
            TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
            IndexBench bench = new IndexBench(servers);
            bench.make(touchpoints);
            bench.measure(rounds);
        }
        System.exit(0);
    }

    private void make(int count) throws Exception {
        for (int i = 0; i < count / PER_SESSION; i++) {
            List<PathStep> path = new ArrayList<>();
            Instant start = Documents.NOON.minusSeconds(random.nextInt(86_400 * 10));
            for (int k = 0; k < PER_SESSION; k++) {
                String id = "t-" + i + "-" + k;
                String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
                Instant time = start.plusSeconds(60L * k);
                touchpoints.add(StitchedTouchpoint.newBuilder(Documents.touchpoint(id, "c-" + i / 4, 1, time))
                        .setSessionId("s-" + i)
                        .setChannel(channel)
                        .setKind("message")
                        .setTouchpoint("place-" + random.nextInt(30))
                        .setStage("support")
                        .setTopic("billing")
                        .setIdentifiers(List.of(
                                new Identifier("email", Long.toHexString(random.nextLong())),
                                new Identifier("cookie", Long.toHexString(random.nextLong()))))
                        .setProperties(Map.of("page", "/help/" + random.nextInt(500), "agent", "a" + i % 90))
                        .build());
                path.add(new PathStep(id, time, channel, "message", "place-" + k, "support"));
            }
            sessions.add(Session.newBuilder(Documents.session("s-" + i, "c-" + i / 4, 1))
                    .setStart(start)
                    .setEnd(start.plusSeconds(60L * PER_SESSION))
                    .setTouchpointCount(PER_SESSION)
                    .setPath(path)
                    .build());
        }
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.bootstrapServers(), "linger.ms", "20"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            send(producer, "stitched-touchpoints", StitchedTouchpoint.class, touchpoints);
            send(producer, "sessions", Session.class, sessions);
            producer.flush();
        }
    }

    private <T extends SpecificRecord> void send(
            KafkaProducer<byte[], byte[]> producer, String topic, Class<T> type, List<T> documents) throws Exception {
        AvroWriter<T> writer = AvroWriter.of(type, topic, servers.registryUrl(), Map.of());
        for (T document : documents) {
            producer.send(
                    new ProducerRecord<>(topic, document.get(0).toString().getBytes(UTF_8), writer.write(document)));
        }
    }

    private void measure(int rounds) throws Exception {
        List<Double> loop = new ArrayList<>();
        List<Double> loops = new ArrayList<>();
        List<Double> job = new ArrayList<>();
        int generation = 1;
        System.out.printf(
                "%5s %18s %18s %12s %7s%n", "round", "loop, 1 at a time", "loop, 2 at a time", "index job", "ratio");
        // The first round warms the JVMs up.
        for (int round = 0; round <= rounds; round++) {
            double one = loop(generation++, 1);
            double jobs = job(generation++);
            double two = loop(generation++, 2);
            System.out.printf(
                    Locale.ROOT,
                    "%5s %16.0f/s %16.0f/s %10.0f/s %7.2f%n",
                    round == 0 ? "warm" : round,
                    one,
                    two,
                    jobs,
                    jobs / Math.max(one, two));
            if (round > 0) {
                loop.add(one);
                loops.add(two);
                job.add(jobs);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "median: %.0f/s with one bulk at a time, %.0f/s with two, %.0f/s the index job: %.2f and %.2f of it%n",
                median(loop),
                median(loops),
                median(job),
                median(job) / median(loop),
                median(job) / median(loops));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    /** Documents a second from the first bulk that was answered to the last. */
    private double loop(int generation, int atATime) throws Exception {
        Settings settings = settings(generation);
        IndexJob.prepare(settings.elasticsearch());
        List<List<BulkOperation>> bulks = bulks(generation);
        try (ElasticsearchClient client = settings.elasticsearch().connection().open()) {
            AtomicInteger next = new AtomicInteger();
            List<Thread> threads = new ArrayList<>();
            AtomicReference<RuntimeException> failed = new AtomicReference<>();
            Counted counted = new Counted(client, generation, failed);
            for (int i = 0; i < atATime; i++) {
                Thread thread = new Thread(() -> {
                    try {
                        for (int at = next.getAndIncrement(); at < bulks.size(); at = next.getAndIncrement()) {
                            bulk(client, bulks.get(at));
                        }
                    } catch (RuntimeException e) {
                        failed.compareAndSet(null, e);
                    }
                });
                thread.start();
                threads.add(thread);
            }
            double rate = counted.untilAllAreThere(touchpoints.size() + sessions.size());
            for (Thread thread : threads) {
                thread.join();
            }
            forget(client, generation);
            return rate;
        }
    }

    private static void bulk(ElasticsearchClient client, List<BulkOperation> operations) {
        try {
            BulkResponse answer = client.bulk(request -> request.operations(operations));
            if (answer.errors()) {
                throw new IllegalStateException(answer.items().stream()
                        .filter(item -> item.error() != null)
                        .findFirst()
                        .orElseThrow()
                        .toString());
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private List<List<BulkOperation>> bulks(int generation) {
        List<List<BulkOperation>> bulks = new ArrayList<>();
        List<BulkOperation> bulk = new ArrayList<>();
        int bytes = 0;
        List<IndexAction> actions = new ArrayList<>();
        touchpoints.forEach(each -> actions.add(action("stitched-touchpoints", each, generation)));
        sessions.forEach(each -> actions.add(action("sessions", each, generation)));
        // As they come from several topics.
        Collections.shuffle(actions, new Random(generation));
        for (IndexAction action : actions) {
            if (bulk.size() == PER_BULK || bytes + action.json().length > BYTES_PER_BULK) {
                bulks.add(bulk);
                bulk = new ArrayList<>();
                bytes = 0;
            }
            bytes += action.json().length;
            BinaryData document = BinaryData.of(action.json(), ContentType.APPLICATION_JSON);
            bulk.add(BulkOperation.of(operation -> operation.index(index -> index.index(action.index())
                    .id(action.id())
                    .version(action.version())
                    .versionType(VersionType.External)
                    .document(document))));
        }
        bulks.add(bulk);
        return bulks;
    }

    @SuppressWarnings("unchecked")
    private static <T extends SpecificRecord> IndexAction action(String topic, T document, int generation) {
        DocumentTopic<T> found = (DocumentTopic<T>) DocumentTopic.ALL.stream()
                .filter(candidate -> candidate.name().equals(topic))
                .findFirst()
                .orElseThrow();
        return found.action(document, generation, Documents.NOON.toEpochMilli());
    }

    /** Documents a second from the first bulk that was answered to the last, Kafka and decoding included. */
    private double job(int generation) throws Exception {
        Settings settings = settings(generation);
        IndexJob.prepare(settings.elasticsearch());
        try (ElasticsearchClient client = settings.elasticsearch().connection().open()) {
            StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(
                    new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "none"));
            IndexJob.define(environment, settings);
            Counted counted = new Counted(client, generation, new AtomicReference<>());
            JobClient job = environment.executeAsync("throughline-index");
            double rate = counted.untilAllAreThere(touchpoints.size() + sessions.size());
            job.cancel().get();
            forget(client, generation);
            return rate;
        }
    }

    private static void forget(ElasticsearchClient client, int generation) throws IOException {
        List<String> all = List.copyOf(client.indices()
                .get(get -> get.index("throughline-*-g" + generation, "throughline-*-g" + generation + "-*"))
                .result()
                .keySet());
        client.indices().delete(delete -> delete.index(all));
    }

    /**
     * Counts what Elasticsearch has indexed, ten times a second.
     *
     * @param failed why no more of it will come; null while more may
     */
    private record Counted(ElasticsearchClient client, int generation, AtomicReference<RuntimeException> failed) {

        private static final long PATIENCE_NANOS = 600_000_000_000L;

        double untilAllAreThere(int all) throws IOException, InterruptedException {
            long begun = System.nanoTime();
            long first = 0;
            long firstCount = 0;
            while (true) {
                long count = indexed();
                long now = System.nanoTime();
                RuntimeException because = failed.get();
                if (because != null) {
                    throw new IllegalStateException(
                            count + " of " + all + " documents are there, a bulk failed", because);
                }
                if (first == 0 && count > 0) {
                    first = now;
                    firstCount = count;
                }
                if (count >= all) {
                    return (all - firstCount) * 1e9 / (now - first);
                }
                if (now - begun > PATIENCE_NANOS) {
                    throw new IllegalStateException(count + " of " + all + " documents are there after 10 min");
                }
                Thread.sleep(100);
            }
        }

        private long indexed() throws IOException {
            long sum = 0;
            for (String kind : List.of("touchpoints", "sessions")) {
                var primaries = client.indices()
                        .stats(stats -> stats.index("throughline-" + kind + "-g" + generation + "*")
                                .metric("indexing"))
                        .all()
                        .primaries();
                sum += primaries == null || primaries.indexing() == null
                        ? 0
                        : primaries.indexing().indexTotal();
            }
            return sum;
        }
    }

    private Settings settings(int generation) {
        return Settings.parse(
                "bench",
                """
                kafka: {bootstrap_servers: '%s', registry_url: '%s'}
                elasticsearch: {urls: ['%s'], generation: %d}
                job: {checkpoint_interval: 3 s, parallelism: 2}
                """
                        .formatted(
                                servers.bootstrapServers(),
                                servers.registryUrl(),
                                servers.elasticsearchUrl(),
                                generation),
                Map.of());
    }
}
