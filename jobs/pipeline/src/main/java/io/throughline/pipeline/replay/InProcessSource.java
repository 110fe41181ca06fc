package io.throughline.pipeline.replay;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/**
 * A bounded source whose tasks each read something of their own in this process. There are no splits to hand out and
 * nothing is remembered across a failure: a replay starts again.
 *
 * @param <T> the record
 */
final class InProcessSource<T> implements Source<T, InProcessSource.NoSplit, InProcessSource.NoState> {
    private static final long serialVersionUID = 1;

    /** Opens what one task reads. */
    interface Opener<T> extends Serializable {
        Records<T> open(int task) throws IOException;
    }

    /** What one task reads. */
    interface Records<T> extends AutoCloseable {
        /** Sends at most a few records on; says whether there may be more now, later, or never. */
        InputStatus next(ReaderOutput<T> output) throws Exception;

        /** Completes when there may be more. */
        default CompletableFuture<Void> available() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        default void close() throws IOException {}
    }

    /** Never exists. */
    static final class NoSplit implements SourceSplit {
        @Override
        public String splitId() {
            return "none";
        }
    }

    /** Nothing to remember. */
    static final class NoState {}

    private final Opener<T> opener;

    InProcessSource(Opener<T> opener) {
        this.opener = opener;
    }

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.BOUNDED;
    }

    @Override
    public SourceReader<T, NoSplit> createReader(SourceReaderContext context) throws IOException {
        Records<T> records = opener.open(context.getIndexOfSubtask());
        return new SourceReader<>() {
            @Override
            public void start() {}

            @Override
            public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
                return records.next(output);
            }

            @Override
            public List<NoSplit> snapshotState(long checkpointId) {
                return List.of();
            }

            @Override
            public CompletableFuture<Void> isAvailable() {
                return records.available();
            }

            @Override
            public void addSplits(List<NoSplit> splits) {}

            @Override
            public void notifyNoMoreSplits() {}

            @Override
            public void close() throws IOException {
                records.close();
            }
        };
    }

    @Override
    public SplitEnumerator<NoSplit, NoState> createEnumerator(SplitEnumeratorContext<NoSplit> context) {
        return new SplitEnumerator<>() {
            @Override
            public void start() {}

            @Override
            public void handleSplitRequest(int task, @Nullable String host) {}

            @Override
            public void addSplitsBack(List<NoSplit> splits, int task) {}

            @Override
            public void addReader(int task) {}

            @Override
            public NoState snapshotState(long checkpointId) {
                return new NoState();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public SplitEnumerator<NoSplit, NoState> restoreEnumerator(SplitEnumeratorContext<NoSplit> context, NoState state) {
        return createEnumerator(context);
    }

    @Override
    public SimpleVersionedSerializer<NoSplit> getSplitSerializer() {
        return new Nothing<>(NoSplit::new);
    }

    @Override
    public SimpleVersionedSerializer<NoState> getEnumeratorCheckpointSerializer() {
        return new Nothing<>(NoState::new);
    }

    private record Nothing<X>(java.util.function.Supplier<X> make) implements SimpleVersionedSerializer<X> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(X value) {
            return new byte[0];
        }

        @Override
        public X deserialize(int version, byte[] serialized) {
            return make.get();
        }
    }
}
