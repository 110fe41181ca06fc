package io.throughline.bench;

import io.throughline.domain.sessionize.CustomerInput;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.sessionize.SessionizeOutput;
import io.throughline.domain.sessionize.SessionizeRule;
import io.throughline.domain.stage.Step;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Kept;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.sessionize.CustomerStateLayout;
import io.throughline.pipeline.sessionize.SessionizeTopology;
import io.throughline.pipeline.sessionize.SessionizeTopology.Sessionized;
import io.throughline.pipeline.stitch.DuplicateLayout;
import io.throughline.pipeline.stitch.ErasedLayout;
import io.throughline.pipeline.stitch.IdentityChangeLayout;
import io.throughline.pipeline.stitch.StitchTopology.Stitched;
import io.throughline.pipeline.wire.AttributionLayout;
import io.throughline.pipeline.wire.CustomerIdentityLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.EventTimeSessionWindows;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * What sessions cost, beside the session windows Flink has: one process, the same touchpoints, in turn. The rivals get a
 * projection (customer, time), count, and say each session once at its end; ours publishes sessions while they are open,
 * issues, journeys, customers, transitions and touchpoints, and can correct all of it.
 */
public final class SessionsBench {
    static final long START = 1_795_392_000_000L;
    private static final long GAP = Duration.ofMinutes(30).toMillis();
    private static final AtomicLong SAID = new AtomicLong();
    private static final AtomicLong CPU_AT_MARK = new AtomicLong();

    private static volatile Attribution[] input = new Attribution[0];
    private static volatile int mark;

    private enum Job {
        PASSED_ON("passed on", false),
        SESSIONIZED("sessionize", false),
        WINDOW("DataStream session window", false),
        SQL("Flink SQL SESSION", false),
        SESSIONIZED_ROCKSDB("sessionize, RocksDB", true),
        WINDOW_ROCKSDB("DataStream session window, RocksDB", true);

        final String words;
        final boolean rocksdb;

        Job(String words, boolean rocksdb) {
            this.words = words;
            this.rocksdb = rocksdb;
        }
    }

    /** @param args touchpoints, customers, rounds (one: nothing is warmed up), longest session measured: 400000 4000 3 1000 */
    public static void main(String[] args) throws Exception {
        int size = args.length > 0 ? Integer.parseInt(args[0]) : 400_000;
        int customers = args.length > 1 ? Integer.parseInt(args[1]) : 4_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        int longest = args.length > 3 ? Integer.parseInt(args[3]) : 1_000;
        byLength(longest);
        input = touchpoints(size, customers);
        mark = size / 4;
        Map<Job, List<Double>> figures = new EnumMap<>(Job.class);
        for (int round = rounds > 1 ? 0 : 1; round <= rounds; round++) {
            List<Job> order = new ArrayList<>(List.of(Job.values()));
            if (round % 2 == 1) {
                order.sort(Comparator.reverseOrder());
            }
            for (Job job : order) {
                double cpu = run(job);
                if (round > 0) {
                    figures.computeIfAbsent(job, j -> new ArrayList<>()).add(cpu);
                }
            }
        }
        double passedOn = median(figures.get(Job.PASSED_ON));
        for (Job job : Job.values()) {
            double cpu = median(figures.get(job));
            System.out.printf(
                    "%-36s %,7.0f CPU ns per touchpoint, %,7.0f beyond passing it on%n",
                    job.words, cpu, cpu - passedOn);
        }
    }

    private static double median(@Nullable List<Double> values) {
        if (values == null) {
            throw new IllegalStateException("nothing was measured");
        }
        return Cpu.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    /**
     * Sessions of about ten touchpoints, two in five of them contacts about one topic, most on another channel than the one
     * before; in order of event time.
     */
    static Attribution[] touchpoints(int size, int customers) {
        Random random = new Random(7);
        String[] channels = {"web", "web", "app", "chat", "call"};
        String[] stages = {"awareness", "acquisition", "engagement", "support"};
        long[] at = new long[customers];
        for (int i = 0; i < customers; i++) {
            at[i] = START + random.nextInt((int) Duration.ofHours(2).toMillis());
        }
        Attribution[] all = new Attribution[size];
        for (int i = 0; i < size; i++) {
            int customer = random.nextInt(customers);
            at[customer] += random.nextInt(10) == 0
                    ? Duration.ofHours(2).toMillis()
                    : random.nextInt((int) Duration.ofMinutes(4).toMillis());
            int what = random.nextInt(channels.length);
            boolean contact = what > 2;
            Touchpoint.Builder touchpoint = Touchpoint.of(
                            "touchpoint-" + i,
                            at[customer],
                            channels[what],
                            contact ? "message" : random.nextInt(50) == 0 ? "purchase" : "page_view")
                    .identifiers(List.of(new Identifier("email", "3f9a1c7be2d04a" + customer)))
                    .touchpoint("page-" + random.nextInt(50))
                    .stage(contact ? "support" : stages[random.nextInt(3)])
                    .topic(contact ? "billing" : null)
                    .actor("customer");
            if (random.nextInt(50) == 0) {
                touchpoint.value(new Money(9_990_000, "EUR"));
            }
            all[i] = new Attribution("c-" + customer, touchpoint.build(), 1, 1);
        }
        Arrays.sort(all, Comparator.comparingLong(a -> a.touchpoint().eventTime()));
        return all;
    }

    private static double run(Job job) throws Exception {
        SAID.set(0);
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(StateBackendOptions.STATE_BACKEND, job.rocksdb ? "rocksdb" : "hashmap");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1, settings);
        DataStream<Attribution> attributions = env.fromSequence(0, input.length - 1)
                .map(SessionsBench::touchpoint)
                .returns(LayoutType.of(Attribution.class, AttributionLayout.INSTANCE))
                .assignTimestampsAndWatermarks(
                        WatermarkStrategy.<Attribution>forGenerator(context -> new EverySixtyFourth())
                                .withTimestampAssigner((attribution, time) ->
                                        attribution.touchpoint().eventTime()));
        switch (job) {
            case PASSED_ON -> passOn(attributions);
            case SESSIONIZED, SESSIONIZED_ROCKSDB -> sessionize(attributions);
            case WINDOW, WINDOW_ROCKSDB -> window(attributions);
            case SQL -> sql(env, attributions);
            default -> throw new IllegalArgumentException(job.name());
        }
        env.execute();
        double cpu = (double) (Cpu.ofProcess() - CPU_AT_MARK.get()) / (input.length - mark);
        if (SAID.get() == 0) {
            throw new IllegalStateException(job.words + " said nothing");
        }
        return cpu;
    }

    private static Attribution touchpoint(long number) {
        if (number == mark) {
            CPU_AT_MARK.set(Cpu.ofProcess());
        }
        return input[(int) number];
    }

    private static void passOn(DataStream<Attribution> attributions) {
        listen(attributions
                .keyBy(Attribution::customerId, Types.STRING)
                .process(new PassOn(), LayoutType.of(Attribution.class, AttributionLayout.INSTANCE)));
    }

    private static void sessionize(DataStream<Attribution> attributions) {
        DataStream<CustomerIdentity> nobody = attributions
                .filter(attribution -> false)
                .map(attribution -> SessionsBench.<CustomerIdentity>never())
                .returns(LayoutType.of(CustomerIdentity.class, CustomerIdentityLayout.INSTANCE));
        DataStream<IdentityChange> nothing = attributions
                .filter(attribution -> false)
                .map(attribution -> SessionsBench.<IdentityChange>never())
                .returns(LayoutType.of(IdentityChange.class, IdentityChangeLayout.INSTANCE));
        Sessionized sessionized = SessionizeTopology.sessionize(
                new Stitched(
                        attributions,
                        nobody,
                        nothing,
                        InMemory.none(attributions.getExecutionEnvironment(), ErasedLayout.TYPE),
                        InMemory.none(attributions.getExecutionEnvironment(), DuplicateLayout.TYPE)),
                SessionizeConfig.DEFAULTS);
        listen(sessionized.touchpoints());
        listen(sessionized.sessions());
        listen(sessionized.issues());
        listen(sessionized.journeys());
        listen(sessionized.transitions());
        listen(sessionized.customers());
    }

    private static <T> T never() {
        throw new IllegalStateException("nobody is stitched here");
    }

    private static void window(DataStream<Attribution> attributions) {
        listen(projected(attributions)
                .keyBy(touch -> touch.f0, Types.STRING)
                .window(EventTimeSessionWindows.withGap(Duration.ofMillis(GAP)))
                .aggregate(new Count()));
    }

    private static DataStream<Tuple2<String, Long>> projected(DataStream<Attribution> attributions) {
        return attributions
                .map(attribution -> Tuple2.of(
                        attribution.customerId(), attribution.touchpoint().eventTime()))
                .returns(Types.TUPLE(Types.STRING, Types.LONG));
    }

    private static void sql(StreamExecutionEnvironment env, DataStream<Attribution> attributions) {
        StreamTableEnvironment tables = FlinkSql.over(projected(attributions), env);
        Table sessions = tables.sqlQuery("SELECT f0, window_start, window_end, COUNT(*), MIN(f1), MAX(f1)"
                + " FROM TABLE(SESSION(TABLE touches PARTITION BY f0, DESCRIPTOR(ts), INTERVAL '30' MINUTE))"
                + " GROUP BY f0, window_start, window_end");
        DataStream<Row> rows = tables.toDataStream(sessions);
        listen(rows);
    }

    private static <T> void listen(DataStream<T> said) {
        said.filter(value -> SAID.incrementAndGet() < 0).sinkTo(new DiscardingSink<>());
    }

    /** How an update's cost grows with the length of the session it falls into, the rule alone. */
    private static void byLength(int longest) {
        SessionizeConfig config =
                SessionizeConfig.DEFAULTS.toBuilder().maxSize(longest).build();
        for (int round = 0; round < 2; round++) {
            StringBuilder figures = new StringBuilder();
            for (int length = 10; length <= longest; length *= 10) {
                long best = Long.MAX_VALUE;
                for (int i = 0; i < 5; i++) {
                    best = Math.min(best, appended(config, length, Math.max(1, 20_000 / length)));
                }
                figures.append(String.format("%n  session of %,5d: %,7d CPU ns per touchpoint", length, best));
            }
            if (round > 0) {
                System.out.println("the rule alone, every touchpoint published:" + figures);
            }
        }
        System.out.println("one customer packed, bytes:");
        for (int length : new int[] {1, 10, 50, 500}) {
            System.out.printf(
                    "  %,5d touchpoints held: pages in one session %,7d, every third a message about a topic %,7d%n",
                    length, packedSize(config, length, Integer.MAX_VALUE), packedSize(config, length, 3));
        }
    }

    /** @param messageEvery every so many is a message about a topic, the others are pages */
    private static int packedSize(SessionizeConfig config, int length, int messageEvery) {
        SessionizeRule rule = new SessionizeRule(config);
        CustomerState state = null;
        for (int i = 0; i < length; i++) {
            CustomerInput input = i % messageEvery == messageEvery - 1 ? message(i) : page(i, i);
            state = rule.on(state, input, START + 60_000L * i).state();
        }
        if (state == null) {
            throw new IllegalStateException("a touchpoint leaves a state");
        }
        Kept<CustomerState> kept = new Kept<>(state, CustomerStateLayout.INSTANCE);
        kept.close();
        return kept.packedSize();
    }

    private static CustomerInput message(int number) {
        return attributed(
                touchpoint(number, number, "chat", "message").topic("billing").stage("support"));
    }

    private static long appended(SessionizeConfig config, int length, int sessions) {
        SessionizeRule rule = new SessionizeRule(config);
        CustomerInput[] touches = new CustomerInput[length];
        for (int i = 0; i < length; i++) {
            touches[i] = page(i, i);
        }
        long began = Cpu.nanos();
        long said = 0;
        for (int session = 0; session < sessions; session++) {
            CustomerState state = null;
            for (int i = 0; i < length; i++) {
                Step<CustomerState, SessionizeOutput> step = rule.on(state, touches[i], START + 60_000L * i);
                state = step.state();
                said += step.out().size();
            }
        }
        if (said < (long) sessions * length) {
            throw new IllegalStateException("not every touchpoint was published");
        }
        return (Cpu.nanos() - began) / ((long) length * sessions);
    }

    private static CustomerInput page(int number, int minute) {
        return attributed(touchpoint(number, minute, "web", "page_view")
                .touchpoint("product-page")
                .stage("acquisition"));
    }

    private static Touchpoint.Builder touchpoint(int number, int minute, String channel, String kind) {
        UUID id = new UUID(number * 0x9e3779b97f4a7c15L, ~number * 0xc2b2ae3d27d4eb4fL);
        return Touchpoint.of(id.toString(), START + 60_000L * minute, channel, kind)
                .identifiers(List.of(
                        new Identifier("email", "3f9a1c7be2d04a5588c1b6e09d7f2a31"),
                        new Identifier("cookie", "6d1f0b8c-77aa-4b10-9e2d-5c3f8a9b0e14")));
    }

    private static CustomerInput attributed(Touchpoint.Builder touchpoint) {
        return CustomerInput.of(new Attribution("c-0f3a5c7e9b1d2f4a6c8e0b1d", touchpoint.build(), 1, 1));
    }

    /** By the touchpoints read, not by the clock, so that every run has the same watermarks. */
    private static final class EverySixtyFourth implements WatermarkGenerator<Attribution> {
        private static final long BEHIND = Duration.ofSeconds(5).toMillis();

        private int read;

        @Override
        public void onEvent(Attribution attribution, long eventTime, WatermarkOutput output) {
            if (++read % 64 == 0) {
                output.emitWatermark(new Watermark(eventTime - BEHIND));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }

    private static final class PassOn extends KeyedProcessFunction<String, Attribution, Attribution> {
        private static final long serialVersionUID = 1;

        @Override
        public void processElement(Attribution value, Context context, Collector<Attribution> out) {
            out.collect(value);
        }
    }

    private static final class Count implements AggregateFunction<Tuple2<String, Long>, Long, Long> {
        private static final long serialVersionUID = 1;

        @Override
        public Long createAccumulator() {
            return 0L;
        }

        @Override
        public Long add(Tuple2<String, Long> touch, Long count) {
            return count + 1;
        }

        @Override
        public Long getResult(Long count) {
            return count;
        }

        @Override
        public Long merge(Long one, Long other) {
            return one + other;
        }
    }

    private SessionsBench() {}
}
