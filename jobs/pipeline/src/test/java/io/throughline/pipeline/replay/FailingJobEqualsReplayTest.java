package io.throughline.pipeline.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.ExperienceTopology;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.JobRules;
import io.throughline.pipeline.Outlets;
import io.throughline.pipeline.ingest.AlertControlTopology.Controlled;
import io.throughline.pipeline.ingest.DecisionTopology.Decided;
import io.throughline.pipeline.ingest.ErasureTopology.Erasing;
import io.throughline.pipeline.ingest.Incoming;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.kit.NoTime;
import io.throughline.pipeline.replay.MemoryOutlets.Keeper;
import io.throughline.pipeline.stitch.FailingCluster;
import io.throughline.pipeline.stitch.LogFeedback;
import io.throughline.pipeline.stitch.LogSource;
import io.throughline.pipeline.stitch.World;
import io.throughline.pipeline.stitch.World.Topic;
import io.throughline.pipeline.wire.ActionLayout;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.pipeline.wire.ErasureLayout;
import io.throughline.pipeline.wire.PublishedRule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole experience job on a cluster that fails and is rescaled, with touchpoints in an order that has nothing to do with
 * their times, many of them twice, with time running ahead of most of
 * them and people erased meanwhile: its final sessions, issues, journeys,
 * metrics and alerts are those of a replay of the same file, which never failed and has seen everything before time began.
 *
 * <p>{@code -Dthroughline.soak=N} plays N times as many histories.
 */
@Timeout(3600)
class FailingJobEqualsReplayTest {
    private static final int HISTORIES = Integer.getInteger("throughline.soak", 1);
    private static final List<String> KINDS = List.of(
            MemoryOutlets.TOUCHPOINTS,
            MemoryOutlets.CUSTOMERS,
            MemoryOutlets.SESSIONS,
            MemoryOutlets.ISSUES,
            MemoryOutlets.JOURNEYS,
            MemoryOutlets.TRANSITIONS,
            MemoryOutlets.METRICS,
            MemoryOutlets.ALERTS);

    private static final Rules RULES = Rules.DEFAULTS;

    /** Event time reached in a world. */
    private static final Map<String, Long> TIMES = new ConcurrentHashMap<>();

    private static FailingCluster cluster;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() throws Exception {
        cluster = new FailingCluster();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    /** @param legs from savepoint to savepoint: at which parallelism, and with state in RocksDB or else on the heap */
    @ParameterizedTest
    @ValueSource(strings = {"1", "4", "2 4 3", "2 rocksdb,4 rocksdb,3"})
    void documentsAreThoseOfAReplay(String legs) throws Exception {
        for (int seed = 0; seed < HISTORIES; seed++) {
            play(seed, legs.split(" "));
        }
    }

    private void play(int seed, String... legs) throws Exception {
        int[] parallelisms = Arrays.stream(legs)
                .mapToInt(leg -> Integer.parseInt(leg.substring(leg.indexOf(',') + 1)))
                .toArray();
        String name = "whole job, seed " + seed + " at parallelism " + Arrays.toString(legs);
        Random random = new Random(17L * seed + Arrays.hashCode(parallelisms));
        RandomTouchpoints touchpoints = new RandomTouchpoints(random, 400);
        Path file = Files.writeString(directory.resolve("touchpoints.ndjson"), String.join("\n", touchpoints.lines()));
        long middle = (touchpoints.earliest() + touchpoints.latest()) / 2;
        List<Erasure> erasures = Stream.of("device_id", "cookie")
                .map(type -> new Erasure(new Identifier(type, "v" + random.nextInt(25)), middle, "asked us to", "test"))
                .toList();
        Map<String, List<String>> expected =
                Standing.of(Replay.run(file, new People(List.of(), erasures, List.of()), RULES, null, 2), KINDS);
        assertThat(expected.values()).as("something of every kind").noneMatch(List::isEmpty);

        World world = World.create(name);
        List<String> untold = new ArrayList<>(touchpoints.inAnyOrderWithDuplicates(60));
        TIMES.put(name, Long.MIN_VALUE);
        String savepoint = null;
        for (int leg = 0; leg < parallelisms.length; leg++) {
            world.forgetSnapshots();
            Shelf.forget(name);
            JobID job = cluster.submit(job(name, parallelisms[leg], legs[leg].startsWith("rocksdb")), savepoint);
            try {
                int chapter = untold.size() / (parallelisms.length - leg) / 3;
                tell(world, untold, chapter);
                cluster.checkpoint(job);
                passTime(name, touchpoints, random);
                tell(world, untold, chapter);
                if (leg == 0) {
                    erasures.forEach(erasure -> world.append(
                            Topic.ERASURES, erasure.identifier().hashCode(), erasure, ErasureLayout.INSTANCE));
                }
                cluster.fail(job, world, 1 + random.nextInt(200));
                passTime(name, touchpoints, random);
                if (leg < parallelisms.length - 1) {
                    tell(world, untold, random.nextInt(chapter));
                    savepoint = cluster.savepoint(job, directory);
                } else {
                    tell(world, untold, untold.size());
                    cluster.atRest(job, world);
                    TIMES.put(name, touchpoints.latest());
                    await().atMost(FailingCluster.PATIENCE).untilAsserted(() -> assertThat(
                                    Standing.differences(expected, at(name, cluster.checkpoint(job))))
                            .as(name)
                            .isEmpty());
                    assertThat(Standing.differences(expected, at(name, cluster.checkpoint(job))))
                            .as("%s, a checkpoint later", name)
                            .isEmpty();
                }
            } finally {
                cluster.end(job);
            }
        }
        World.forget(name);
        Shelf.forget(name);
    }

    private static void tell(World world, List<String> untold, int count) {
        for (int i = 0; i < count && !untold.isEmpty(); i++) {
            String line = untold.remove(untold.size() - 1);
            byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
            FileLine told = new FileLine("touchpoints.ndjson", untold.size(), bytes.length, bytes);
            world.append(Topic.RECORDS, line.hashCode(), told, new FileLine.Bytes());
        }
    }

    /** To anywhere between where it is and the latest touchpoint, told or not. */
    private static void passTime(String world, RandomTouchpoints touchpoints, Random random) {
        long from = Math.max(TIMES.get(world), touchpoints.earliest());
        TIMES.put(world, from + (long) (random.nextDouble() * (touchpoints.latest() - from)));
    }

    private static Map<String, List<String>> at(String world, long snapshot) throws IOException {
        Map<String, Map<String, ReplayRun.Document>> documents = new TreeMap<>();
        KINDS.forEach(kind -> documents.put(kind, Shelf.shown(world, snapshot, kind)));
        return Standing.of(new ReplayResult(documents, null), KINDS);
    }

    private static StreamExecutionEnvironment job(String world, int parallelism, boolean rocksDb) {
        StreamExecutionEnvironment env = FailingCluster.environment(parallelism);
        if (rocksDb) {
            Configuration configuration = new Configuration();
            JobRules.rocksDb(configuration);
            env.configure(configuration);
        }
        DataStream<FileLine> lines = env.fromSource(
                        new LogSource<>(world, Topic.RECORDS, new FileLine.Bytes()),
                        WatermarkStrategy.noWatermarks(),
                        "records",
                        FileLine.TYPE)
                .uid("records");
        ExperienceTopology.build(
                lines,
                new JsonLineFormat(RULES.ingest().maxRecordBytes()),
                WatermarkStrategy.<Incoming>forGenerator(context -> new TimeOf(world))
                        .withTimestampAssigner((incoming, time) ->
                                incoming.arrival().touchpoint().eventTime()),
                new Decided(said(env, world, Topic.DECISIONS, DecisionLayout.TYPE, DecisionLayout.INSTANCE), null),
                new Erasing(said(env, world, Topic.ERASURES, ErasureLayout.TYPE, ErasureLayout.INSTANCE), null),
                new Controlled(
                        said(env, world, Topic.RULES, PublishedRule.RuleLayout.TYPE, PublishedRule.RuleLayout.INSTANCE),
                        said(env, world, Topic.ACTIONS, ActionLayout.TYPE, ActionLayout.INSTANCE),
                        null),
                new LogFeedback(world),
                new Shelves(world),
                RULES.exact());
        return env;
    }

    private static <T> DataStream<T> said(
            StreamExecutionEnvironment env, String world, Topic topic, LayoutType<T> type, Layout<T> layout) {
        String name = topic.name().toLowerCase(Locale.ROOT);
        return env.fromSource(new LogSource<>(world, topic, layout), NoTime.strategy(), name, type)
                .uid(name);
    }

    /** Says what time it is in a world. */
    private record TimeOf(String world) implements WatermarkGenerator<Incoming> {
        @Override
        public void onEvent(Incoming record, long timestamp, WatermarkOutput output) {}

        @Override
        public void onPeriodicEmit(WatermarkOutput output) {
            output.emitWatermark(new Watermark(TIMES.get(world)));
        }
    }

    private record Shelves(String world) implements Outlets {
        @Override
        public void take(Documents documents) {
            MemoryOutlets.keepAll(documents, RULES.sessionize().experience(), this::keep);
        }

        private <T> void keep(String kind, DataStream<T> values, Keeper<T> keeper) {
            values.process(new Shelf<>(world, kind, keeper), BasicTypeInfo.VOID_TYPE_INFO)
                    .name("shelf-" + kind)
                    .uid("shelf-" + kind);
        }
    }
}
