package io.throughline.bench;

import io.throughline.domain.alert.AlertConfig;
import io.throughline.domain.measure.Breakdown;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/**
 * What metrics cost: a job of sessions and alerts with 20 metrics, 4 windows and 8 combinations of dimensions beside the
 * same job without; a series of 30 days beside one of an hour; facts summed beside facts one by one; state per series.
 */
public final class MetricsBench {
    private static final long START = 1_795_392_000_000L;
    private static final long DAY = 86_400_000L;
    /** Event time from one fact to the next where one series is looked at. */
    private static final long EVERY_MS = 10_000;

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
    /** By number of the touchpoint, the number of its customer. */
    private static volatile int[] customers = new int[0];

    private static final AtomicLong READ = new AtomicLong();
    private static final AtomicLong PUBLISHED = new AtomicLong();
    private static volatile long mark;
    private static volatile long cpuAtMark;
    private static volatile long collectingAtMark;
    private static volatile int tasks = 1;

    /**
     * @param args touchpoints, touchpoints per second of event time, rounds (one: no job is warmed up), most parallelism,
     *     parts: 400000 1000 3 2 windows,sums,state,jobs,zipf
     */
    public static void main(String[] args) throws Exception {
        int count = args.length > 0 ? Integer.parseInt(args[0]) : 400_000;
        int perSecond = args.length > 1 ? Integer.parseInt(args[1]) : 1_000;
        int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 3;
        int most = args.length > 3 ? Integer.parseInt(args[3]) : 2;
        List<String> parts =
                args.length > 4 ? List.of(args[4].split(",")) : List.of("windows", "sums", "state", "jobs", "zipf");
        touchpoints = touchpoints(count, perSecond);
        customers = equallyFrequent(count);
        for (String part : parts) {
            switch (part) {
                case "windows" -> {
                    windows(Math.min(count, 260_000), rounds, 250);
                    windows(Math.min(count, 260_000), rounds, 1_500);
                }
                case "sums" -> sums(Math.min(count, 200_000), rounds);
                case "state" -> state();
                case "jobs" -> jobs(rounds, most);
                case "zipf" -> {
                    customers = byZipfsLaw(count);
                    jobs(rounds, most);
                    customers = equallyFrequent(count);
                }
                case "kafka" -> overKafka(rounds);
                case "pair" -> jobs(List.of(Job.PLAIN, Job.MEASURED), rounds, most);
                default ->
                    throw new IllegalArgumentException("no part is called " + part
                            + "; there are windows, sums, state, pair, jobs, zipf and kafka, put together with commas");
            }
        }
    }

    private enum Job {
        PASSED_ON("passed on"),
        SQL("Flink SQL, an hour per customer"),
        PLAIN("without metrics"),
        MEASURED("with metrics");

        final String words;

        Job(String words) {
            this.words = words;
        }
    }

    /**
     * CPU nanoseconds per touchpoint.
     *
     * @param collecting those of them that went into collecting garbage
     */
    private record Spent(double all, double collecting) {
        double working() {
            return all - collecting;
        }
    }

    private static void jobs(int rounds, int most) throws Exception {
        for (int parallelism = 1; parallelism <= most; parallelism++) {
            jobs(List.of(Job.values()), rounds, parallelism);
        }
    }

    /** All of them in turn, forwards and backwards, so that what grows or warms up over time weighs on each alike. */
    private static void jobs(List<Job> jobs, int rounds, int parallelism) throws Exception {
        Map<Job, List<Spent>> figures = new EnumMap<>(Job.class);
        List<Job> order = new ArrayList<>(jobs);
        double values = 0;
        for (int round = rounds > 1 ? 0 : 1; round <= 2 * rounds; round++) {
            for (Job job : order) {
                Spent spent = run(job, parallelism);
                values = job == Job.MEASURED ? (double) PUBLISHED.get() / touchpoints.length : values;
                if (round > 0) {
                    figures.computeIfAbsent(job, j -> new ArrayList<>()).add(spent);
                }
            }
            Collections.reverse(order);
        }
        for (Job job : jobs) {
            System.out.printf(
                    "parallelism %d, %-32s %,8.0f CPU ns per touchpoint, %,8.0f of them collecting garbage%n",
                    parallelism,
                    job.words,
                    cpu(job, figures),
                    median(figures.getOrDefault(job, List.of()).stream()
                            .map(Spent::collecting)
                            .toList()));
        }
        beside(figures, "garbage included", Spent::all);
        beside(figures, "without garbage", Spent::working);
        double extra = cpu(Job.MEASURED, figures) - cpu(Job.PLAIN, figures);
        System.out.printf("all metrics: %,8.0f ns; %.2f values per touchpoint%n", extra, values);
        if (jobs.contains(Job.SQL)) {
            double sql = cpu(Job.SQL, figures) - cpu(Job.PASSED_ON, figures);
            System.out.printf(
                    "Flink SQL's one aggregate, beyond passing touchpoints on: %,8.0f ns; all metrics beside it: %.2f times,"
                            + " the job with them beside the one with it %.2f times%n",
                    sql, extra / sql, cpu(Job.MEASURED, figures) / cpu(Job.SQL, figures));
        }
    }

    /** The job as it runs, all documents written to a broker: with metrics and without in turn, forwards and backwards. */
    private static void overKafka(int rounds) throws Exception {
        Map<Job, List<Spent>> figures = new EnumMap<>(Job.class);
        List<Job> order = new ArrayList<>(List.of(Job.PLAIN, Job.MEASURED));
        StringBuilder dimensions = new StringBuilder();
        CONFIG.dimensions()
                .forEach(names -> dimensions.append("  - ").append(names).append('\n'));
        String measured =
                "metrics: " + METRICS + "\nmax_values: " + CONFIG.maxValues() + "\ndimensions:\n" + dimensions;
        try (ExperienceOverKafka kafka = new ExperienceOverKafka(touchpoints, MetricsBench::customerOf)) {
            for (int round = rounds > 1 ? 0 : 1; round <= 2 * rounds; round++) {
                for (Job job : order) {
                    double[] spent = kafka.run(job == Job.MEASURED ? measured : "metrics: []\n");
                    System.out.printf(
                            "over Kafka, %-16s %,8.0f CPU ns per touchpoint, %,8.0f of them collecting garbage%s%n",
                            job.words, spent[0], spent[1], round == 0 ? "; not counted" : "");
                    if (round > 0) {
                        figures.computeIfAbsent(job, j -> new ArrayList<>()).add(new Spent(spent[0], spent[1]));
                    }
                }
                Collections.reverse(order);
            }
        }
        beside(figures, "over Kafka, garbage included", Spent::all);
        beside(figures, "over Kafka, without garbage", Spent::working);
    }

    private static double cpu(Job job, Map<Job, List<Spent>> figures) {
        return median(
                figures.getOrDefault(job, List.of()).stream().map(Spent::all).toList());
    }

    /** The ratio with metrics and without of each two rounds, one backwards and the next forwards. */
    private static void beside(Map<Job, List<Spent>> figures, String words, ToDoubleFunction<Spent> part) {
        List<Spent> measured = figures.getOrDefault(Job.MEASURED, List.of());
        List<Spent> plain = figures.getOrDefault(Job.PLAIN, List.of());
        double[] ratios = new double[measured.size() / 2];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = (part.applyAsDouble(measured.get(2 * i)) + part.applyAsDouble(measured.get(2 * i + 1)))
                    / (part.applyAsDouble(plain.get(2 * i)) + part.applyAsDouble(plain.get(2 * i + 1)));
        }
        System.out.printf("with metrics beside without, %s: %s%n", words, median(ratios));
    }

    /** Their median, and the ranks between which lies the median of what they are a sample of, 19 times of 20. */
    private static String median(double[] ratios) {
        Arrays.sort(ratios);
        double ranks = 0.98 * Math.sqrt(ratios.length);
        int low = (int) Math.max(0, Math.floor(ratios.length / 2.0 - ranks));
        int high = (int) Math.min(ratios.length - 1, Math.ceil(ratios.length / 2.0 + ranks) - 1);
        return String.format(
                Locale.ROOT,
                "%.2f, 95 %% from %.2f to %.2f in %d rounds",
                Cpu.median(ratios),
                ratios[low],
                ratios[high],
                ratios.length);
    }

    /**
     * Six touchpoints of a customer on average, ten channels, 40 topics, a wait and a handling time on calls, an answer now and
     * then.
     */
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
        return "c-" + customers[i];
    }

    private static int[] equallyFrequent(int count) {
        Random random = new Random(31);
        return random.ints(count, 0, people(count)).toArray();
    }

    /** The n-th customer comes about 1/n times as often as the first, who has some 6 of a hundred touchpoints. */
    private static int[] byZipfsLaw(int count) {
        Random random = new Random(31);
        double people = Math.log(people(count) + 1.0);
        // A density of 1/rank: the logarithm of the rank is uniform.
        return random.doubles(count, 0, people)
                .mapToInt(logarithm -> (int) Math.exp(logarithm) - 1)
                .toArray();
    }

    private static int people(int touchpoints) {
        return Math.max(1, touchpoints / 6);
    }

    static Attribution attribution(long number) {
        if (READ.incrementAndGet() == mark) {
            cpuAtMark = Cpu.ofProcess();
            collectingAtMark = Cpu.ofCollecting();
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

    /** What each touchpoint of the second half took, everything included. */
    private static Spent run(Job job, int parallelism) throws Exception {
        READ.set(0);
        PUBLISHED.set(0);
        tasks = parallelism;
        mark = touchpoints.length / 2;
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
        int count = touchpoints.length / parallelism * parallelism;
        DataStream<Attribution> attributions = env.fromSequence(0, count - 1)
                .map(MetricsBench::attribution)
                .returns(LayoutType.of(Attribution.class, AttributionLayout.INSTANCE))
                .assignTimestampsAndWatermarks(
                        WatermarkStrategy.<Attribution>forGenerator(context -> new FiveTimesASecond())
                                .withTimestampAssigner((attribution, time) ->
                                        attribution.touchpoint().eventTime()));
        switch (job) {
            case PASSED_ON -> listen(projected(attributions).keyBy(touch -> touch.f0, Types.STRING));
            case SQL -> sql(env, attributions);
            case PLAIN, MEASURED -> experience(env, attributions, job == Job.MEASURED);
        }
        // What an earlier job left behind is nobody's garbage.
        System.gc();
        env.execute();
        double counted = touchpoints.length - mark;
        return new Spent((Cpu.ofProcess() - cpuAtMark) / counted, (Cpu.ofCollecting() - collectingAtMark) / counted);
    }

    /** Sessions and alerts, and where it is measured, metrics. */
    private static void experience(
            StreamExecutionEnvironment env, DataStream<Attribution> attributions, boolean measured) {
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
        listen(documents);
        AlertTopology.alert(attributions, metrics, NothingSaid.in(env), AlertConfig.DEFAULTS)
                .alerts()
                .sinkTo(new DiscardingSink<>());
    }

    /** What Flink offers for it: every touchpoint with the number and the mean of its customer's last hour. */
    private static void sql(StreamExecutionEnvironment env, DataStream<Attribution> attributions) {
        StreamTableEnvironment tables = FlinkSql.over(projected(attributions), env);
        Table rolled = tables.sqlQuery("SELECT f0, f1, COUNT(*) OVER w, AVG(f2) OVER w FROM touches WINDOW w AS"
                + " (PARTITION BY f0 ORDER BY ts RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW)");
        DataStream<Row> rows = tables.toDataStream(rolled);
        listen(rows);
    }

    /** Customer, event time, wait. */
    private static DataStream<Tuple3<String, Long, Long>> projected(DataStream<Attribution> attributions) {
        return attributions
                .map(attribution -> {
                    Long wait = attribution.touchpoint().waitMs();
                    return Tuple3.of(
                            attribution.customerId(), attribution.touchpoint().eventTime(), wait == null ? 0L : wait);
                })
                .returns(Types.TUPLE(Types.STRING, Types.LONG, Types.LONG));
    }

    private static <T> void listen(DataStream<T> said) {
        said.filter(value -> PUBLISHED.incrementAndGet() < 0).sinkTo(new DiscardingSink<>());
    }

    /** By event time, not by the clock, so that every run has the same watermarks however slow the machine is. */
    private static final class FiveTimesASecond implements WatermarkGenerator<Attribution> {
        private long said = Long.MIN_VALUE;

        @Override
        public void onEvent(Attribution attribution, long eventTime, WatermarkOutput output) {
            long reached = Math.floorDiv(eventTime, 200);
            if (reached != said) {
                said = reached;
                output.emitWatermark(new Watermark(eventTime - 1));
            }
        }

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {}
    }

    /**
     * What an update costs does not depend on how long the window is: both series have been running until their windows are
     * full and then take turns, ABBA, on the same facts.
     *
     * @param count facts to fill the windows with; {@link #EVERY_MS} apart, 260,000 fill the longest
     * @param bins different durations; an hour sees 360 facts and so has up to as many
     */
    private static void windows(int count, int rounds, int bins) {
        Running hour = new Running(List.of(new Window("1h", 3_600_000, 60_000)), bins);
        Running month = new Running(List.of(new Window("30d", 30 * DAY, 900_000)), bins);
        for (Running running : List.of(hour, month)) {
            running.take(count);
        }
        int some = Math.max(1, count / 50);
        double[] ratios = new double[12 * rounds];
        List<Double> hours = new ArrayList<>();
        List<Double> months = new ArrayList<>();
        for (int round = 0; round < ratios.length; round++) {
            boolean hourFirst = round % 2 == 0;
            Running first = hourFirst ? hour : month;
            Running second = hourFirst ? month : hour;
            double ofFirst = first.take(some);
            double ofSecond = second.take(some);
            ofSecond += second.take(some);
            ofFirst += first.take(some);
            hours.add((hourFirst ? ofFirst : ofSecond) / (2 * some));
            months.add((hourFirst ? ofSecond : ofFirst) / (2 * some));
            ratios[round] = hourFirst ? ofSecond / ofFirst : ofFirst / ofSecond;
        }
        System.out.printf(
                "one series of %,d different durations, published at every fact: %,.0f ns per update with a window of an"
                        + " hour, %,.0f of 30 days: ratio %s%n",
                bins, median(hours), median(months), median(ratios));
    }

    /** One series that goes on from where it was. */
    private static final class Running {
        private final SeriesRule rule;
        private final Subtotals subtotals;
        private final Breakdown everything = new Breakdown(Map.of());
        private @Nullable SeriesState state;
        private long now = START;
        private long wakeAt = Step.NEVER;
        private final int bins;
        private long taken;

        Running(List<Window> windows, int bins) {
            this.bins = bins;
            MeasureConfig config = CONFIG.toBuilder().windows(windows).build();
            this.rule = new SeriesRule(config);
            this.subtotals = new Subtotals(config);
        }

        /** CPU nanoseconds for so many facts. */
        double take(int count) {
            long from = Cpu.nanos();
            for (int i = 0; i < count; i++) {
                subtotals.add(Family.WAIT, everything, now + EVERY_MS, 1, taken++ * 31 % bins);
                subtotals.drainTo(input -> went(rule.on(state, input, now)));
                now += EVERY_MS;
                if (wakeAt <= now) {
                    went(rule.wake(state, now));
                }
            }
            return Cpu.nanos() - from;
        }

        private void went(Step<SeriesState, SeriesOutput> step) {
            state = step.state();
            wakeAt = step.wakeAt();
        }
    }

    /** What is saved at the series by summing: facts of a thousand touchpoints a second, five seconds at a time. */
    private static void sums(int count, int rounds) {
        Facts facts = new Facts(CONFIG);
        long[] found = {0};
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
            facts.find(new Attribution(customerOf(i), touchpoints[i], 1, 1), (family, by, time, weight, bin) -> {
                found[0]++;
                subtotals.add(family, by, time, weight, bin);
                if (all.size() < 500_000) {
                    all.add(new Fact(family, by.dimensions(), time, weight, bin));
                }
            });
        }
        subtotals.drainTo(summed::add);
        int sent = summed.size();
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
            together.add(fold(summed) / found[0]);
        }
        System.out.printf(
                "%.1f facts per touchpoint; summed, %.3f records per fact reach a series; folding costs %,.0f ns per fact one"
                        + " by one, %,.0f summed%n",
                (double) found[0] / count, (double) sent / found[0], median(single), median(together));
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
        long[] all = {0};
        for (int i = 0; i < touchpoints.length; i++) {
            facts.find(new Attribution(customerOf(i), touchpoints[i], 1, 1), (family, by, time, weight, bin) -> {
                all[0]++;
                subtotals.add(family, by, time, weight, bin);
            });
        }
        long found = all[0];
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
