package io.throughline.pipeline.replay;

import io.throughline.elasticsearch.DocumentJson;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.replay.MemoryOutlets.Keeper;
import io.throughline.pipeline.replay.MemoryOutlets.Kept;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Keeps the newest version of every document of one kind as a transactional sink does, and shows them at every snapshot. */
public final class Shelf<T> extends ProcessFunction<T, Void> implements CheckpointedFunction {
    private static final long serialVersionUID = 1;

    /** What the shelves of one kind held at a snapshot of one job. */
    private record Moment(String job, long snapshot, String kind) {}

    private static final Map<Moment, Map<String, ReplayRun.Document>> SHOWN = new ConcurrentHashMap<>();

    private record Item(String id, ReplayRun.Document document) {}

    /** Id, revision, whether it is gone, JSON. */
    public static final class ItemLayout implements Layout<Item> {
        private static final long serialVersionUID = 1;

        @Override
        public void write(Item item, DataOutput out) throws IOException {
            Packed.writeText(item.id, out);
            out.writeLong(item.document.revision());
            out.writeBoolean(item.document.gone());
            Packed.writeSize(item.document.json().length, out);
            out.write(item.document.json());
        }

        @Override
        public Item read(DataInput in, int version) throws IOException {
            String id = Packed.readText(in);
            long revision = in.readLong();
            boolean gone = in.readBoolean();
            byte[] json = new byte[Packed.readSize(in)];
            in.readFully(json);
            return new Item(id, new ReplayRun.Document(revision, json, gone));
        }
    }

    private final String job;
    private final String kind;
    private final Keeper<T> keeper;
    private transient Map<String, ReplayRun.Document> documents;
    private transient ListState<Item> remembered;

    Shelf(String job, String kind, Keeper<T> keeper) {
        this.job = job;
        this.kind = kind;
        this.keeper = keeper;
    }

    static Map<String, ReplayRun.Document> shown(String job, long snapshot, String kind) {
        return SHOWN.getOrDefault(new Moment(job, snapshot, kind), Map.of());
    }

    /** A job begins, whose snapshots may have the numbers of its predecessor's; or all is over. */
    static void forget(String job) {
        SHOWN.keySet().removeIf(moment -> moment.job.equals(job));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        remembered = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("documents", LayoutType.of(Item.class, new ItemLayout())));
        documents = new HashMap<>();
        for (Item item : remembered.get()) {
            keep(documents, item.id, item.document);
        }
    }

    @Override
    public void processElement(T value, Context context, Collector<Void> out) {
        Kept kept = keeper.kept(value);
        keep(
                documents,
                kept.id(),
                new ReplayRun.Document(kept.revision(), DocumentJson.toBytes(kept.record()), kept.gone()));
    }

    private static void keep(Map<String, ReplayRun.Document> documents, String id, ReplayRun.Document document) {
        documents.merge(id, document, (a, b) -> b.revision() >= a.revision() ? b : a);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        remembered.clear();
        for (Map.Entry<String, ReplayRun.Document> document : documents.entrySet()) {
            remembered.add(new Item(document.getKey(), document.getValue()));
        }
        Map<String, ReplayRun.Document> all =
                SHOWN.computeIfAbsent(new Moment(job, context.getCheckpointId(), kind), m -> new ConcurrentHashMap<>());
        documents.forEach((id, document) -> keep(all, id, document));
    }
}
