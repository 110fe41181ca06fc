package io.throughline.pipeline.replay;

import io.throughline.domain.alert.Action;
import io.throughline.pipeline.ingest.AlertControlTopology.Controlled;
import io.throughline.pipeline.wire.ActionLayout;
import io.throughline.pipeline.wire.PublishedRule;
import java.util.Iterator;
import java.util.List;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What people did about alerts, as a replay is given it. Versions of rules are part of its configuration from the start, so
 * that no touchpoint comes before the rule that looks at it.
 */
final class ReplayControl {

    static Controlled of(StreamExecutionEnvironment env, String run) {
        return new Controlled(
                all(
                        env,
                        "replay-rules",
                        PublishedRule.RuleLayout.TYPE,
                        task -> new All<>(List.<PublishedRule>of().iterator())),
                all(
                        env,
                        "replay-actions",
                        ActionLayout.TYPE,
                        task -> new All<Action>(ReplayRun.named(run).actions.iterator())),
                null);
    }

    private static <T> DataStream<T> all(
            StreamExecutionEnvironment env, String name, TypeInformation<T> type, InProcessSource.Opener<T> opener) {
        return env.fromSource(new InProcessSource<>(opener), WatermarkStrategy.noWatermarks(), name, type)
                .uid(name)
                .setParallelism(1);
    }

    private record All<T>(Iterator<T> values) implements InProcessSource.Records<T> {
        @Override
        public InputStatus next(ReaderOutput<T> output) {
            if (!values.hasNext()) {
                return InputStatus.END_OF_INPUT;
            }
            output.collect(values.next());
            return InputStatus.MORE_AVAILABLE;
        }
    }

    private ReplayControl() {}
}
