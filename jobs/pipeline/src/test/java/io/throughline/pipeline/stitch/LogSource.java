package io.throughline.pipeline.stitch;

import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.stitch.World.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
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

/**
 * Reads a log of a {@link World} as a Kafka source reads a topic: without end, its positions kept in snapshots and
 * spread over however many tasks there are.
 */
public record LogSource<T>(String world, Topic topic, Layout<T> layout)
        implements Source<T, LogSource.Partition, LogSource.Unassigned> {

    /** A partition and where to go on reading it. */
    public record Partition(int number, int position) implements SourceSplit {
        @Override
        public String splitId() {
            return Integer.toString(number);
        }
    }

    /** Partitions that no task reads yet. */
    public record Unassigned(List<Partition> partitions) {}

    @Override
    public Boundedness getBoundedness() {
        return Boundedness.CONTINUOUS_UNBOUNDED;
    }

    @Override
    public SourceReader<T, Partition> createReader(SourceReaderContext context) {
        return new Reader();
    }

    private final class Reader implements SourceReader<T, Partition> {
        private final World outside = World.named(world);
        private final Map<Integer, Integer> positions = new TreeMap<>();

        @Override
        public void start() {}

        @Override
        public InputStatus pollNext(ReaderOutput<T> output) throws IOException {
            boolean any = false;
            for (Map.Entry<Integer, Integer> at : positions.entrySet()) {
                byte[] bytes = outside.next(topic, at.getKey(), at.getValue());
                if (bytes != null) {
                    at.setValue(at.getValue() + 1);
                    output.collect(LayoutBytes.read(bytes, layout));
                    any = true;
                }
            }
            return any ? InputStatus.MORE_AVAILABLE : InputStatus.NOTHING_AVAILABLE;
        }

        @Override
        public List<Partition> snapshotState(long snapshot) {
            outside.snapshotOfReader(snapshot, topic, positions);
            List<Partition> partitions = new ArrayList<>();
            positions.forEach((number, position) -> partitions.add(new Partition(number, position)));
            return partitions;
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return outside.more(topic, positions);
        }

        @Override
        public void addSplits(List<Partition> partitions) {
            for (Partition partition : partitions) {
                positions.put(partition.number(), partition.position());
                outside.readFrom(topic, partition.number(), partition.position());
            }
            outside.wake();
        }

        @Override
        public void notifyNoMoreSplits() {}

        @Override
        public void close() {}
    }

    @Override
    public SplitEnumerator<Partition, Unassigned> createEnumerator(SplitEnumeratorContext<Partition> context) {
        return new Enumerator(
                context,
                IntStream.range(0, topic.partitions)
                        .mapToObj(number -> new Partition(number, 0))
                        .toList());
    }

    @Override
    public SplitEnumerator<Partition, Unassigned> restoreEnumerator(
            SplitEnumeratorContext<Partition> context, Unassigned unassigned) {
        return new Enumerator(context, unassigned.partitions());
    }

    private static final class Enumerator implements SplitEnumerator<Partition, Unassigned> {
        private final SplitEnumeratorContext<Partition> context;
        private final List<Partition> unassigned;

        Enumerator(SplitEnumeratorContext<Partition> context, List<Partition> unassigned) {
            this.context = context;
            this.unassigned = new ArrayList<>(unassigned);
        }

        @Override
        public void start() {}

        @Override
        public void handleSplitRequest(int task, String host) {}

        @Override
        public void addSplitsBack(List<Partition> partitions, int task) {
            unassigned.addAll(partitions);
            assign();
        }

        @Override
        public void addReader(int task) {
            assign();
        }

        private void assign() {
            for (Partition partition : List.copyOf(unassigned)) {
                int task = partition.number() % context.currentParallelism();
                if (context.registeredReaders().containsKey(task)) {
                    context.assignSplit(partition, task);
                    unassigned.remove(partition);
                }
            }
        }

        @Override
        public Unassigned snapshotState(long snapshot) {
            return new Unassigned(List.copyOf(unassigned));
        }

        @Override
        public void close() {}
    }

    @Override
    public SimpleVersionedSerializer<Partition> getSplitSerializer() {
        return new PartitionBytes();
    }

    @Override
    public SimpleVersionedSerializer<Unassigned> getEnumeratorCheckpointSerializer() {
        return new UnassignedBytes();
    }

    private static final class PartitionBytes implements SimpleVersionedSerializer<Partition> {
        static final int SIZE = 8;

        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Partition partition) {
            return ByteBuffer.allocate(SIZE)
                    .putInt(partition.number())
                    .putInt(partition.position())
                    .array();
        }

        @Override
        public Partition deserialize(int version, byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            return new Partition(buffer.getInt(), buffer.getInt());
        }
    }

    private static final class UnassignedBytes implements SimpleVersionedSerializer<Unassigned> {
        @Override
        public int getVersion() {
            return 1;
        }

        @Override
        public byte[] serialize(Unassigned unassigned) {
            ByteBuffer buffer = ByteBuffer.allocate(unassigned.partitions().size() * PartitionBytes.SIZE);
            unassigned.partitions().forEach(p -> buffer.putInt(p.number()).putInt(p.position()));
            return buffer.array();
        }

        @Override
        public Unassigned deserialize(int version, byte[] bytes) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            List<Partition> partitions = new ArrayList<>();
            while (buffer.hasRemaining()) {
                partitions.add(new Partition(buffer.getInt(), buffer.getInt()));
            }
            return new Unassigned(partitions);
        }
    }
}
