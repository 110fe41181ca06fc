package io.throughline.pipeline.replay;

import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import io.throughline.pipeline.wire.DecisionLayout;
import io.throughline.pipeline.wire.ErasureLayout;
import java.util.Iterator;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** The decisions and erasures a replay is given, watched like its touchpoints: time waits until all are taken in. */
final class ReplayWords {

    static DataStream<Decision> decisions(StreamExecutionEnvironment env, String run) {
        return of(
                env,
                run,
                "decisions",
                DecisionLayout.TYPE,
                task -> new All<Decision>(ReplayRun.named(run).decisions.iterator()));
    }

    static DataStream<Erasure> erasures(StreamExecutionEnvironment env, String run) {
        return of(
                env,
                run,
                "erasures",
                ErasureLayout.TYPE,
                task -> new All<Erasure>(ReplayRun.named(run).erasures.iterator()));
    }

    private static <T> DataStream<T> of(
            StreamExecutionEnvironment env,
            String run,
            String what,
            TypeInformation<T> type,
            InProcessSource.Opener<T> opener) {
        return env.fromSource(new InProcessSource<>(opener), WatermarkStrategy.noWatermarks(), "replay-" + what, type)
                .uid("replay-" + what)
                .setParallelism(1)
                .process(new Watched<>(run), type)
                .name("replay-watch-" + what)
                .uid("replay-watch-" + what)
                .setParallelism(1);
    }

    private record All<T>(Iterator<T> words) implements InProcessSource.Records<T> {
        @Override
        public InputStatus next(ReaderOutput<T> output) {
            if (!words.hasNext()) {
                return InputStatus.END_OF_INPUT;
            }
            output.collect(words.next());
            return InputStatus.MORE_AVAILABLE;
        }
    }

    private static final class Watched<T> extends ProcessFunction<T, T> {
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
        public void processElement(T word, Context context, Collector<T> out) {
            ReplayRun.named(id).sent();
            out.collect(word);
        }

        @Override
        public void close() {
            ReplayRun opened = run;
            if (opened != null) {
                opened.inputEnded();
            }
        }
    }

    private ReplayWords() {}
}
