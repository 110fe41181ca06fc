package io.throughline.bench;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.stitch.Fact;
import io.throughline.domain.stitch.Fence;
import io.throughline.domain.stitch.Layer;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.Standing;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.local.LocalServers;
import io.throughline.local.Server;
import io.throughline.pipeline.JobRules;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.stitch.Feedback;
import io.throughline.pipeline.stitch.HashLayout;
import io.throughline.pipeline.stitch.KafkaFeedback;
import io.throughline.pipeline.stitch.Letter;
import io.throughline.pipeline.stitch.LetterLayout;
import io.throughline.pipeline.stitch.Progress;
import io.throughline.pipeline.stitch.StitchTopology;
import io.throughline.pipeline.wire.AttributionLayout;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.pipeline.wire.ErasureLayout;
import io.throughline.pipeline.wire.TouchpointChangeLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.streaming.api.functions.source.legacy.RichSourceFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Stitching over the loop it has in production: messages through a real broker and back. What a new link costs, deciding
 * included, beside two batch union-finds over the same links; and how long after a link the touchpoints it moves leave
 * the stage, at a steady rate.
 */
public final class LoopBench {
    private static final Duration CHECKPOINTS = Duration.ofSeconds(10);
    private static final long START = 1_767_225_600_000L;
    private static final int PARTITIONS = 4;
    private static final int WAITS_BEFORE_ASKING = 500;
    private static final int MOST_THREADS = 12;

    /** Of the one job that runs. */
    private static final class Run {
        static final AtomicLong UNDER_WAY = new AtomicLong();
        static final AtomicLong MESSAGES = new AtomicLong();
        static volatile IntFunction<Touchpoint> touchpoints = number -> {
            throw new IllegalStateException("nothing was started");
        };
        static volatile int count;
        /** Before this touchpoint the source waits for everything to come to rest. */
        static volatile int measuredFrom;
        /** From there on; 0: as fast as they are taken. */
        static volatile int perSecond;

        static volatile boolean allRead;
        /** Once everything before the paced or measured part has come to rest. */
        static volatile long cpuAtRest;

        static volatile Map<String, Long> threadsAtRest = Map.of();
        static volatile long brokerAtRest;
        static volatile long messagesAtRest;
        static volatile long cpuAtEnd;
        static volatile Map<String, Long> threadsAtEnd = Map.of();
        static volatile long brokerAtEnd;
        static volatile long nanosAtEnd;
        static volatile long nanosAtRest;
        /** When each paced touchpoint was due, and when what it moves was moved, nanoseconds. */
        static volatile AtomicLongArray due = new AtomicLongArray(0);

        static volatile AtomicLongArray moved = new AtomicLongArray(0);

        static void start(int all, int measured, int rate, IntFunction<Touchpoint> made) {
            UNDER_WAY.set(0);
            MESSAGES.set(0);
            touchpoints = made;
            count = all;
            measuredFrom = measured;
            perSecond = rate;
            allRead = false;
            due = new AtomicLongArray(all - measured);
            moved = new AtomicLongArray(all - measured);
        }
    }

    /** @param args customers, links per second, seconds at that rate, parallelism; by default 20000 1000 30 2 */
    public static void main(String[] args) throws Exception {
        int customers = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        int rate = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
        int seconds = args.length > 2 ? Integer.parseInt(args[2]) : 30;
        int parallelism = args.length > 3 ? Integer.parseInt(args[3]) : 2;
        Path directory = Files.createTempDirectory("throughline-loop");
        try (LocalServers servers =
                LocalServers.in(directory).freePorts().shortLived().build()) {
            servers.start(Server.KAFKA);
            throughput(servers.bootstrapServers(), directory, customers, parallelism);
            transport(servers.bootstrapServers(), directory, customers, parallelism);
            latency(servers.bootstrapServers(), directory, rate, seconds, parallelism);
        } finally {
            delete(directory);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /** The second half of a second job is measured: by then everything is compiled and people are known. */
    private static void throughput(String broker, Path directory, int customers, int parallelism) throws Exception {
        read(new People(People.Mix.realistic(customers, 12).seenOnce()));
        run(broker, directory, parallelism, LoopBench::stitched);
        People people = new People(People.Mix.realistic(customers, 11).seenOnce());
        LinksBench.Links links = new LinksBench.Links(people);
        read(people);
        run(broker, directory, parallelism, LoopBench::stitched);
        double real = links.realInSecondHalf;
        double cpu = (Run.cpuAtEnd - Run.cpuAtRest) / real;
        double brokerCpu = (Run.brokerAtEnd - Run.brokerAtRest) / real;
        double seconds = (Run.nanosAtEnd - Run.nanosAtRest) / 1e9;
        double strings = Cpu.median(LinksBench.strings(links), LinksBench.strings(links));
        double arrays = Cpu.median(LinksBench.arrays(links), LinksBench.arrays(links), LinksBench.arrays(links));
        System.out.printf(
                "%,d customers over Kafka, parallelism %d: %,.0f CPU ns/link of the job = %,.0f links/s/core, %,.0f of the"
                        + " broker; %.2f messages per link over Kafka; %,.0f links/s by the clock%n",
                customers,
                parallelism,
                cpu,
                1e9 / cpu,
                brokerCpu,
                (Run.MESSAGES.get() - Run.messagesAtRest) / real,
                real / seconds);
        System.out.printf("CPU ns/link by thread: %s%n", shares(Run.threadsAtRest, Run.threadsAtEnd, real));
        System.out.printf(
                "the same links: HashMap<String,String> union-find %,.0f CPU ns/link (ratio %.4f), arrays %,.0f (ratio"
                        + " %.5f)%n",
                strings, strings / cpu, arrays, arrays / cpu);
    }

    private static void read(People people) {
        Run.start(people.size(), people.size() / 2, 0, people::touchpoint);
    }

    /**
     * What the way costs, whoever has it: the same touchpoints through the same operators, which remember and decide nothing;
     * then with two messages for each link as well, as long as nodes' are, all of them through Kafka.
     */
    private static void transport(String broker, Path directory, int customers, int parallelism) throws Exception {
        People people = new People(People.Mix.realistic(customers, 11).seenOnce());
        double touchpoints = people.size() - people.size() / 2;
        double[] cpu = new double[2];
        double brokerCpu = 0;
        long messages = 0;
        String shares = "";
        // Once more than is counted, so that everything is compiled.
        for (boolean announced : new boolean[] {true, false, true}) {
            read(people);
            run(broker, directory, parallelism, (from, feedback) -> passedOn(from, feedback, announced));
            cpu[announced ? 1 : 0] = (double) (Run.cpuAtEnd - Run.cpuAtRest);
            brokerCpu = (double) (Run.brokerAtEnd - Run.brokerAtRest);
            messages = Run.MESSAGES.get() - Run.messagesAtRest;
            shares = shares(Run.threadsAtRest, Run.threadsAtEnd, Math.max(1, messages));
        }
        System.out.printf(
                "nothing decided, parallelism %d: %,.0f CPU ns to bring a touchpoint to its node and on; %,.0f for a message"
                        + " through Kafka and back, and %,.0f of the broker%n",
                parallelism, cpu[0] / touchpoints, (cpu[1] - cpu[0]) / messages, brokerCpu / messages);
        System.out.printf("CPU ns/message by thread, touchpoints included: %s%n", shares);
    }

    /** First everybody's e-mail alone; then, at a rate, each together with a customer number: that moves the first. */
    private static void latency(String broker, Path directory, int rate, int seconds, int parallelism)
            throws Exception {
        int moves = rate * seconds;
        Run.start(2 * moves, moves, rate, number -> {
            int person = number % moves;
            Identifier email = new Identifier("email", String.format("%032x", 0x9E3779B97F4A7C15L * (person + 1)));
            boolean linking = number >= moves;
            return Touchpoint.of((linking ? "link-" : "mail-") + person, START + number, "web", "page_view")
                    .identifiers(
                            linking ? List.of(new Identifier("customer_number", "K" + person), email) : List.of(email))
                    .build();
        });
        run(broker, directory, parallelism, LoopBench::stitched);
        // The first second finds a job that was running at full speed.
        int from = Math.min(rate, moves / 2);
        long[] took = new long[moves - from];
        int never = 0;
        for (int i = from; i < moves; i++) {
            long at = Run.moved.get(i);
            never += at == 0 ? 1 : 0;
            took[i - from] = at == 0 ? Long.MAX_VALUE : at - Run.due.get(i);
        }
        Arrays.sort(took);
        System.out.printf(
                "%,d links/s for %d s: a touchpoint has moved after %,.1f ms at the median, %,.1f ms p99, %,.1f ms at most;"
                        + " %d never did%n",
                rate,
                seconds,
                took[took.length / 2] / 1e6,
                took[(int) (took.length * 0.99)] / 1e6,
                took[took.length - 1] / 1e6,
                never);
    }

    /** What it went to, the largest first. */
    private static String shares(Map<String, Long> atRest, Map<String, Long> now, double links) {
        Map<String, Long> spent = new TreeMap<>();
        now.forEach((thread, nanos) -> spent.put(thread, nanos - atRest.getOrDefault(thread, 0L)));
        return spent.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(MOST_THREADS)
                .map(share -> String.format("%s %,.0f", share.getKey(), share.getValue() / links))
                .collect(Collectors.joining(", "));
    }

    /** Asked now and then only: asking costs the job more than a message does. */
    private static void failIfEnded(JobClient job) throws Exception {
        if (job.getJobStatus().get().isGloballyTerminalState()) {
            job.getJobExecutionResult().get();
            throw new IllegalStateException("the job ended before everything was stitched");
        }
    }

    /** What is done with touchpoints on the loop. */
    private interface Stage {
        DataStream<Attribution> of(DataStream<TouchpointChange> touchpoints, Feedback feedback);
    }

    private static DataStream<Attribution> stitched(DataStream<TouchpointChange> touchpoints, Feedback feedback) {
        StreamExecutionEnvironment env = touchpoints.getExecutionEnvironment();
        DataStream<Decision> decisions = InMemory.none(env, DecisionLayout.TYPE);
        DataStream<Erasure> erasures = InMemory.none(env, ErasureLayout.TYPE);
        return StitchTopology.stitch(touchpoints, decisions, erasures, StitchConfig.DEFAULTS, feedback)
                .attributions();
    }

    private static DataStream<Attribution> passedOn(
            DataStream<TouchpointChange> touchpoints, Feedback feedback, boolean announced) {
        SingleOutputStreamOperator<Attribution> nodes = touchpoints
                .keyBy(change -> NodeRule.homeOf(change.touchpoint(), StitchConfig.DEFAULTS), HashLayout.TYPE)
                .connect(feedback.receive(touchpoints.getExecutionEnvironment())
                        .keyBy(letter -> letter.to(), HashLayout.TYPE))
                .process(
                        new Passing(announced, feedback.progress()),
                        LayoutType.of(Attribution.class, AttributionLayout.INSTANCE));
        feedback.send(nodes.getSideOutput(Passing.MESSAGES));
        return nodes;
    }

    /** Says what nodes would say of most links, and knows nothing. */
    private static final class Passing extends KeyedCoProcessFunction<Hash128, TouchpointChange, Letter, Attribution> {
        private static final long serialVersionUID = 1;

        static final OutputTag<Letter> MESSAGES = new OutputTag<>("passed", LetterLayout.TYPE);

        private static final Fence.Stamp STAMP = new Fence.Stamp(new Fence.Run(1, 0, 0), 1);
        private static final String CUSTOMER = "c-0123456789abcdef01234567";

        private final boolean announced;
        private final Progress progress;

        Passing(boolean announced, Progress progress) {
            this.announced = announced;
            this.progress = progress;
        }

        @Override
        public void processElement1(TouchpointChange change, Context context, Collector<Attribution> out) {
            Touchpoint touchpoint = change.touchpoint();
            out.collect(new Attribution(CUSTOMER, touchpoint, +1, 1));
            if (announced) {
                List<Identifier> borne = StitchConfig.DEFAULTS.linkable(touchpoint.identifiers());
                Identifier home = borne.get(0);
                Fact.Support support = new Fact.Support(touchpoint.eventTime(), touchpoint.touchpointId(), home.hash());
                for (Identifier other : borne.subList(1, borne.size())) {
                    Fact fact = new Fact(new Fact.Key(home, other, home), support);
                    StitchMessage.Place place = new StitchMessage.Place(home.hash(), false, CUSTOMER);
                    send(
                            new StitchMessage.Announce(other, home, Standing.INITIAL, place, List.of(fact), List.of()),
                            context);
                }
            }
            progress.settled();
        }

        @Override
        public void processElement2(Letter letter, Context context, Collector<Attribution> out) {
            if (letter.message() instanceof StitchMessage.Announce announce) {
                StitchMessage.Part part = new StitchMessage.Part(
                        announce.facts(),
                        List.of(),
                        Map.of(announce.identifier(), Standing.INITIAL, announce.home(), Standing.INITIAL),
                        List.of(),
                        Map.of(),
                        Map.of(),
                        Map.of(),
                        0,
                        null,
                        Map.of(announce.identifier(), CUSTOMER));
                send(new StitchMessage.Deliver(Layer.PERSONS, announce.place().root(), part, null), context);
            }
            progress.settled();
        }

        private void send(StitchMessage message, Context context) {
            progress.sent();
            context.output(MESSAGES, new Letter(message, STAMP));
        }
    }

    private static void run(String broker, Path directory, int parallelism, Stage stage) throws Exception {
        String topic = "identity-links-" + System.nanoTime();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
        Configuration settings = JobRules.configuration();
        // What the job here is fed from has none.
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, true);
        settings.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINTS);
        // What the JobManager keeps in memory ends at 5 MB.
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                directory.resolve("checkpoints").toUri().toString());
        // A second attempt would read everything again.
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
        Feedback kafka = new KafkaFeedback(broker, topic, topic, System.currentTimeMillis() - 1_000, Map.of());
        stage.of(touchpoints(env), new Watched(kafka)).sinkTo(new Arrivals());
        JobClient job = env.executeAsync();
        for (int wait = 1; !(Run.allRead && Run.UNDER_WAY.get() == 0); wait++) {
            if (wait % WAITS_BEFORE_ASKING == 0) {
                failIfEnded(job);
            }
            LockSupport.parkNanos(1_000_000);
        }
        Run.cpuAtEnd = Cpu.ofProcess();
        Run.threadsAtEnd = Cpu.ofThreads(name -> name);
        Run.brokerAtEnd = brokers();
        Run.nanosAtEnd = System.nanoTime();
        job.cancel().get();
    }

    @SuppressWarnings("deprecation")
    private static DataStream<TouchpointChange> touchpoints(StreamExecutionEnvironment env) {
        return env.addSource(
                new Paced(), "touchpoints", LayoutType.of(TouchpointChange.class, TouchpointChangeLayout.INSTANCE));
    }

    /** CPU time of the processes this one started, nanoseconds. */
    private static long brokers() {
        return ProcessHandle.current()
                .descendants()
                .mapToLong(process ->
                        process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
                .sum();
    }

    /** As fast as they are taken; then by the clock, whatever becomes of those before. */
    private static final class Paced extends RichSourceFunction<TouchpointChange> {
        private static final long serialVersionUID = 1;

        private volatile boolean cancelled;

        @Override
        public void run(SourceContext<TouchpointChange> context) {
            long start = 0;
            for (int i = 0; i < Run.count && !cancelled; i++) {
                if (i == Run.measuredFrom) {
                    while (Run.UNDER_WAY.get() > 0) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    Run.messagesAtRest = Run.MESSAGES.get();
                    Run.brokerAtRest = brokers();
                    Run.threadsAtRest = Cpu.ofThreads(name -> name);
                    Run.cpuAtRest = Cpu.ofProcess();
                    start = System.nanoTime();
                    Run.nanosAtRest = start;
                }
                if (i >= Run.measuredFrom && Run.perSecond > 0) {
                    int paced = i - Run.measuredFrom;
                    long due = start + paced * (1_000_000_000L / Run.perSecond);
                    while (System.nanoTime() < due) {
                        LockSupport.parkNanos(due - System.nanoTime());
                    }
                    Run.due.set(paced, due);
                }
                Run.UNDER_WAY.incrementAndGet();
                synchronized (context.getCheckpointLock()) {
                    context.collect(new TouchpointChange(Run.touchpoints.apply(i), +1, 1, "p0"));
                }
            }
            Run.allRead = true;
            while (!cancelled) {
                LockSupport.parkNanos(10_000_000);
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    /** The loop, and how much is under way in it. */
    private record Watched(Feedback kafka) implements Feedback {
        @Override
        public DataStream<Letter> receive(StreamExecutionEnvironment env) {
            return kafka.receive(env);
        }

        @Override
        public void send(DataStream<Letter> messages) {
            kafka.send(messages);
        }

        @Override
        public Progress progress() {
            return new Counted();
        }
    }

    private static final class Counted implements Progress {
        private static final long serialVersionUID = 1;

        @Override
        public void sent() {
            Run.UNDER_WAY.incrementAndGet();
            Run.MESSAGES.incrementAndGet();
        }

        @Override
        public void settled() {
            Run.UNDER_WAY.decrementAndGet();
        }
    }

    /** Notes when a touchpoint that bore an e-mail alone leaves the stage a second time. */
    private static final class Arrivals implements Sink<Attribution> {
        private static final long serialVersionUID = 1;

        @Override
        public SinkWriter<Attribution> createWriter(WriterInitContext context) {
            return new SinkWriter<>() {
                @Override
                public void write(Attribution attribution, Context writing) {
                    String id = attribution.touchpoint().touchpointId();
                    if (attribution.sign() > 0 && id.startsWith("mail-") && (attribution.sequence() & 0xffff) > 1) {
                        Run.moved.compareAndSet(Integer.parseInt(id.substring(5)), 0, System.nanoTime());
                    }
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }

    private LoopBench() {}
}
