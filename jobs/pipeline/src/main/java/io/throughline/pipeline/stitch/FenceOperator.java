package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Fence;
import io.throughline.domain.stitch.Fence.Run;
import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.pipeline.kit.OperatorMetrics;
import io.throughline.pipeline.stitch.CutLayout.Cut;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Lets the messages of the present history through and leaves out those of attempts that were rolled back.
 *
 * <p>The feedback topic is no channel that snapshots align: a message sent after its sender's snapshot can arrive before
 * the receiver's. It waits here for that snapshot, so that no snapshot knows of a message which it does not know to have
 * been sent. What waits need not be remembered: if the job falls back to that snapshot, it never was.
 */
final class FenceOperator extends AbstractStreamOperator<Letter>
        implements OneInputStreamOperator<Letter, Letter>, ProcessingTimeCallback {
    private static final long serialVersionUID = 1;

    /** Attempts remembered; a message can hardly outlive as many restarts in the topic. */
    private static final int MOST_CUTS = 100;

    private transient Queue<StreamRecord<Letter>> early = new ArrayDeque<>();

    @SuppressWarnings("NullAway.Init")
    private transient ListState<Cut> cuts;

    @SuppressWarnings("NullAway.Init")
    private transient Fence fence;

    @SuppressWarnings("NullAway.Init")
    private transient Counter rolledBack;

    @Override
    public void open() throws Exception {
        super.open();
        early = new ArrayDeque<>();
        rolledBack = getMetricGroup().counter(OperatorMetrics.ROLLED_BACK_MESSAGES);
        getMetricGroup().gauge(OperatorMetrics.WAITING_MESSAGES, (Gauge<Integer>) early::size);
    }

    /** The attempt a task belongs to, the same for all tasks that started together. */
    static Run run(RuntimeContext context, long restored) {
        return new Run(
                Hash128.of(context.getJobInfo().getJobId().toHexString()).high(),
                restored,
                context.getTaskInfo().getAttemptNumber());
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        cuts = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("cuts", CutLayout.TYPE));
        List<Map.Entry<Run, Long>> remembered = new ArrayList<>();
        for (Cut cut : cuts.get()) {
            remembered.add(Map.entry(cut.run(), cut.snapshot()));
        }
        Run run = run(getRuntimeContext(), context.getRestoredCheckpointId().orElse(0));
        fence = new Fence(run, Fence.newest(remembered, MOST_CUTS));
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        List<Cut> all = new ArrayList<>();
        fence.snapshot(context.getCheckpointId()).forEach((run, snapshot) -> all.add(new Cut(run, snapshot)));
        cuts.update(all);
        if (!early.isEmpty()) {
            // Not now: what a snapshot's barrier has passed must not follow from within it.
            getProcessingTimeService().registerTimer(getProcessingTimeService().getCurrentProcessingTime(), this);
        }
    }

    /** What waits for a snapshot that was given up was sent before this one and belongs to it. */
    @Override
    public void prepareSnapshotPreBarrier(long snapshot) {
        letThrough(stamp -> stamp.epoch() < snapshot);
    }

    @Override
    public void onProcessingTime(long time) {
        letThrough(stamp -> !fence.isEarly(stamp));
    }

    private void letThrough(Predicate<Stamp> which) {
        for (Iterator<StreamRecord<Letter>> all = early.iterator(); all.hasNext(); ) {
            StreamRecord<Letter> next = all.next();
            Stamp stamp = next.getValue().stamp();
            if (stamp == null || which.test(stamp)) {
                all.remove();
                output.collect(next);
            }
        }
    }

    @Override
    public void processElement(StreamRecord<Letter> element) {
        Stamp stamp = element.getValue().stamp();
        if (stamp != null && fence.isEarly(stamp)) {
            early.add(element.copy(element.getValue()));
        } else if (stamp == null || fence.admits(stamp)) {
            // One sender's messages keep their order.
            letThrough(waiting -> !fence.isEarly(waiting));
            output.collect(element);
        } else {
            rolledBack.inc();
        }
    }
}
