package io.throughline.pipeline.replay;

import io.throughline.pipeline.ExperienceTopology;
import io.throughline.pipeline.ExperienceTopology.Rules;
import io.throughline.pipeline.JobRules;
import io.throughline.pipeline.ingest.DecisionTopology.Decided;
import io.throughline.pipeline.ingest.ErasureTopology.Erasing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.RpcOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * The experience job over a file of touchpoints, in this process, without servers.
 *
 * <p>Nothing is late. Time stands still until the whole input and everything it caused between identifier nodes has
 * come to rest, then advances once, to the time asked for or the largest event time that counts: what is due by then
 * happens, the rest stays open. The result is a function of the set of touchpoints, people's decisions and actions, and the
 * rules.
 */
public final class Replay {
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    /** Up to so many tasks the buffers between them may have the size that is fastest. */
    private static final int FEW_TASKS = 8;

    private static final int FEWEST_BUFFERS = 4096;

    /** For each pair of tasks, over all exchanges of the topology; Flink does not begin with fewer than about 20. */
    private static final int BUFFERS_BETWEEN_TASKS = 40;

    /** Runs to the end, without anything that people said, and returns what it came to. */
    public static ReplayResult run(Path input, Rules rules, @Nullable Long asOf, int parallelism) throws Exception {
        return run(input, People.SILENT, rules, asOf, parallelism);
    }

    /**
     * Runs to the end and returns what it came to.
     *
     * @param people what they said; where {@code asOf} is given, decisions effective from a later time and later actions
     *     do not hold, while erasures do
     */
    public static ReplayResult run(Path input, People people, Rules rules, @Nullable Long asOf, int parallelism)
            throws Exception {
        return run(input, people, rules, asOf, parallelism, null);
    }

    /**
     * The same, but that event time passes as in a running job where a rule of alerts looks at a metric: what such rules
     * would have seen, and when. Alerts of customers come to the same. Metrics that no rule looks at are not measured.
     */
    public static ReplayResult runAtPace(Path input, Rules rules, @Nullable Long asOf, int parallelism)
            throws Exception {
        Pace pace = Pace.of(rules.alert(), rules.measure());
        return pace == null
                ? run(input, rules, asOf, parallelism)
                : run(input, People.SILENT, rules.measuringOnly(Pace.lookedAt(rules.alert())), asOf, parallelism, pace);
    }

    private static ReplayResult run(
            Path input, People people, Rules rules, @Nullable Long asOf, int parallelism, @Nullable Pace pace)
            throws Exception {
        String id = UUID.randomUUID().toString();
        try (ReplayRun run = ReplayRun.start(id, parallelism, asOf == null ? people : people.by(asOf), asOf, pace);
                ScratchDirectory scratch = ScratchDirectory.make()) {
            StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(
                    parallelism, configuration(scratch.path(), parallelism));
            build(env, input, asOf == null ? rules : rules.until(asOf), id);
            JobExecutionResult unused = env.execute("replay");
            return new ReplayResult(run.documents, run.asOf());
        }
    }

    private static void build(StreamExecutionEnvironment env, Path input, Rules rules, String run) {
        Path file = input.toAbsolutePath();
        String name = file.toString();
        int maxRecordBytes = rules.ingest().maxRecordBytes();
        DataStream<FileLine> lines = env.fromSource(
                        new InProcessSource<>(task -> open(name, maxRecordBytes)),
                        WatermarkStrategy.noWatermarks(),
                        "replay-read",
                        FileLine.TYPE)
                .uid("replay-read")
                .setParallelism(1);
        ExperienceTopology.build(
                lines.rebalance(),
                new JsonLineFormat(maxRecordBytes),
                WatermarkStrategy.noWatermarks(),
                new Decided(ReplayWords.decisions(env, run), null),
                new Erasing(ReplayWords.erasures(env, run), null),
                ReplayControl.of(env, run),
                new ReplayFeedback(run),
                new MemoryOutlets(run, rules.sessionize().experience()),
                rules.exact());
    }

    private static FileLines open(String name, int maxRecordBytes) throws IOException {
        return new FileLines(Path.of(name), maxRecordBytes);
    }

    private static Configuration configuration(Path scratch, int parallelism) {
        Configuration configuration = JobRules.configuration();
        configuration.set(CoreOptions.TMP_DIRS, scratch.toString());
        configuration.set(WebOptions.TMP_DIR, scratch.toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        // All is one process: what does not answer waits for a processor or for memory, and has not gone away.
        configuration.set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, PATIENCE);
        configuration.set(RpcOptions.ASK_TIMEOUT_DURATION, PATIENCE);
        MemorySize buffer = MemorySize.ofMebiBytes(1).divide(parallelism <= FEW_TASKS ? 32 : 256);
        MemorySize buffers =
                buffer.multiply(Math.max(FEWEST_BUFFERS, BUFFERS_BETWEEN_TASKS * parallelism * (parallelism + 1)));
        configuration.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, buffer);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, buffers);
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, buffers);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(1));
        return configuration;
    }

    private Replay() {}
}
