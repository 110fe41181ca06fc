package io.throughline.bench;

import io.throughline.kafka.AvroDecoder;
import io.throughline.kafka.Decoded;
import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TouchpointProducer;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.pipeline.ExperienceJob;
import io.throughline.pipeline.index.IndexJob;
import io.throughline.pipeline.settings.Settings;
import io.throughline.schemas.Alert;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * How long after a touchpoint was due in Kafka its alert is there to be read: the whole experience job between a real broker
 * and a real registry, 50 rules, touchpoints at a fixed rate whatever becomes of those before (an open loop), timed from
 * when each was to be sent. Broker, job, sender and reader share the machine. No Elasticsearch runs: its address is one that
 * nobody answers. Asked to, it measures three times more, each time with servers and a job of its own that remember nothing:
 * without the index job, beside it, which tries that address in vain, and once more without it. What comes first is for the
 * compilers and is not compared; as they may be further on from one time to the next still, what is compared with the time
 * beside the index job is those before and after it together.
 */
public final class AlertLatencyBench {
    /** The library has 24, two of which look at metrics. */
    private static final int FURTHER_RULES = 26;

    private static final int COMPLAINT_EVERY = 20;

    /** Touchpoints a second before what is measured: what the compilers take then is not to be made up for later. */
    private static final int MOST_WHILE_WARMING = 1_000;

    private static final long TICK_NANOS = 2_000_000;

    private static final String COMPILERS = "compilers";
    private static final String COMPILING = "not compared: ";
    private static final String DOWN = "Elasticsearch down: ";
    private static final String ALONE = "without an index job: ";

    private final String what;
    private final int rate;
    private final int seconds;
    private final int before;
    private final int customers;
    /** The first that is measured. */
    private final int measured;

    private final int count;
    /** When each touchpoint was due, and when its alert was read, nanoseconds; 0: not yet. */
    private final AtomicLongArray due;

    private final AtomicLongArray alerted;
    private final AtomicReference<Throwable> ended = new AtomicReference<>();
    private volatile boolean over;

    private AlertLatencyBench(String what, int rate, int seconds, int before, int customers) {
        this.what = what;
        this.rate = rate;
        this.seconds = seconds;
        this.before = before;
        this.customers = customers;
        this.measured = Math.min(rate, MOST_WHILE_WARMING) * before;
        this.count = rate * seconds + measured;
        this.due = new AtomicLongArray(count);
        this.alerted = new AtomicLongArray(count);
    }

    /**
     * @param args touchpoints per second, seconds measured, seconds before that at no more than 1,000 a second, customers:
     *     5000 30 30 20000; then {@code down} to measure once more beside an index job without Elasticsearch
     */
    public static void main(String[] args) throws Exception {
        int rate = args.length > 0 ? Integer.parseInt(args[0]) : 5_000;
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 30;
        int before = args.length > 2 ? Integer.parseInt(args[2]) : 30;
        int customers = args.length > 3 ? Integer.parseInt(args[3]) : 20_000;
        boolean down = args.length > 4 && args[4].equals("down");
        if (!down) {
            new AlertLatencyBench("", rate, seconds, before, customers).measure(false);
            return;
        }
        new AlertLatencyBench(COMPILING, rate, seconds, before, customers).measure(false);
        long[][] alone = new AlertLatencyBench(ALONE, rate, seconds, before, customers).measure(false);
        long[][] then = new AlertLatencyBench(DOWN, rate, seconds, before, customers).measure(true);
        long[][] again = new AlertLatencyBench(ALONE, rate, seconds, before, customers).measure(false);
        compare(Stream.of(alone, again).flatMap(Arrays::stream).toArray(long[][]::new), then);
    }

    /** What the alerts took, by the second in which their touchpoints were due. */
    private long[][] measure(boolean besideIndex) throws Exception {
        Path directory = Files.createTempDirectory("throughline-alerts");
        try (LocalServers servers =
                LocalServers.in(directory).freePorts().shortLived().build()) {
            servers.start(Server.KAFKA, Server.REGISTRY);
            TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
            Settings settings = Settings.parse("bench", config(servers, directory), Map.of());
            List<JobClient> jobs = new ArrayList<>();
            jobs.add(run("throughline-experience", env -> ExperienceJob.define(env, settings)));
            if (besideIndex) {
                // As it runs when Elasticsearch goes away; it does not start without one.
                jobs.add(run("throughline-index", env -> IndexJob.define(env, settings)));
            }
            Thread reader = reader(servers);
            try (TouchpointProducer producer =
                    TouchpointProducer.open("touchpoints", servers.bootstrapServers(), servers.registryUrl())) {
                send(producer);
            }
            long giveUp = System.nanoTime() + Duration.ofSeconds(60).toNanos();
            while (missing() > 0 && System.nanoTime() < giveUp && ended.get() == null) {
                LockSupport.parkNanos(10_000_000);
            }
            over = true;
            failIfEnded();
            reader.join();
            for (JobClient job : jobs) {
                job.cancel().get();
            }
            long[][] bySecond = bySecond();
            report(bySecond);
            return bySecond;
        } finally {
            over = true;
            delete(directory);
        }
    }

    private interface Definition {
        void of(StreamExecutionEnvironment env) throws Exception;
    }

    private JobClient run(String name, Definition definition) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment();
        definition.of(env);
        JobClient job = env.executeAsync(name);
        job.getJobExecutionResult().whenComplete((result, failure) -> ended(name, failure));
        return job;
    }

    private Thread reader(LocalServers servers) {
        Thread thread = new Thread(
                () -> {
                    try {
                        read(servers);
                        ended("reader", null);
                    } catch (Throwable e) {
                        ended("reader", e);
                    }
                },
                "reader");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void ended(String what, @Nullable Throwable failure) {
        if (!over) {
            ended.compareAndSet(null, new IllegalStateException(what + " ended before everything was read", failure));
        }
    }

    private void failIfEnded() {
        Throwable why = ended.get();
        if (why != null) {
            throw new IllegalStateException(why);
        }
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

    /** Sends, and says what of this process took how much CPU for each touchpoint that is measured. */
    private void send(TouchpointProducer producer) throws Exception {
        String[] channels = {"web", "web", "web", "app", "app", "email", "chat", "call", "store", "social"};
        String[] kinds = {"page_view", "search", "click", "login", "message"};
        Map<String, Long> cpu = Map.of();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            long at = i < measured
                    ? start + (long) (i * 1e9 * before / measured)
                    : start + (long) (before * 1e9 + (i - measured) * 1e9 / rate);
            if (System.nanoTime() < at) {
                awaitTick(start, at);
            }
            due.set(i, at);
            if (i == measured) {
                cpu = Cpu.ofThreads(AlertLatencyBench::part);
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
                failIfEnded();
            }
        }
        Map<String, Long> until = cpu;
        Map<String, Double> each = new TreeMap<>();
        Cpu.ofThreads(AlertLatencyBench::part)
                .forEach((part, nanos) ->
                        each.put(part, (nanos - until.getOrDefault(part, 0L)) / 1e3 / (count - measured)));
        Double compilers = each.remove(COMPILERS);
        System.out.printf(
                "%s%,.1f us CPU per touchpoint: %s; and compilers, which come to an end, %,.1f%n",
                what,
                each.values().stream().mapToDouble(Double::doubleValue).sum(),
                each.entrySet().stream()
                        .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                        .map(part -> String.format("%s %,.1f", part.getKey(), part.getValue()))
                        .collect(Collectors.joining(", ")),
                compilers == null ? 0 : compilers);
    }

    /** What is due within a tick is sent at its end, late: one who wakes for each took more CPU to wake than to send. */
    private static void awaitTick(long start, long due) {
        long tick = start + ((due - start) / TICK_NANOS + 1) * TICK_NANOS;
        while (System.nanoTime() < tick) {
            LockSupport.parkNanos(tick - System.nanoTime());
        }
    }

    /** Of what a thread is part, by the first 15 characters of its name; the one that sends has the launcher's. */
    private static String part(String name) {
        if (name.startsWith("C1 ") || name.startsWith("C2 ")) {
            return COMPILERS;
        }
        if (name.startsWith("GC Thread") || name.startsWith("G1 ")) {
            return "collecting garbage";
        }
        if (name.startsWith("AsyncOp")) {
            return "writing checkpoints";
        }
        if (name.startsWith("OutputF")) {
            return "flushing between tasks";
        }
        if (name.startsWith("kafka-") || name.startsWith("Source Data Fet")) {
            return "Kafka clients";
        }
        return switch (name) {
            case "java" -> "sender";
            case "reader" -> "reader";
            default -> "tasks and all else";
        };
    }

    private void read(LocalServers servers) throws IOException {
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

    private int missing() {
        int missing = 0;
        for (int i = measured; i < count; i++) {
            missing += i % COMPLAINT_EVERY == 0 && alerted.get(i) == 0 ? 1 : 0;
        }
        return missing;
    }

    private void report(long[][] bySecond) {
        long[] took = all(bySecond);
        System.out.printf(
                "%s%,d touchpoints/s for %d s, 50 rules: an alert is in Kafka %,.1f ms after its touchpoint was due at the"
                        + " median, %,.1f ms p99, %,.1f ms at most; %d of %,d never were%n",
                what,
                rate,
                seconds,
                at(took, 0.5) / 1e6,
                at(took, 0.99) / 1e6,
                took[took.length - 1] / 1e6,
                missing(),
                took.length);
        System.out.println("slowest of each second, ms: "
                + Arrays.stream(bySecond)
                        .map(second -> Long.toString(Arrays.stream(second).max().orElse(0) / 1_000_000))
                        .collect(Collectors.joining(" ")));
    }

    /**
     * How much slower one is than those before and after it: seconds are drawn anew with replacement, because what is slow
     * comes in bursts.
     */
    private static void compare(long[][] before, long[][] then) {
        for (double quantile : new double[] {0.5, 0.99}) {
            Random random = new Random(1);
            double[] ratios = new double[1_000];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = (double) at(all(drawn(then, random)), quantile) / at(all(drawn(before, random)), quantile);
            }
            Arrays.sort(ratios);
            System.out.printf(
                    "%s: %.2f times with Elasticsearch down (95 %% interval %.2f to %.2f)%n",
                    quantile == 0.5 ? "median" : "p99",
                    (double) at(all(then), quantile) / at(all(before), quantile),
                    ratios[24],
                    ratios[974]);
        }
    }

    private static long[][] drawn(long[][] seconds, Random random) {
        long[][] drawn = new long[seconds.length][];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = seconds[random.nextInt(seconds.length)];
        }
        return drawn;
    }

    private static long[] all(long[][] seconds) {
        return Arrays.stream(seconds).flatMapToLong(Arrays::stream).sorted().toArray();
    }

    private static long at(long[] sorted, double quantile) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * quantile))];
    }

    /** By the second in which a touchpoint was due, nanoseconds; {@link Long#MAX_VALUE} where no alert came. */
    private long[][] bySecond() {
        long[][] bySecond = new long[seconds][];
        for (int second = 0; second < seconds; second++) {
            int begin = measured + second * rate;
            bySecond[second] = IntStream.range(begin, begin + rate)
                    .filter(i -> i % COMPLAINT_EVERY == 0)
                    .mapToLong(i -> alerted.get(i) == 0 ? Long.MAX_VALUE : alerted.get(i) - due.get(i))
                    .toArray();
        }
        return bySecond;
    }
}
