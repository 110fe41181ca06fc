package io.throughline.bench;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.measure.Fact;
import io.throughline.domain.measure.Facts;
import io.throughline.domain.measure.Family;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.measure.SeriesInput;
import io.throughline.domain.measure.SeriesOutput;
import io.throughline.domain.measure.SeriesRule;
import io.throughline.domain.measure.SeriesState;
import io.throughline.domain.measure.Subtotals;
import io.throughline.domain.measure.Window;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.stage.Step;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.alert.AlertTopology;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.measure.MeasureTopology;
import io.throughline.pipeline.measure.MetricValueLayout;
import io.throughline.pipeline.measure.SeriesStateLayout;
import io.throughline.pipeline.sessionize.SessionizeTopology;
import io.throughline.pipeline.sessionize.SessionizeTopology.Sessionized;
import io.throughline.pipeline.stitch.DuplicateLayout;
import io.throughline.pipeline.stitch.ErasedLayout;
import io.throughline.pipeline.stitch.IdentityChangeLayout;
import io.throughline.pipeline.stitch.StitchTopology.Stitched;
import io.throughline.pipeline.wire.AttributionLayout;
import io.throughline.pipeline.wire.CustomerIdentityLayout;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * What metrics cost: a job of sessions and alerts with 20 metrics, 4 windows and 8 combinations of dimensions beside the
 * same job without; a series of 30 days beside one of an hour; facts summed beside facts one by one; state per series.
 */
public final class MetricsBench {
    private static final long START = 1_795_392_000_000L;
    private static final long DAY = 86_400_000L;

    private static final List<String> METRICS = List.of(
            "touchpoints",
            "customers",
            "sessions",
            "channel_switches_mean",
            "nps",
            "csat",
            "csat_mean",
            "ces",
            "wait_p50",
            "wait_p90",
            "wait_p95",
            "handle_p50",
            "handle_p90",
            "abandonment_rate",
            "service_level",
            "repeat_contact_rate",
            "fcr_gross",
            "fcr_net",
            "fcr_behavioural",
            "error_rate");

    private static final MeasureConfig CONFIG = MeasureConfig.DEFAULTS.toBuilder()
            .metrics(METRICS)
            .dimensions(List.of(
                    List.of(),
                    List.of("channel"),
                    List.of("touchpoint"),
                    List.of("stage"),
                    List.of("topic"),
                    List.of("segment"),
                    List.of("location"),
                    List.of("product")))
            .build();

    private static volatile Touchpoint[] touchpoints = new Touchpoint[0];
    private static final AtomicLong READ = new AtomicLong();
    private static final AtomicLong PUBLISHED = new AtomicLong();
    private static volatile long mark;
    private static volatile long cpuAtMark;
    private static volatile int tasks = 1;

    /** @param args touchpoints, touchpoints per second of event time, rounds, most parallelism: 400000 1000 3 2 */
    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 400_000;
        int perSecond = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        int most = args.length > 3 ? Integer.parseInt(args[3]) : 2;
        touchpoints = touchpoints(count, perSecond);
        windows(Math.min(count, 200_000), rounds);
        sums(Math.min(count, 200_000), rounds);
        state();
        for (int parallelism = 1; parallelism <= most; parallelism++) {
            run(true, parallelism);
            run(false, parallelism);
            List<Double> measured = new ArrayList<>();
            List<Double> plain = new ArrayList<>();
            for (int round = 0; round < rounds; round++) {
                measured.add(run(true, parallelism));
                plain.add(run(false, parallelism));
                plain.add(run(false, parallelism));
                measured.add(run(true, parallelism));
            }
            System.out.printf(
                    "parallelism %d: %,.0f CPU ns per touchpoint with metrics, %,.0f without: ratio %.2f; %.2f values per"
                            + " touchpoint%n",
                    parallelism,
                    median(measured),
                    median(plain),
                    median(measured) / median(plain),
                    (double) PUBLISHED.get() / count);
        }
    }

    /** Six touchpoints of a customer on average, ten channels, 40 topics, a wait and a handling time on calls, an answer now and then. */
    private static Touchpoint[] touchpoints(int count, int perSecond) {
        Random random = new Random(20261125);
        String[] channels = {"web", "web", "web", "app", "app", "email", "chat", "call", "store", "social"};
        String[] kinds = {"page_view", "search", "click", "login", "message"};
        String[] stages = {"awareness", "acquisition", "onboarding", "engagement", "support"};
        Touchpoint[] made = new Touchpoint[count];
        for (int i = 0; i < count; i++) {
            String channel = channels[random.nextInt(channels.length)];
            boolean call = channel.equals("call");
            String kind =
                    random.nextInt(50) == 0 ? "error" : call ? "call_answered" : kinds[random.nextInt(kinds.length)];
            Touchpoint.Builder touchpoint = Touchpoint.of("t" + i, START + i * 1_000L / perSecond, channel, kind)
                    .touchpoint("place " + random.nextInt(50))
                    .stage(stages[random.nextInt(stages.length)])
                    .topic(random.nextBoolean() ? "topic " + random.nextInt(40) : null)
                    .segment("segment " + random.nextInt(4))
                    .location(random.nextInt(5) == 0 ? "location " + random.nextInt(100) : null)
                    .product(random.nextInt(3) == 0 ? "product " + random.nextInt(100) : null)
                    .waitMs(call ? (long) random.nextInt(120_000) : null)
                    .handleMs(call ? (long) random.nextInt(900_000) : null);
            if (random.nextInt(33) == 0) {
                touchpoint.survey(
                        random.nextBoolean()
                                ? new Survey("csat", 1, 5, true, 1 + random.nextInt(5), null, null)
                                : new Survey("nps", 0, 10, true, random.nextInt(11), null, null));
            }
            made[i] = touchpoint.build();
        }
        return made;
    }

    private static String customerOf(int i) {
        int people = Math.max(1, touchpoints.length / 6);
        return "c-" + new Random(i * 31L).nextInt(people);
    }

    static Attribution attribution(long number) {
        if (READ.incrementAndGet() == mark) {
            cpuAtMark = Cpu.ofProcess();
        }
        // Each task reads a stretch of numbers; together they go through the touchpoints from first to last.
        int each = touchpoints.length / tasks;
        int i = (int) (number % each) * tasks + (int) (number / each);
        return new Attribution(customerOf(i), touchpoints[i], 1, 1);
    }

    static CustomerIdentity nobody() {
        throw new IllegalStateException("nobody is identified here");
    }

    static IdentityChange unchanged() {
        throw new IllegalStateException("no identity changes here");
    }

    /** CPU nanoseconds per touchpoint of the second half, everything included. */
    private static double run(boolean measured, int parallelism) throws Exception {
        READ.set(0);
        PUBLISHED.set(0);
        tasks = parallelism;
        mark = touchpoints.length / 2;
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
        int count = touchpoints.length / parallelism * parallelism;
        DataStream<Attribution> attributions = env.fromSequence(0, count - 1)
                .map(MetricsBench::attribution)
                .returns(LayoutType.of(Attribution.class, AttributionLayout.INSTANCE))
                .assignTimestampsAndWatermarks(WatermarkStrategy.<Attribution>forMonotonousTimestamps()
                        .withTimestampAssigner(
                                (attribution, time) -> attribution.touchpoint().eventTime()));
        DataStream<CustomerIdentity> identities = attributions
                .filter(attribution -> false)
                .map(never -> nobody())
                .returns(LayoutType.of(CustomerIdentity.class, CustomerIdentityLayout.INSTANCE));
        DataStream<IdentityChange> changes =
                identities.map(never -> unchanged()).returns(IdentityChangeLayout.TYPE);
        Sessionized sessionized = SessionizeTopology.sessionize(
                new Stitched(
                        attributions,
                        identities,
                        changes,
                        InMemory.none(env, ErasedLayout.TYPE),
                        InMemory.none(env, DuplicateLayout.TYPE)),
                SessionizeConfig.DEFAULTS);
        sessionized.sessions().sinkTo(new DiscardingSink<>());
        sessionized.customers().sinkTo(new DiscardingSink<>());
        sessionized.touchpoints().sinkTo(new DiscardingSink<>());
        DataStream<MetricValue> metrics =
                NothingSaid.nothing(env, "no-metrics", LayoutType.of(MetricValue.class, MetricValueLayout.INSTANCE));
        DataStream<MetricValue> documents = metrics;
        if (measured) {
            MeasureTopology.Measured found =
                    MeasureTopology.measure(attributions, sessionized, CONFIG, SessionizeConfig.DEFAULTS.retentionMs());
            metrics = found.current();
            documents = found.documents();
        }
        documents.map(MetricsBench::published).returns(Boolean.class).sinkTo(new DiscardingSink<>());
        AlertTopology.alert(attributions, metrics, NothingSaid.in(env), AlertConfig.DEFAULTS)
                .alerts()
                .sinkTo(new DiscardingSink<>());
        env.execute();
        return (double) (Cpu.ofProcess() - cpuAtMark) / (touchpoints.length - mark);
    }

    static boolean published(MetricValue value) {
        PUBLISHED.incrementAndGet();
        return value.n() > 0;
    }

    /** What an update costs does not depend on how long the window is. */
    private static void windows(int count, int rounds) {
        Window hour = new Window("1h", 3_600_000, 60_000);
        Window month = new Window("30d", 30 * DAY, 900_000);
        List<Double> hours = new ArrayList<>();
        List<Double> months = new ArrayList<>();
        List<Double> all = new ArrayList<>();
        for (int round = 0; round < 2 * rounds + 1; round++) {
            hours.add(series(List.of(hour), count));
            months.add(series(List.of(month), count));
            all.add(series(CONFIG.windows(), count));
        }
        System.out.printf(
                "one series of durations, one fact a second: %,.0f ns per update with a window of an hour, %,.0f of 30 days:"
                        + " ratio %.2f; %,.0f with all four%n",
                median(hours), median(months), median(months) / median(hours), median(all));
    }

    /** The second half of so many facts, one a second, published every five. */
    private static double series(List<Window> windows, int count) {
        MeasureConfig config = CONFIG.toBuilder().windows(windows).build();
        SeriesRule rule = new SeriesRule(config);
        Subtotals subtotals = new Subtotals(config);
        SeriesState state = null;
        long now = START;
        long wakeAt = Step.NEVER;
        long from = 0;
        for (int i = 0; i < count; i++) {
            if (i == count / 2) {
                from = Cpu.nanos();
            }
            now += 1_000;
            subtotals.add(new Fact(Family.WAIT, Map.of(), now, 1, (i * 31L) % 1_500));
            List<SeriesInput> inputs = new ArrayList<>(1);
            subtotals.drainTo(inputs::add);
            for (SeriesInput input : inputs) {
                Step<SeriesState, SeriesOutput> step = rule.on(state, input, now);
                state = step.state();
                wakeAt = step.wakeAt();
            }
            if (wakeAt <= now) {
                Step<SeriesState, SeriesOutput> step = rule.wake(state, now);
                state = step.state();
                wakeAt = step.wakeAt();
            }
        }
        return (double) (Cpu.nanos() - from) / (count - count / 2);
    }

    /** What is saved at the series by summing: facts of a thousand touchpoints a second, five seconds at a time. */
    private static void sums(int count, int rounds) {
        Facts facts = new Facts(CONFIG);
        long found = 0;
        long sent = 0;
        Subtotals subtotals = new Subtotals(CONFIG);
        List<Fact> all = new ArrayList<>();
        List<SeriesInput> summed = new ArrayList<>();
        long tick = 0;
        for (int i = 0; i < count; i++) {
            long now = touchpoints[i].eventTime() / 5_000;
            if (now != tick) {
                subtotals.drainTo(summed::add);
                tick = now;
            }
            for (Fact fact : facts.of(new Attribution(customerOf(i), touchpoints[i], 1, 1))) {
                found++;
                subtotals.add(fact);
                if (all.size() < 500_000) {
                    all.add(fact);
                }
            }
        }
        subtotals.drainTo(summed::add);
        sent = summed.size();
        List<Double> single = new ArrayList<>();
        List<Double> together = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            List<SeriesInput> oneByOne = new ArrayList<>();
            Subtotals one = new Subtotals(CONFIG);
            all.forEach(fact -> {
                one.add(fact);
                one.drainTo(oneByOne::add);
            });
            single.add(fold(oneByOne) / all.size());
            together.add(fold(summed) / found);
        }
        System.out.printf(
                "%.1f facts per touchpoint; summed, %.3f records per fact reach a series; folding costs %,.0f ns per fact one"
                        + " by one, %,.0f summed%n",
                (double) found / count, (double) sent / found, median(single), median(together));
    }

    private static double fold(List<SeriesInput> inputs) {
        SeriesRule rule = new SeriesRule(CONFIG);
        Map<String, SeriesState> states = new HashMap<>();
        long from = Cpu.nanos();
        for (SeriesInput input : inputs) {
            String key = input.seriesKey();
            states.put(key, rule.on(states.get(key), input, START + DAY).state());
        }
        return Cpu.nanos() - from;
    }

    private static void state() throws IOException {
        SeriesRule rule = new SeriesRule(CONFIG);
        Map<String, SeriesState> states = new HashMap<>();
        Subtotals subtotals = new Subtotals(CONFIG);
        Facts facts = new Facts(CONFIG);
        long found = 0;
        for (int i = 0; i < touchpoints.length; i++) {
            for (Fact fact : facts.of(new Attribution(customerOf(i), touchpoints[i], 1, 1))) {
                found++;
                subtotals.add(fact);
            }
        }
        subtotals.drainTo(
                subtotal -> states.compute(subtotal.seriesKey(), (key, before) -> rule.on(before, subtotal, START + DAY)
                        .state()));
        long written = 0;
        for (SeriesState state : states.values()) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            SeriesStateLayout.INSTANCE.write(state, new DataOutputStream(bytes));
            written += bytes.size();
        }
        long heap = new HeapWalk().add(states);
        System.out.printf(
                "%,d series of %,d facts: %,d bytes of heap and %,d of a checkpoint per series; %.1f and %.1f per fact%n",
                states.size(),
                found,
                heap / states.size(),
                written / states.size(),
                (double) heap / found,
                (double) written / found);
    }

    private static double median(List<Double> values) {
        return Cpu.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private MetricsBench() {}
}
