package io.throughline.bench;

import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TouchpointProducer;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.pipeline.ExperienceJob;
import io.throughline.schemas.Alert;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How long after a touchpoint was due in Kafka its alert is there to be read: the whole experience job between a real broker
 * and a real registry, 50 rules, touchpoints at a fixed rate whatever becomes of those before (an open loop), timed from
 * when each was to be sent. Broker, job, sender and reader share the machine. No Elasticsearch runs: its address is one that
 * nobody answers.
 */
public final class AlertLatencyBench {
    /** The library has 24, two of which look at metrics. */
    private static final int FURTHER_RULES = 26;

    private static final int COMPLAINT_EVERY = 20;

    /** When each touchpoint was due, and when its alert was read, nanoseconds; 0: not yet. */
    private static volatile AtomicLongArray due = new AtomicLongArray(0);

    private static volatile AtomicLongArray alerted = new AtomicLongArray(0);
    private static volatile boolean over;

    /** Of this process at the first touchpoint measured; in the end per touchpoint: nanoseconds. */
    private static volatile long cpu;

    /** @param args touchpoints per second, seconds measured, seconds before that, customers: 5000 30 30 20000 */
    public static void main(String[] args) throws Exception {
        int rate = args.length > 0 ? Integer.parseInt(args[0]) : 5_000;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        int before = args.length > 2 ? Integer.parseInt(args[2]) : 30;
        int customers = args.length > 3 ? Integer.parseInt(args[3]) : 20_000;
        int count = rate * (seconds + before);
        due = new AtomicLongArray(count);
        alerted = new AtomicLongArray(count);
        Path directory = Files.createTempDirectory("throughline-alerts");
        AtomicReference<Throwable> ended = new AtomicReference<>();
        try (LocalServers servers =
                LocalServers.in(directory).freePorts().shortLived().build()) {
            servers.start(Server.KAFKA, Server.REGISTRY);
            TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
            Path config = Files.writeString(directory.resolve("throughline.yaml"), config(servers, directory));
            daemon("job", ended, () -> ExperienceJob.main(new String[] {"--config", config.toString()}));
            daemon("reader", ended, () -> read(servers));
            send(servers, rate, count, rate * before, customers, ended);
            long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (missing(rate * before, count) > 0 && System.nanoTime() < giveUp && ended.get() == null) {
                LockSupport.parkNanos(10_000_000);
            }
            over = true;
            failIf(ended);
            report(rate, seconds, rate * before, count);
        } finally {
            over = true;
            delete(directory);
        }
        // The job has no end of its own.
        System.exit(0);
    }

    /** The job may be writing a checkpoint; nothing else of it will. */
    private static void delete(Path directory) {
        for (int attempt = 0; attempt < 20 && Files.exists(directory); attempt++) {
            try (Stream<Path> all = Files.walk(directory)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(path);
                }
            } catch (IOException | UncheckedIOException e) {
                LockSupport.parkNanos(200_000_000);
            }
        }
        if (Files.exists(directory)) {
            System.err.println("left behind: " + directory);
        }
    }

    private interface Work {
        void run() throws Exception;
    }

    private static void daemon(String name, AtomicReference<Throwable> ended, Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                        if (!over) {
                            ended.set(new IllegalStateException("the " + name + " ended before everything was read"));
                        }
                    } catch (Throwable e) {
                        ended.compareAndSet(null, e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void failIf(AtomicReference<Throwable> ended) {
        Throwable why = ended.get();
        if (why != null) {
            throw new IllegalStateException("the job or the reader failed", why);
        }
    }

    /** Further rules look at what does happen, and are of all kinds that look at customers. */
    private static String config(LocalServers servers, Path directory) {
        StringBuilder rules = new StringBuilder();
        String[] kinds = {"page_view", "search", "click", "login", "message"};
        for (int i = 0; i < FURTHER_RULES; i++) {
            String kind = kinds[i % kinds.length];
            rules.append("    rule-")
                    .append(i)
                    .append(": {title: Rule ")
                    .append(i)
                    .append(", cool_down: 1 h, ");
            rules.append(
                    switch (i % 3) {
                        case 0 -> "match: {kinds: [" + kind + "]}, count: 50, within: 1 h}";
                        case 1 ->
                            "sequence: {steps: [{kinds: [" + kind
                                    + "], channels: [call]}, {kinds: [logout]}], within: 1 h}}";
                        default ->
                            "match: {kinds: [" + kind
                                    + "], when: 'touchpoint.wait_ms > 800000'}, count: 3, within: 1 h}";
                    });
            rules.append('\n');
        }
        return """
                kafka:
                  bootstrap_servers: %s
                  registry_url: %s
                  group: alert-latency
                elasticsearch:
                  urls: ["http://127.0.0.1:9"]
                job:
                  checkpoint_interval: 10 s
                  checkpoint_directory: %s
                alert:
                  rules:
                %s"""
                .formatted(
                        servers.bootstrapServers(),
                        servers.registryUrl(),
                        directory.resolve("checkpoints").toUri(),
                        rules);
    }

    /** @param from the first that is measured */
    private static void send(
            LocalServers servers, int rate, int count, int from, int customers, AtomicReference<Throwable> ended)
            throws Exception {
        String[] channels = {"web", "web", "web", "app", "app", "email", "chat", "call", "store", "social"};
        String[] kinds = {"page_view", "search", "click", "login", "message"};
        try (TouchpointProducer producer =
                TouchpointProducer.open("touchpoints", servers.bootstrapServers(), servers.registryUrl())) {
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                long at = start + (long) (i * 1e9 / rate);
                while (System.nanoTime() < at) {
                    LockSupport.parkNanos(at - System.nanoTime());
                }
                due.set(i, at);
                if (i == from) {
                    cpu = Cpu.ofProcess();
                }
                boolean complaint = i % COMPLAINT_EVERY == 0;
                int customer = complaint ? customers + i : (int) (i * 2_654_435_761L % customers);
                Instant now = Instant.now();
                producer.send(Touchpoint.newBuilder()
                        .setTouchpointId("t-" + i)
                        .setEventTime(now)
                        .setReceivedTime(now)
                        .setChannel(channels[i % channels.length])
                        .setKind(complaint ? "complaint" : kinds[i % kinds.length])
                        .setIdentifiers(List.of(new Identifier("customer_number", "K" + customer)))
                        .setExperiments(Map.of())
                        .setProperties(Map.of())
                        .build());
                if (i % rate == 0) {
                    failIf(ended);
                }
            }
            cpu = (Cpu.ofProcess() - cpu) / (count - from);
        }
    }

    private static void read(LocalServers servers) throws IOException {
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", servers.bootstrapServers(), "fetch.max.wait.ms", 5),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                AvroDecoder<Alert> decoder = AvroDecoder.of(Alert.class, servers.registryUrl())) {
            List<TopicPartition> partitions = consumer.partitionsFor("alerts").stream()
                    .map(partition -> new TopicPartition("alerts", partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!over) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    long now = System.nanoTime();
                    if (decoder.decode(record.value()) instanceof Decoded.Record<Alert> decoded
                            && decoded.value().getRuleId().equals("complaint")) {
                        String cause = decoded.value().getEvidence().get(0).getTouchpointId();
                        alerted.compareAndSet(Integer.parseInt(cause.substring(2)), 0, now);
                    }
                }
            }
        }
    }

    private static int missing(int from, int to) {
        int missing = 0;
        for (int i = from; i < to; i++) {
            missing += i % COMPLAINT_EVERY == 0 && alerted.get(i) == 0 ? 1 : 0;
        }
        return missing;
    }

    private static void report(int rate, int seconds, int from, int to) {
        int all = 0;
        long[] took = new long[to - from];
        for (int i = from; i < to; i++) {
            if (i % COMPLAINT_EVERY == 0) {
                took[all++] = alerted.get(i) == 0 ? Long.MAX_VALUE : alerted.get(i) - due.get(i);
            }
        }
        took = Arrays.copyOf(took, all);
        long[] slowest = slowest(rate, seconds, from);
        Arrays.sort(took);
        System.out.printf(
                "%,d touchpoints/s for %d s, 50 rules: an alert is in Kafka %,.1f ms after its touchpoint was due at the"
                        + " median, %,.1f ms p99, %,.1f ms at most; %d of %,d never were%n",
                rate,
                seconds,
                took[all / 2] / 1e6,
                took[(int) (all * 0.99)] / 1e6,
                took[all - 1] / 1e6,
                missing(from, to),
                all);
        System.out.printf("job, sender and reader: %,.1f us CPU per touchpoint%n", cpu / 1e3);
        System.out.println("slowest of each second, ms: "
                + Arrays.stream(slowest)
                        .mapToObj(nanos -> Long.toString(nanos / 1_000_000))
                        .collect(Collectors.joining(" ")));
    }

    /** By the second in which a touchpoint was due, nanoseconds: whether the slow ones come in bursts, and how often. */
    private static long[] slowest(int rate, int seconds, int from) {
        long[] slowest = new long[seconds];
        for (int second = 0; second < seconds; second++) {
            for (int i = from + second * rate; i < from + (second + 1) * rate; i++) {
                if (alerted.get(i) != 0) {
                    slowest[second] = Math.max(slowest[second], alerted.get(i) - due.get(i));
                }
            }
        }
        return slowest;
    }

    private AlertLatencyBench() {}
}
