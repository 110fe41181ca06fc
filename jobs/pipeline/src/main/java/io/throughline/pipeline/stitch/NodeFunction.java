package io.throughline.pipeline.stitch;

import io.throughline.domain.stage.Step;
import io.throughline.domain.stitch.Fence;
import io.throughline.domain.stitch.Fence.Run;
import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.StitchInput;
import io.throughline.domain.stitch.StitchOutput;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.stitch.CutLayout.Cut;
import io.throughline.pipeline.wire.CustomerIdentityLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Remembers, wakes up and forwards for the {@link NodeRule}; keyed by the hash of an identifier. */
final class NodeFunction extends KeyedCoProcessFunction<Hash128, TouchpointChange, Letter, Attribution>
        implements CheckpointedFunction {
    private static final long serialVersionUID = 1;

    static final OutputTag<Letter> MESSAGES = new OutputTag<>("messages", LetterLayout.TYPE);

    static final OutputTag<IdentityChange> CHANGES = new OutputTag<>("changes", IdentityChangeLayout.TYPE);
    static final OutputTag<CustomerIdentity> IDENTITIES =
            new OutputTag<>("identities", LayoutType.of(CustomerIdentity.class, CustomerIdentityLayout.INSTANCE));

    private final NodeRule rule;
    /** Attempts remembered; a message can hardly outlive as many restarts in the topic. */
    private static final int MOST_CUTS = 100;

    private final Progress progress;

    @SuppressWarnings("NullAway.Init")
    private transient ValueState<NodeState> nodes;

    @SuppressWarnings("NullAway.Init")
    private transient ListState<Cut> cuts;

    @SuppressWarnings("NullAway.Init")
    private transient Fence fence;

    @SuppressWarnings("NullAway.Init")
    private transient Counter rolledBack;

    NodeFunction(NodeRule rule, Progress progress) {
        this.rule = rule;
        this.progress = progress;
    }

    @Override
    public void open(OpenContext context) {
        nodes = getRuntimeContext().getState(new ValueStateDescriptor<>("node", NodeStateLayout.TYPE));
        rolledBack = getRuntimeContext().getMetricGroup().counter("rolled_back_messages");
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        cuts = context.getOperatorStateStore().getUnionListState(new ListStateDescriptor<>("cuts", CutLayout.TYPE));
        List<Map.Entry<Run, Long>> remembered = new ArrayList<>();
        for (Cut cut : cuts.get()) {
            remembered.add(Map.entry(cut.run(), cut.snapshot()));
        }
        Run run = new Run(
                Hash128.of(getRuntimeContext().getJobInfo().getJobId().toHexString())
                        .high(),
                context.getRestoredCheckpointId().orElse(0),
                getRuntimeContext().getTaskInfo().getAttemptNumber());
        fence = new Fence(run, Fence.newest(remembered, MOST_CUTS));
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        List<Cut> all = new ArrayList<>();
        fence.snapshot(context.getCheckpointId()).forEach((run, snapshot) -> all.add(new Cut(run, snapshot)));
        cuts.update(all);
    }

    @Override
    public void processElement1(TouchpointChange change, Context context, Collector<Attribution> out) throws Exception {
        take(new StitchInput.Touched(change), context, out);
    }

    @Override
    public void processElement2(Letter letter, Context context, Collector<Attribution> out) throws Exception {
        Stamp stamp = letter.stamp();
        if (stamp == null || fence.admits(stamp)) {
            take(new StitchInput.Received(letter.message()), context, out);
        } else {
            rolledBack.inc();
        }
    }

    private void take(StitchInput input, Context context, Collector<Attribution> out) throws Exception {
        Step<NodeState, StitchOutput> step = rule.on(context.getCurrentKey(), nodes.value(), input);
        say(step.out(), context, out);
        remember(step, context);
        progress.settled();
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Attribution> out) throws Exception {
        long now = context.timerService().currentWatermark();
        NodeState state = nodes.value();
        if (now == Long.MAX_VALUE || state == null || timestamp != state.wakeAt) {
            return;
        }
        state.wakeAt = Long.MAX_VALUE;
        Step<NodeState, StitchOutput> step = rule.wake(state, now);
        say(step.out(), context, out);
        remember(step, context);
    }

    private void say(List<StitchOutput> outputs, Context context, Collector<Attribution> out) {
        for (StitchOutput output : outputs) {
            if (output instanceof StitchOutput.Attributed attributed) {
                out.collect(attributed.attribution());
            } else if (output instanceof StitchOutput.Sent sent) {
                progress.sent();
                context.output(MESSAGES, new Letter(sent.message(), fence.stamp()));
            } else if (output instanceof StitchOutput.Stated stated) {
                context.output(IDENTITIES, stated.identity());
            } else if (output instanceof StitchOutput.Changed changed) {
                context.output(CHANGES, changed.change());
            }
        }
    }

    private void remember(Step<NodeState, StitchOutput> step, Context context) throws Exception {
        NodeState state = step.state();
        if (state == null) {
            nodes.clear();
            return;
        }
        if (step.wakeAt() < state.wakeAt) {
            state.wakeAt = step.wakeAt();
            context.timerService().registerEventTimeTimer(state.wakeAt);
        }
        nodes.update(state);
    }
}
