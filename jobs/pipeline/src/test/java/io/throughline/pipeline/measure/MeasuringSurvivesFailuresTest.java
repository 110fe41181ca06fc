package io.throughline.pipeline.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.measure.History;
import io.throughline.domain.measure.MeasureConfig;
import io.throughline.domain.measure.MetricValue;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.stitch.StitchOutput;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.sessionize.SessionizeTopology;
import io.throughline.pipeline.stitch.DuplicateLayout;
import io.throughline.pipeline.stitch.ErasedLayout;
import io.throughline.pipeline.stitch.FailingCluster;
import io.throughline.pipeline.stitch.IdentityChangeLayout;
import io.throughline.pipeline.stitch.StitchTopology.Stitched;
import io.throughline.pipeline.wire.AttributionLayout;
import io.throughline.pipeline.wire.CustomerIdentityLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Metrics on a cluster that fails and is rescaled: sums that have not left, values that lose their place and restatements that
 * are owed end in what an undisturbed run at one task and a count by hand come to.
 */
@Timeout(600)
class MeasuringSurvivesFailuresTest {
    private static final long START = 1_795_392_000_000L;
    private static final long HOUR = 3_600_000;
    private static final long END = START + 48 * HOUR;
    private static final int PARTITIONS = 12;
    private static final int PLACES = 3;

    private static final MeasureConfig CONFIG = MeasureConfig.DEFAULTS.toBuilder()
            .metrics(List.of("touchpoints", "customers"))
            .expectations(List.of())
            .dimensions(List.of(List.of(), List.of("channel"), List.of("topic")))
            .customerDimensions(List.of())
            .maxValues(PLACES)
            .build();

    private static FailingCluster cluster;

    @TempDir
    Path savepoints;

    /** What happens, and how far it has: tasks of all attempts live in this process. */
    private static final class World {
        static final List<List<Attribution>> LOG = new ArrayList<>();
        static volatile int told;
        /** Records until the next failure; below 0: none. */
        static final AtomicInteger UNTIL_FAILURE = new AtomicInteger(-1);
        /** By checkpoint. */
        static final Map<Long, Seen> SNAPSHOTS = new ConcurrentHashMap<>();

        static void begin() {
            told = 0;
            UNTIL_FAILURE.set(-1);
            SNAPSHOTS.clear();
        }
    }

    private record Seen(long watermark, Map<String, MetricValue> documents) {}

    @BeforeAll
    static void start() throws Exception {
        cluster = new FailingCluster();
        List<Attribution> all = history(new Random(20261126));
        for (int partition = 0; partition < PARTITIONS; partition++) {
            World.LOG.add(new ArrayList<>());
        }
        // What is said of one touchpoint stays in its order, as it does on the wire.
        all.forEach(attribution -> World.LOG
                .get(Math.floorMod(attribution.touchpoint().touchpointId().hashCode(), PARTITIONS))
                .add(attribution));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @Test
    void endsWhereAnUndisturbedRunEnds() throws Exception {
        Map<String, String> undisturbed = play(false, 1);
        assertThat(undisturbed).hasSizeGreaterThan(1_000);
        assertThat(undisturbed.keySet()).anyMatch(id -> id.contains("topic=(other)"));
        assertCounts(undisturbed);

        assertThat(play(true, 2, 4, 3)).isEqualTo(undisturbed);
    }

    /** Over everything, and of the topics that have a place: touchpoints and customers of the last hours, by hand. */
    private static void assertCounts(Map<String, String> documents) {
        Map<String, Attribution> owned = new HashMap<>();
        World.LOG.forEach(partition -> partition.forEach(attribution -> {
            if (attribution.sign() > 0) {
                owned.put(attribution.touchpoint().touchpointId(), attribution);
            }
        }));
        int compared = 0;
        for (int hour = 1; hour <= 48; hour++) {
            long end = START + hour * HOUR;
            for (String topic : topics()) {
                Set<String> customers = new HashSet<>();
                int touchpoints = 0;
                for (Attribution attribution : owned.values()) {
                    long time = attribution.touchpoint().eventTime();
                    if (time > end - 24 * HOUR
                            && time <= end
                            && (topic.isEmpty()
                                    || topic.equals(attribution.touchpoint().topic()))) {
                        touchpoints++;
                        customers.add(attribution.customerId());
                    }
                }
                String series = (topic.isEmpty() ? "" : "|topic=" + topic) + "|24h@" + end;
                String found = documents.get("touchpoints" + series);
                if (found != null) {
                    compared++;
                    assertThat(found).as(series).startsWith(touchpoints + ".0 n " + touchpoints + " ");
                    assertThat(documents.get("customers" + series))
                            .as(series)
                            .startsWith(customers.size() + ".0 n " + touchpoints + " ");
                }
            }
        }
        assertThat(compared)
                .as("slots of everything and of the topics with a place")
                .isGreaterThan(48 + PLACES * 40);
    }

    private Map<String, String> play(boolean disturbed, int... parallelisms) throws Exception {
        World.begin();
        String savepoint = null;
        JobID job = null;
        for (int leg = 0; leg < parallelisms.length; leg++) {
            job = submit(parallelisms[leg], savepoint);
            int length = World.LOG.stream().mapToInt(List::size).max().orElse(0);
            int share = length / parallelisms.length + 1;
            if (disturbed) {
                World.told = leg * share + share / 3;
                cluster.checkpoint(job);
                World.UNTIL_FAILURE.set(40);
                World.told = leg * share + 2 * share / 3;
                cluster.until(job, () -> World.UNTIL_FAILURE.get() < 0);
            }
            World.told = (leg + 1) * share;
            if (leg < parallelisms.length - 1) {
                savepoint = cluster.savepoint(job, savepoints);
                cluster.end(job);
            }
        }
        JobID last = job;
        Seen[] seen = {null};
        cluster.until(last, () -> {
            seen[0] = World.SNAPSHOTS.get(cluster.checkpoint(last));
            return seen[0] != null && seen[0].watermark() >= Source.LAST;
        });
        cluster.end(last);
        Map<String, String> slots = new TreeMap<>();
        seen[0].documents().forEach((id, value) -> {
            if (value.n() > 0 && value.asOf() <= END) {
                slots.put(id, value.value() + " n " + value.n() + " " + value.complete() + " as of " + value.asOf());
            }
        });
        return slots;
    }

    // ---- what happens

    private static List<String> topics() {
        List<String> topics = new ArrayList<>(List.of(""));
        for (int i = 0; i < 10; i++) {
            topics.add("topic " + i);
        }
        return topics;
    }

    private static List<Attribution> history(Random random) {
        List<Attribution> all = new ArrayList<>();
        for (int i = 0; i < 2_400; i++) {
            // Some come many hours late.
            long late = random.nextInt(8) == 0 ? random.nextInt(20) * HOUR : 0;
            long time = Math.max(START + 1, START + i * 48 * HOUR / 2_400 - late + random.nextInt(60_000));
            Touchpoint touchpoint = Touchpoint.of("t" + i, Math.min(time, END), "web", "page_view")
                    .topic("topic " + random.nextInt(10))
                    .build();
            String customer = "c" + random.nextInt(40);
            all.add(new Attribution(customer, touchpoint, 1, 1));
            if (random.nextInt(5) == 0) {
                all.add(new Attribution(customer, touchpoint, -1, 1));
                all.add(new Attribution("c" + random.nextInt(40), touchpoint, 1, 2));
            }
        }
        return all;
    }

    /** Reads partitions of the log as far as they are told, positions in state, spread over however many tasks there are. */
    @SuppressWarnings("deprecation")
    private static final class Source extends RichParallelSourceFunction<Attribution> implements CheckpointedFunction {
        private static final long serialVersionUID = 1;
        private static final long[] AFTER = {END, END + 90_000, END + 180_000};
        static final long LAST = END + 180_000;

        private transient ListState<String> remembered;
        private transient TreeMap<Integer, Integer> positions;
        private volatile boolean cancelled;

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            remembered = context.getOperatorStateStore().getListState(new ListStateDescriptor<>("at", Types.STRING));
            positions = new TreeMap<>();
            if (context.isRestored()) {
                for (String at : remembered.get()) {
                    String[] parts = at.split(":");
                    positions.put(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
                }
            } else {
                int tasks = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
                for (int p = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(); p < PARTITIONS; p += tasks) {
                    positions.put(p, 0);
                }
            }
        }

        @Override
        public void snapshotState(FunctionSnapshotContext context) throws Exception {
            List<String> at = new ArrayList<>();
            positions.forEach((partition, position) -> at.add(partition + ":" + position));
            remembered.update(at);
        }

        @Override
        public void run(SourceContext<Attribution> context) throws Exception {
            int after = 0;
            int rounds = 0;
            while (!cancelled) {
                boolean read = false;
                synchronized (context.getCheckpointLock()) {
                    long reached = Long.MAX_VALUE;
                    for (Map.Entry<Integer, Integer> at : positions.entrySet()) {
                        List<Attribution> log = World.LOG.get(at.getKey());
                        if (at.getValue() < Math.min(World.told, log.size())) {
                            context.collect(log.get(at.getValue()));
                            at.setValue(at.getValue() + 1);
                            read = true;
                        }
                        reached = Math.min(reached, at.getValue() * (END - START) / log.size());
                    }
                    rounds += read ? 1 : 0;
                    // Seldom, so that sums are held when a snapshot is taken.
                    if (read && rounds % 4 == 0) {
                        context.emitWatermark(new Watermark(START + reached - 60_000));
                    } else if (!read && reached >= END - START && after < AFTER.length) {
                        context.emitWatermark(new Watermark(AFTER[after++]));
                        read = true;
                    }
                }
                if (!read) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    static Attribution failing(Attribution attribution) {
        if (World.UNTIL_FAILURE.get() >= 0 && World.UNTIL_FAILURE.getAndDecrement() == 0) {
            throw new IllegalStateException("as the test wants it");
        }
        return attribution;
    }

    /** What readers of committed records see: the newest revision of each slot, shown with every snapshot. */
    private static final class Committed extends AbstractStreamOperator<Void>
            implements OneInputStreamOperator<MetricValue, Void> {
        private static final long serialVersionUID = 1;

        private transient Map<String, MetricValue> documents;
        private transient ListState<MetricValue> remembered;
        private transient long watermark;

        @Override
        public void initializeState(StateInitializationContext context) throws Exception {
            super.initializeState(context);
            remembered = context.getOperatorStateStore()
                    .getListState(new ListStateDescriptor<>(
                            "documents", LayoutType.of(MetricValue.class, MetricValueLayout.INSTANCE)));
            documents = new HashMap<>();
            watermark = Long.MIN_VALUE;
            for (MetricValue value : remembered.get()) {
                documents.put(id(value), value);
            }
        }

        @Override
        public void processElement(StreamRecord<MetricValue> element) {
            MetricValue value = element.getValue();
            documents.merge(id(value), value, (old, newer) -> newer.revision() >= old.revision() ? newer : old);
        }

        @Override
        public void processWatermark(Watermark mark) {
            watermark = mark.getTimestamp();
        }

        @Override
        public void snapshotState(StateSnapshotContext context) throws Exception {
            super.snapshotState(context);
            remembered.update(List.copyOf(documents.values()));
            World.SNAPSHOTS.put(context.getCheckpointId(), new Seen(watermark, Map.copyOf(documents)));
        }

        private static String id(MetricValue value) {
            return value.seriesId() + "@" + History.slotEnd(value.window(), value.asOf());
        }
    }

    // ---- what is done to a job

    @SuppressWarnings("deprecation")
    private static JobID submit(int parallelism, String savepoint) throws Exception {
        StreamExecutionEnvironment env = FailingCluster.environment(parallelism);
        LayoutType<Attribution> type = LayoutType.of(Attribution.class, AttributionLayout.INSTANCE);
        DataStream<Attribution> attributions = env.addSource(new Source(), "attributions", type)
                .uid("attributions")
                .map(MeasuringSurvivesFailuresTest::failing, type)
                .uid("failing");
        DataStream<CustomerIdentity> nobody = attributions
                .flatMap(
                        (Attribution attribution, Collector<CustomerIdentity> out) -> {},
                        LayoutType.of(CustomerIdentity.class, CustomerIdentityLayout.INSTANCE))
                .uid("nobody");
        DataStream<IdentityChange> unchanged = attributions
                .flatMap((Attribution attribution, Collector<IdentityChange> out) -> {}, IdentityChangeLayout.TYPE)
                .uid("unchanged");
        DataStream<StitchOutput.Erased> notErased = attributions
                .flatMap((Attribution attribution, Collector<StitchOutput.Erased> out) -> {}, ErasedLayout.TYPE)
                .uid("not-erased");
        DataStream<StitchOutput.Duplicate> noDuplicates = attributions
                .flatMap((Attribution attribution, Collector<StitchOutput.Duplicate> out) -> {}, DuplicateLayout.TYPE)
                .uid("no-duplicates");
        MeasureTopology.measure(
                        attributions,
                        SessionizeTopology.sessionize(
                                new Stitched(attributions, nobody, unchanged, notErased, noDuplicates),
                                SessionizeConfig.DEFAULTS),
                        CONFIG,
                        SessionizeConfig.DEFAULTS.retentionMs())
                .documents()
                .transform("committed", BasicTypeInfo.VOID_TYPE_INFO, new Committed())
                .uid("committed")
                .setParallelism(1);
        return cluster.submit(env, savepoint);
    }
}
