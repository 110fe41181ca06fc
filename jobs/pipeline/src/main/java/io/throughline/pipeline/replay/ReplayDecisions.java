package io.throughline.pipeline.replay;

import io.throughline.domain.stitch.Decision;
import io.throughline.pipeline.wire.DecisionLayout;
import java.util.Iterator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** The decisions a replay is given, watched like its touchpoints: time waits until every one has been taken in. */
final class ReplayDecisions {

    static DataStream<Decision> of(StreamExecutionEnvironment env, String run) {
        return env.fromSource(
                        new InProcessSource<>(
                                task -> new All(ReplayRun.named(run).decisions.iterator())),
                        WatermarkStrategy.noWatermarks(),
                        "replay-decisions",
                        DecisionLayout.TYPE)
                .uid("replay-decisions")
                .setParallelism(1)
                .process(new Watched(run), DecisionLayout.TYPE)
                .name("replay-watch-decisions")
                .uid("replay-watch-decisions")
                .setParallelism(1);
    }

    private record All(Iterator<Decision> decisions) implements InProcessSource.Records<Decision> {
        @Override
        public InputStatus next(ReaderOutput<Decision> output) {
            if (!decisions.hasNext()) {
                return InputStatus.END_OF_INPUT;
            }
            output.collect(decisions.next());
            return InputStatus.MORE_AVAILABLE;
        }
    }

    private static final class Watched extends ProcessFunction<Decision, Decision> {
        private static final long serialVersionUID = 1;

        private final String id;
        private transient @Nullable ReplayRun run;

        Watched(String id) {
            this.id = id;
        }

        @Override
        public void open(OpenContext context) {
            run = ReplayRun.named(id);
        }

        @Override
        public void processElement(Decision decision, Context context, Collector<Decision> out) {
            ReplayRun.named(id).sent();
            out.collect(decision);
        }

        @Override
        public void close() {
            ReplayRun opened = run;
            if (opened != null) {
                opened.inputEnded();
            }
        }
    }

    private ReplayDecisions() {}
}
