package io.throughline.pipeline.stitch;

import io.throughline.pipeline.kit.NoTime;
import io.throughline.pipeline.stitch.World.Topic;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;

/** Messages in bundles over a log that keeps what rolled-back attempts wrote, as the Kafka topic does. */
public record LogFeedback(String world) implements Feedback {

    @Override
    public DataStream<Letter> receive(StreamExecutionEnvironment env) {
        return env.fromSource(
                        new LogSource<>(world, Topic.LETTERS, BundleLayout.INSTANCE),
                        NoTime.strategy(),
                        "stitch-feedback",
                        Bundle.TYPE)
                .uid("stitch-feedback")
                .flatMap(new Opened())
                .uid("stitch-opened")
                .returns(LetterLayout.TYPE);
    }

    @Override
    public void send(DataStream<Letter> messages) {
        messages.transform("stitch-bundle", Bundle.TYPE, new BundlingOperator(() -> Topic.LETTERS.partitions))
                .uid("stitch-bundle")
                .sinkTo(new Append(world))
                .name("stitch-feed")
                .uid("stitch-feed");
    }

    private static final class Opened implements FlatMapFunction<Bundle, Letter> {
        private static final long serialVersionUID = 1;

        @Override
        public void flatMap(Bundle bundle, Collector<Letter> out) throws Exception {
            Bundle.open(bundle.bytes(), out::collect);
        }
    }

    private record Append(String world) implements Sink<Bundle> {
        @Override
        public SinkWriter<Bundle> createWriter(WriterInitContext context) {
            World outside = World.named(world);
            return new SinkWriter<>() {
                @Override
                public void write(Bundle bundle, Context writing) {
                    outside.append(Topic.LETTERS, bundle.partition(), bundle, BundleLayout.INSTANCE);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
