package io.throughline.pipeline.stitch;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.stitch.World.Topic;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.pipeline.wire.ErasureLayout;
import io.throughline.pipeline.wire.TouchpointChangeLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.BasicTypeInfo;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Stitching on a cluster that fails and is rescaled while messages are under way, and while those of rolled-back attempts
 * come again: every touchpoint ends with the customer the specification says, exactly once.
 *
 * <p>{@code -Dthroughline.soak=N} plays N times as many histories.
 */
@Timeout(3600)
class StitchingSurvivesFailuresTest {

    private static final int HISTORIES = 8 * Integer.getInteger("throughline.soak", 1);
    private static FailingCluster cluster;

    @TempDir
    Path savepoints;

    @BeforeAll
    static void start() throws Exception {
        cluster = new FailingCluster();
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "4", "2 4 3"})
    void everyTouchpointEndsWithTheCustomerOfTheSpecification(String parallelisms) throws Exception {
        int[] legs = Arrays.stream(parallelisms.split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
        long rolledBack = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            rolledBack += play(seed, legs);
        }
        if (Arrays.equals(legs, new int[] {1})) {
            assertThat(rolledBack).as("one task has nobody to send to").isZero();
        } else {
            assertThat(rolledBack)
                    .as("messages of rolled-back attempts that came again, without which this proves nothing")
                    .isPositive();
        }
    }

    /** Plays one history; returns how many messages of rolled-back attempts were kept out. */
    private long play(int seed, int... parallelisms) throws Exception {
        String name = "seed " + seed + " at parallelism " + Arrays.toString(parallelisms);
        Random random = new Random(31L * seed + Arrays.hashCode(parallelisms));
        World world = World.create(name);
        RandomHistory history = new RandomHistory(random);
        int chapter = 1 + history.length() / (3 * parallelisms.length);
        long before = cluster.counted("rolled_back_messages");
        String savepoint = null;
        for (int leg = 0; leg < parallelisms.length; leg++) {
            world.forgetSnapshots();
            JobID job = cluster.submit(job(name, parallelisms[leg]), savepoint);
            history.tell(world, random.nextInt(chapter));
            if (random.nextInt(4) != 0) {
                cluster.checkpoint(job);
            }
            history.tell(world, 1 + random.nextInt(chapter));
            cluster.fail(job, world, 1 + random.nextInt(40));
            history.tell(world, random.nextInt(chapter));
            if (leg < parallelisms.length - 1) {
                savepoint = cluster.savepoint(job, savepoints);
                history.tell(world, 1 + random.nextInt(chapter));
                int enough = world.reads() + random.nextInt(40);
                cluster.until(job, () -> world.reads() >= enough || world.everythingRead());
            } else {
                history.tellTheRest(world);
                assertThat(owners(name, world.ledger(cluster.atRest(job, world))))
                        .as(name)
                        .isEqualTo(history.customers());
            }
            cluster.end(job);
        }
        World.forget(name);
        return cluster.counted("rolled_back_messages") - before;
    }

    private static Map<String, String> owners(String name, Map<String, Map<String, Integer>> ledger) {
        Map<String, String> owners = new TreeMap<>();
        ledger.forEach((touchpointId, customers) -> {
            if (customers.isEmpty()) {
                // It was taken back and nothing took its place: it is erased, or the specification knows of it.
                return;
            }
            assertThat(customers).as("%s: %s", name, touchpointId).hasSize(1).containsValue(1);
            owners.put(touchpointId, customers.keySet().iterator().next());
        });
        return owners;
    }

    private static StreamExecutionEnvironment job(String world, int parallelism) {
        StreamExecutionEnvironment env = FailingCluster.environment(parallelism);
        DataStream<TouchpointChange> touchpoints = env.fromSource(
                        new LogSource<>(world, Topic.CHANGES, TouchpointChangeLayout.INSTANCE),
                        WatermarkStrategy.noWatermarks(),
                        "touchpoints",
                        LayoutType.of(TouchpointChange.class, TouchpointChangeLayout.INSTANCE))
                .uid("touchpoints");
        DataStream<Decision> decisions = env.fromSource(
                        new LogSource<>(world, Topic.DECISIONS, DecisionLayout.INSTANCE),
                        WatermarkStrategy.noWatermarks(),
                        "decisions",
                        DecisionLayout.TYPE)
                .uid("decisions");
        DataStream<Erasure> erasures = env.fromSource(
                        new LogSource<>(world, Topic.ERASURES, ErasureLayout.INSTANCE),
                        WatermarkStrategy.noWatermarks(),
                        "erasures",
                        ErasureLayout.TYPE)
                .uid("erasures");
        DataStream<Attribution> attributions = StitchTopology.stitch(
                        touchpoints, decisions, erasures, RandomHistory.CONFIG, new LogFeedback(world))
                .attributions();
        attributions
                .process(new Ledger(world), BasicTypeInfo.VOID_TYPE_INFO)
                .name("ledger")
                .uid("ledger");
        return env;
    }
}
