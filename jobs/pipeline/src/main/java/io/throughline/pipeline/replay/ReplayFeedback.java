package io.throughline.pipeline.replay;

import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.stitch.Feedback;
import io.throughline.pipeline.stitch.Letter;
import io.throughline.pipeline.stitch.LetterLayout;
import io.throughline.pipeline.stitch.Progress;
import io.throughline.pipeline.wire.TouchpointChangeLayout;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Messages between identifier nodes inside one process. When the input has ended and nothing is under way, time
 * advances, at once or at its {@link Pace}, to the time the replay is evaluated at; when that is known everywhere, the source
 * ends.
 */
record ReplayFeedback(String run) implements Feedback {

    private static final int AT_ONCE = 256;

    @Override
    public DataStream<Letter> receive(StreamExecutionEnvironment env) {
        String id = run;
        return env.fromSource(
                        new InProcessSource<>(task -> new Messages(ReplayRun.named(id), task)),
                        WatermarkStrategy.noWatermarks(),
                        "stitch-feedback",
                        LetterLayout.TYPE)
                .uid("stitch-feedback");
    }

    @Override
    public void send(DataStream<Letter> messages) {
        messages.sinkTo(new Delivery(run)).name("stitch-feed").uid("stitch-feed");
    }

    @Override
    public DataStream<TouchpointChange> watch(DataStream<TouchpointChange> touchpoints) {
        return touchpoints
                .process(new Watched(run), LayoutType.of(TouchpointChange.class, TouchpointChangeLayout.INSTANCE))
                .name("replay-watch")
                .uid("replay-watch");
    }

    @Override
    public Progress progress() {
        return new Counted(run);
    }

    private static final class Messages implements InProcessSource.Records<Letter> {
        private final ReplayRun run;
        private final ReplayRun.Mailbox mailbox;

        Messages(ReplayRun run, int task) {
            this.run = run;
            this.mailbox = run.mailbox(task);
        }

        @Override
        public InputStatus next(ReaderOutput<Letter> output) {
            for (int i = 0; i < AT_ONCE; i++) {
                Letter letter = mailbox.poll();
                if (letter == null) {
                    if (!run.atRest()) {
                        return InputStatus.NOTHING_AVAILABLE;
                    }
                    // Asked once: if time passes between two questions, the next time is not told and all ends.
                    boolean passedThrough = run.timeHasPassedThrough();
                    Long time = mailbox.tellTheTime(passedThrough);
                    if (time != null) {
                        output.emitWatermark(new Watermark(time));
                        return InputStatus.MORE_AVAILABLE;
                    }
                    return passedThrough ? InputStatus.END_OF_INPUT : InputStatus.NOTHING_AVAILABLE;
                }
                output.collect(letter);
            }
            return InputStatus.MORE_AVAILABLE;
        }

        @Override
        public CompletableFuture<Void> available() {
            return mailbox.available();
        }
    }

    private record Delivery(String run) implements Sink<Letter> {
        @Override
        public SinkWriter<Letter> createWriter(WriterInitContext context) {
            ReplayRun running = ReplayRun.named(run);
            return new SinkWriter<>() {
                @Override
                public void write(Letter letter, Context writing) {
                    running.deliver(letter);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }

    private static final class Watched extends ProcessFunction<TouchpointChange, TouchpointChange> {
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
        public void processElement(TouchpointChange change, Context context, Collector<TouchpointChange> out) {
            ReplayRun.named(id).touched(change);
            out.collect(change);
        }

        @Override
        public void close() {
            ReplayRun opened = run;
            if (opened != null) {
                opened.inputEnded();
            }
        }
    }

    private static final class Counted implements Progress {
        private static final long serialVersionUID = 1;

        private final String id;
        private transient @Nullable ReplayRun run;

        Counted(String id) {
            this.id = id;
        }

        private ReplayRun run() {
            ReplayRun found = run;
            if (found == null) {
                found = ReplayRun.named(id);
                run = found;
            }
            return found;
        }

        @Override
        public void sent() {
            run().sent();
        }

        @Override
        public void settled() {
            run().settled();
        }
    }
}
