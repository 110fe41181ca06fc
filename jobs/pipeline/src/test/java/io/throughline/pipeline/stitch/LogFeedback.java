package io.throughline.pipeline.stitch;

import io.throughline.pipeline.kit.NoTime;
import io.throughline.pipeline.stitch.World.Topic;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Messages over a log that keeps what rolled-back attempts wrote, as the Kafka topic does. */
public record LogFeedback(String world) implements Feedback {

    @Override
    public DataStream<Letter> receive(StreamExecutionEnvironment env) {
        return env.fromSource(
                        new LogSource<>(world, Topic.LETTERS, LetterLayout.INSTANCE),
                        NoTime.strategy(),
                        "stitch-feedback",
                        LetterLayout.TYPE)
                .uid("stitch-feedback");
    }

    @Override
    public void send(DataStream<Letter> messages) {
        messages.sinkTo(new Append(world)).name("stitch-feed").uid("stitch-feed");
    }

    private record Append(String world) implements Sink<Letter> {
        @Override
        public SinkWriter<Letter> createWriter(WriterInitContext context) {
            World outside = World.named(world);
            return new SinkWriter<>() {
                @Override
                public void write(Letter letter, Context writing) {
                    outside.append(Topic.LETTERS, letter.to().hashCode(), letter, LetterLayout.INSTANCE);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }
}
