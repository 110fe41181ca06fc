package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/** Adds up whose each touchpoint is said to be, exactly once, and shows the sums at every snapshot. */
public final class Ledger extends ProcessFunction<Attribution, Void> implements CheckpointedFunction {
    private static final long serialVersionUID = 1;

    /** A touchpoint as one customer's. */
    record Account(String touchpointId, String customerId) {}

    record Entry(Account account, int count) {}

    public static final class EntryLayout implements Layout<Entry> {
        private static final long serialVersionUID = 1;

        @Override
        public void write(Entry entry, DataOutput out) throws IOException {
            Packed.writeText(entry.account().touchpointId(), out);
            Packed.writeText(entry.account().customerId(), out);
            out.writeInt(entry.count());
        }

        @Override
        public Entry read(DataInput in, int version) throws IOException {
            return new Entry(new Account(Packed.readText(in), Packed.readText(in)), in.readInt());
        }
    }

    private final String world;
    private transient Map<Account, Integer> counts;
    private transient ListState<Entry> remembered;

    Ledger(String world) {
        this.world = world;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        remembered = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("counts", LayoutType.of(Entry.class, new EntryLayout())));
        counts = new HashMap<>();
        for (Entry entry : remembered.get()) {
            counts.merge(entry.account(), entry.count(), Integer::sum);
        }
    }

    @Override
    public void processElement(Attribution attribution, Context context, Collector<Void> out) {
        counts.merge(
                new Account(attribution.touchpoint().touchpointId(), attribution.customerId()),
                attribution.sign(),
                Integer::sum);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        remembered.clear();
        for (Map.Entry<Account, Integer> count : counts.entrySet()) {
            remembered.add(new Entry(count.getKey(), count.getValue()));
        }
        World.named(world)
                .snapshotOfLedger(
                        context.getCheckpointId(),
                        getRuntimeContext().getTaskInfo().getIndexOfThisSubtask(),
                        counts);
    }
}
