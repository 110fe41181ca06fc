package io.throughline.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.throughline.dashboard.DashboardServer;
import io.throughline.dashboard.DashboardSettings;
import io.throughline.kafka.AvroWriter;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.pipeline.index.IndexJob;
import io.throughline.pipeline.settings.Settings;
import io.throughline.schemas.Alert;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How long it takes from when Kafka has taken an alert until a page that is open is told of it: through a real broker, the
 * index job, a real Elasticsearch and the dashboard's event stream. Run by infra/build/alerts-bench.
 */
final class AlertsToPageBench {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, Long> taken = new ConcurrentHashMap<>();
    private final Map<String, Long> seen = new ConcurrentHashMap<>();

    public static void main(String[] arguments) throws Exception {
        int alerts = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 300;
        Path directory = Files.createTempDirectory("alerts-bench");
        try (LocalServers servers =
                LocalServers.in(directory).freePorts().shortLived().build()) {
            servers.start(Server.KAFKA, Server.REGISTRY, Server.ELASTICSEARCH);
            TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
            Path file = Files.writeString(
                    directory.resolve("throughline.yaml"),
                    """
                    kafka: {bootstrap_servers: '%s', registry_url: '%s'}
                    elasticsearch: {urls: ['%s']}
                    job: {checkpoint_interval: 3 s, parallelism: 2}
                    """
                            .formatted(servers.bootstrapServers(), servers.registryUrl(), servers.elasticsearchUrl()));
            Settings settings = Configurations.load(file);
            IndexJob.prepare(settings.elasticsearch());
            IndexJob.makeLive(settings.elasticsearch());
            StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(
                    new Configuration().set(RestartStrategyOptions.RESTART_STRATEGY, "none"));
            IndexJob.define(environment, settings);
            var job = environment.executeAsync("index");
            try (DashboardServer server = DashboardServer.start(
                    new DashboardSettings(URI.create(servers.elasticsearchUrl()), "127.0.0.1", 0))) {
                new AlertsToPageBench().run(server.url(), servers, alerts);
                if (!job.getJobStatus().get().equals(JobStatus.RUNNING)) {
                    job.getJobExecutionResult().get();
                }
                job.cancel().get();
            }
        }
        System.exit(0);
    }

    private void run(URI page, LocalServers servers, int alerts) throws Exception {
        Thread listening = new Thread(() -> listen(page.resolve("/api/live?window=24h")), "page");
        listening.setDaemon(true);
        listening.start();
        AvroWriter<Alert> writer = AvroWriter.of(Alert.class, "alert-states", servers.registryUrl(), Map.of());
        Random random = new Random(20260301);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers.bootstrapServers(), "acks", "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            // The first ones warm up what a day of work warms up.
            for (int i = -30; i < alerts; i++) {
                String id = (i < 0 ? "warm-" : "a-") + i;
                producer.send(new ProducerRecord<>("alert-states", id.getBytes(UTF_8), writer.write(alert(id))))
                        .get();
                taken.put(id, System.nanoTime());
                Thread.sleep(150 + random.nextInt(700));
            }
        }
        Thread.sleep(10_000);
        report(alerts);
    }

    private static Alert alert(String id) {
        return Alert.newBuilder()
                .setAlertId(id)
                .setRuleId("long_wait")
                .setRuleVersion(1)
                .setCustomerId("c-1")
                .setStatus("open")
                .setSeverity("warning")
                .setOpenedAt(Instant.now())
                .setReason("waited 11 min")
                .setEvidence(List.of())
                .setRevision(1)
                .build();
    }

    private void listen(URI stream) {
        try {
            HttpResponse<InputStream> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(stream)
                                    .header("Accept", "text/event-stream")
                                    .build(),
                            HttpResponse.BodyHandlers.ofInputStream());
            BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8));
            String event = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("event:")) {
                    event = line.substring("event:".length()).strip();
                } else if (line.startsWith("data:") && event.equals("alerts")) {
                    long now = System.nanoTime();
                    for (JsonNode alert : JSON.readTree(line.substring("data:".length()))
                            .path("data")
                            .path("newest_active")) {
                        seen.putIfAbsent(alert.path("alert_id").asText(), now);
                    }
                }
            }
        } catch (Exception closed) {
            System.err.println("the event stream ended: " + closed);
        }
    }

    private void report(int alerts) {
        List<Double> millis = new ArrayList<>();
        for (int i = 0; i < alerts; i++) {
            Long arrived = seen.get("a-" + i);
            if (arrived != null) {
                millis.add((arrived - taken.get("a-" + i)) / 1e6);
            }
        }
        Collections.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%d of %d alerts reached the page; from Kafka to the page p50 %.0f ms, p95 %.0f ms, max %.0f ms%n",
                millis.size(),
                alerts,
                at(millis, 0.5),
                at(millis, 0.95),
                at(millis, 1));
    }

    private static double at(List<Double> sorted, double share) {
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) Math.ceil(sorted.size() * share) - 1);
    }
}
