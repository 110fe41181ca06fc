package io.throughline.bench;

import io.throughline.kafka.TopicProvisioner;
import io.throughline.kafka.TouchpointProducer;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.pipeline.ExperienceJob;
import io.throughline.pipeline.settings.Settings;
import io.throughline.schemas.Identifier;
import io.throughline.schemas.Survey;
import io.throughline.schemas.Touchpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/**
 * The whole job between a real broker and registry, as it runs in production but for its cluster: a backlog of touchpoints
 * is read again for each run. The broker and the registry are processes of their own and not counted.
 */
final class ExperienceOverKafka implements AutoCloseable {
    private static final String TOPIC = "touchpoints";
    private static final Duration GIVE_UP = Duration.ofMinutes(10);
    /** With everything read, a process that works less than a fifth of a core for this long has nothing left to do. */
    private static final long QUIET_NANOS = 1_000_000_000L;

    private final Path directory;
    private final LocalServers servers;
    private final int count;
    /** By partition. */
    private final Map<Integer, Long> ends;

    private int runs;

    /**
     * Starts the servers and writes the backlog.
     *
     * @param customers of each touchpoint, by its number
     */
    ExperienceOverKafka(io.throughline.domain.touchpoint.Touchpoint[] touchpoints, IntFunction<String> customers)
            throws Exception {
        directory = Files.createTempDirectory("throughline-metrics");
        count = touchpoints.length;
        servers = LocalServers.in(directory).freePorts().shortLived().build();
        try {
            ends = filled(touchpoints, customers);
        } catch (Exception why) {
            close();
            throw why;
        }
    }

    /** Starts the servers and writes the backlog; where each of its partitions ends. */
    private Map<Integer, Long> filled(
            io.throughline.domain.touchpoint.Touchpoint[] touchpoints, IntFunction<String> customers) throws Exception {
        servers.start(Server.KAFKA, Server.REGISTRY);
        TopicProvisioner.apply(servers.bootstrapServers(), servers.registryUrl());
        long later = System.currentTimeMillis() - touchpoints[count - 1].eventTime();
        try (TouchpointProducer producer =
                TouchpointProducer.open(TOPIC, servers.bootstrapServers(), servers.registryUrl())) {
            for (int i = 0; i < count; i++) {
                producer.send(touchpoint(touchpoints[i], customers.apply(i), later));
            }
        }
        return ends(servers.bootstrapServers());
    }

    private static Touchpoint touchpoint(
            io.throughline.domain.touchpoint.Touchpoint made, String customer, long later) {
        Instant time = Instant.ofEpochMilli(made.eventTime() + later);
        io.throughline.domain.touchpoint.Survey asked = made.survey();
        return Touchpoint.newBuilder()
                .setTouchpointId(made.touchpointId())
                .setEventTime(time)
                .setReceivedTime(time)
                .setChannel(made.channel())
                .setKind(made.kind())
                .setTouchpoint(made.touchpoint())
                .setStage(made.stage())
                .setTopic(made.topic())
                .setSegment(made.segment())
                .setLocation(made.location())
                .setProduct(made.product())
                .setWaitMs(made.waitMs())
                .setHandleMs(made.handleMs())
                .setSurvey(
                        asked == null
                                ? null
                                : Survey.newBuilder()
                                        .setMetric(asked.metric())
                                        .setScaleMin(asked.scaleMin())
                                        .setScaleMax(asked.scaleMax())
                                        .setScore(asked.score())
                                        .build())
                .setIdentifiers(List.of(new Identifier("customer_number", customer)))
                .setExperiments(Map.of())
                .setProperties(Map.of())
                .build();
    }

    /** CPU nanoseconds of this process for each touchpoint of the second half, and those that went into garbage. */
    double[] run(String measure) throws Exception {
        Settings settings = Settings.parse("metrics", config(++runs, measure), Map.of());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
        ExperienceJob.define(env, settings);
        System.gc();
        JobClient job = env.executeAsync("throughline-experience");
        double[] spent;
        try {
            spent = measure(job);
        } catch (Exception why) {
            try {
                job.cancel().get();
            } catch (Exception ended) {
                // A job that has ended takes what it ran in with it; why it ended is what counts.
                why.addSuppressed(ended);
            }
            throw why;
        }
        job.cancel().get();
        return spent;
    }

    private double[] measure(JobClient job) throws Exception {
        long giveUp = System.nanoTime() + GIVE_UP.toNanos();
        await(count / 2, giveUp, job);
        double read = read();
        if (read > 0.9 * count) {
            throw new IllegalStateException("of " + count + " touchpoints " + (long) read
                    + " were read before half of them were seen to be; take 60,000 or more");
        }
        long cpu = Cpu.ofProcess();
        long collecting = Cpu.ofCollecting();
        await(count, giveUp, job);
        return untilQuiet(giveUp, job, cpu, collecting, count - read);
    }

    private void await(int wanted, long giveUp, JobClient job) throws Exception {
        while (read() < wanted) {
            if (System.nanoTime() > giveUp || job.getJobStatus().get().isTerminalState()) {
                throw new IllegalStateException("the job read " + (long) read() + " of " + count
                        + " touchpoints and is " + job.getJobStatus().get());
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private static double[] untilQuiet(long giveUp, JobClient job, long cpu, long collecting, double touchpoints)
            throws Exception {
        while (true) {
            long before = Cpu.ofProcess();
            double[] spent = {(before - cpu) / touchpoints, (Cpu.ofCollecting() - collecting) / touchpoints};
            long from = System.nanoTime();
            LockSupport.parkNanos(QUIET_NANOS);
            long took = System.nanoTime() - from;
            if (System.nanoTime() > giveUp || job.getJobStatus().get().isTerminalState()) {
                throw new IllegalStateException("the job read everything and is "
                        + job.getJobStatus().get() + ", but there was still something to do");
            }
            if (Cpu.ofProcess() - before < took / 5) {
                return spent;
            }
        }
    }

    /** Touchpoints that the consumers of the present run have handed on: how far each partition is from its end. */
    private double read() throws JMException {
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        double read = 0;
        for (ObjectName name : beans.queryNames(
                new ObjectName("kafka.consumer:type=consumer-fetch-manager-metrics,topic=" + TOPIC
                        + ",partition=*,client-id=" + group(runs) + "-*"),
                null)) {
            long all = ends.getOrDefault(Integer.parseInt(name.getKeyProperty("partition")), 0L);
            // A consumer says how much is left from its first records on.
            for (Attribute left :
                    beans.getAttributes(name, new String[] {"records-lag"}).asList()) {
                read += Double.isNaN((Double) left.getValue()) ? 0 : all - (Double) left.getValue();
            }
        }
        return read;
    }

    private static Map<Integer, Long> ends(String bootstrapServers) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            for (TopicDescription topic :
                    admin.describeTopics(List.of(TOPIC)).allTopicNames().get().values()) {
                topic.partitions()
                        .forEach(partition ->
                                asked.put(new TopicPartition(TOPIC, partition.partition()), OffsetSpec.latest()));
            }
            Map<Integer, Long> ends = new HashMap<>();
            admin.listOffsets(asked)
                    .all()
                    .get()
                    .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
            return ends;
        }
    }

    private static String group(int run) {
        return "run" + run;
    }

    private String config(int run, String measure) {
        return """
                kafka:
                  bootstrap_servers: %s
                  registry_url: %s
                  group: %s
                  start_from: earliest
                elasticsearch:
                  urls: ["http://127.0.0.1:9"]
                job:
                  parallelism: 1
                  checkpoint_interval: 10 s
                  checkpoint_directory: %s
                measure:
                %s"""
                .formatted(
                        servers.bootstrapServers(),
                        servers.registryUrl(),
                        group(run),
                        directory.resolve("checkpoints" + run).toUri(),
                        measure.indent(2));
    }

    @Override
    public void close() throws IOException {
        servers.close();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (UncheckedIOException gone) {
            throw gone.getCause();
        }
    }
}
