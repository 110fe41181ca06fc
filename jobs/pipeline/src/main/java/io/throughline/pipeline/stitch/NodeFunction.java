package io.throughline.pipeline.stitch;

import io.throughline.domain.stage.Step;
import io.throughline.domain.stitch.Fence;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.StitchInput;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.stitch.StitchOutput;
import io.throughline.domain.stitch.StitchOutput.Cap;
import io.throughline.domain.stitch.Vicinity;
import io.throughline.domain.stitch.Vicinity.Passage;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.kit.OperatorMetrics;
import io.throughline.pipeline.kit.RecentStates;
import io.throughline.pipeline.kit.Remembering;
import io.throughline.pipeline.wire.CustomerIdentityLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** Remembers, wakes up and forwards for the {@link NodeRule}; keyed by the hash of an identifier. */
final class NodeFunction extends KeyedCoProcessFunction<Hash128, TouchpointChange, Letter, Attribution>
        implements CheckpointedFunction, Remembering {
    private static final long serialVersionUID = 1;

    static final OutputTag<Letter> MESSAGES = new OutputTag<>("messages", LetterLayout.TYPE);

    static final OutputTag<IdentityChange> CHANGES = new OutputTag<>("changes", IdentityChangeLayout.TYPE);
    static final OutputTag<CustomerIdentity> IDENTITIES =
            new OutputTag<>("identities", LayoutType.of(CustomerIdentity.class, CustomerIdentityLayout.INSTANCE));

    static final OutputTag<StitchOutput.Erased> ERASED = new OutputTag<>("erased", ErasedLayout.TYPE);
    static final OutputTag<StitchOutput.Duplicate> DUPLICATES = new OutputTag<>("duplicates", DuplicateLayout.TYPE);

    private final NodeRule rule;
    private final Progress progress;

    @SuppressWarnings("NullAway.Init")
    private transient RecentStates<Hash128, KeptNode> nodes;

    /** By {@link Cap}: what a limit left out in this attempt. */
    private transient Counter[] capped = {};

    @SuppressWarnings("NullAway.Init")
    private transient KeyContext keys;

    private transient boolean backendHoldsBytes;

    @SuppressWarnings("NullAway.Init")
    private transient Fence fence;

    @SuppressWarnings("NullAway.Init")
    private transient Vicinity vicinity;

    @SuppressWarnings("NullAway.Init")
    private transient ListState<Passage> passages;

    /** To nodes of this task, in the order they were sent. Empty between two inputs, so no snapshot has to know of it. */
    private transient Queue<StitchMessage> near = new ArrayDeque<>();

    private transient int groups;

    NodeFunction(NodeRule rule, Progress progress) {
        this.rule = rule;
        this.progress = progress;
    }

    @Override
    public void remembers(KeyContext context, boolean holdsBytes) {
        keys = context;
        backendHoldsBytes = holdsBytes;
    }

    @Override
    public void settle() throws Exception {
        nodes.settle();
    }

    @Override
    public void close() {
        if (nodes != null) {
            nodes.forget();
        }
    }

    @Override
    public void open(OpenContext context) {
        near = new ArrayDeque<>();
        capped = new Counter[Cap.values().length];
        for (Cap cap : Cap.values()) {
            capped[cap.ordinal()] = getRuntimeContext().getMetricGroup().counter(nameOf(cap));
        }
        nodes = new RecentStates<>(
                getRuntimeContext().getState(new ValueStateDescriptor<>("node", NodeStateLayout.TYPE)),
                keys,
                backendHoldsBytes,
                backendHoldsBytes ? RecentStates.MOST : RecentStates.MOST_ON_HEAP);
    }

    private static String nameOf(Cap cap) {
        return switch (cap) {
            case COMPONENT -> OperatorMetrics.CAPPED_COMPONENT_LINKS;
            case DEGREE -> OperatorMetrics.CAPPED_SUPER_NODE_LINKS;
            case HORIZON -> OperatorMetrics.FORGOTTEN_TOUCHPOINTS;
        };
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        fence = new Fence(
                FenceOperator.run(
                        getRuntimeContext(), context.getRestoredCheckpointId().orElse(0)),
                Map.of());
        passages = context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("passages", PassageLayout.TYPE));
        TaskInfo task = getRuntimeContext().getTaskInfo();
        groups = task.getMaxNumberOfParallelSubtasks();
        int parallelism = task.getNumberOfParallelSubtasks();
        if (context.isRestored()) {
            List<Passage> remembered = new ArrayList<>();
            passages.get().forEach(remembered::add);
            vicinity = Vicinity.ofRestored(groups, parallelism, remembered, task.getIndexOfThisSubtask() == 0);
        } else {
            vicinity = Vicinity.ofNew(groups, parallelism);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        fence.snapshot(context.getCheckpointId());
        passages.update(List.of(vicinity.snapshot()));
    }

    @Override
    public void processElement1(TouchpointChange change, Context context, Collector<Attribution> out) throws Exception {
        take(new StitchInput.Touched(change), context, out);
    }

    @Override
    public void processElement2(Letter letter, Context context, Collector<Attribution> out) throws Exception {
        if (letter.stamp() != null) {
            vicinity.takenIn();
        }
        take(new StitchInput.Received(letter.message()), context, out);
    }

    /** Everything that one input causes in this task is over before the next. */
    private void take(StitchInput input, Context context, Collector<Attribution> out) throws Exception {
        turn(input, context, out);
        for (StitchMessage next = near.poll(); next != null; next = near.poll()) {
            keys.setCurrentKey(next.to());
            turn(new StitchInput.Received(next), context, out);
        }
        progress.settled();
    }

    private void turn(StitchInput input, Context context, Collector<Attribution> out) throws Exception {
        KeptNode kept = nodes.get();
        Step<NodeState, StitchOutput> step = rule.on(context.getCurrentKey(), open(kept, context), input);
        say(step.out(), context, out);
        remember(kept, step, context);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Attribution> out) throws Exception {
        long now = context.timerService().currentWatermark();
        KeptNode kept = nodes.get();
        NodeState state = open(kept, context);
        if (kept == null || state == null) {
            return;
        }
        if (timestamp != state.wakeAt) {
            nodes.putBack(kept);
            return;
        }
        state.wakeAt = Long.MAX_VALUE;
        if (now == Long.MAX_VALUE) {
            // All timers go off at the end of the input. Whoever goes on from a savepoint taken then sets them anew.
            nodes.put(kept);
            return;
        }
        Step<NodeState, StitchOutput> step = rule.wake(context.getCurrentKey(), state, now);
        say(step.out(), context, out);
        remember(kept, step, context);
    }

    private static @Nullable NodeState open(@Nullable KeptNode kept, Context context) {
        return kept == null ? null : kept.open(context.getCurrentKey());
    }

    private void say(List<StitchOutput> outputs, Context context, Collector<Attribution> out) {
        for (StitchOutput output : outputs) {
            if (output instanceof StitchOutput.Attributed attributed) {
                out.collect(attributed.attribution());
            } else if (output instanceof StitchOutput.Sent sent) {
                send(sent.message(), context);
            } else if (output instanceof StitchOutput.Stated stated) {
                context.output(IDENTITIES, stated.identity());
            } else if (output instanceof StitchOutput.Erased erased) {
                context.output(ERASED, erased);
            } else if (output instanceof StitchOutput.Duplicate duplicate) {
                context.output(DUPLICATES, duplicate);
            } else if (output instanceof StitchOutput.Changed changed) {
                context.output(CHANGES, changed.change());
            } else if (output instanceof StitchOutput.Capped left) {
                capped[left.cap().ordinal()].inc(left.count());
            }
        }
    }

    private void send(StitchMessage message, Context context) {
        if (vicinity.isNear(groupOf(context.getCurrentKey()), groupOf(message.to()))) {
            near.add(message);
        } else {
            vicinity.sent();
            progress.sent();
            context.output(MESSAGES, new Letter(message, fence.stamp()));
        }
    }

    private int groupOf(Hash128 node) {
        return KeyGroupRangeAssignment.assignToKeyGroup(node, groups);
    }

    private void remember(@Nullable KeptNode kept, Step<NodeState, StitchOutput> step, Context context)
            throws Exception {
        NodeState state = step.state();
        if (state == null) {
            nodes.clear();
            return;
        }
        if (step.wakeAt() < state.wakeAt) {
            state.wakeAt = step.wakeAt();
            context.timerService().registerEventTimeTimer(state.wakeAt);
        }
        nodes.put(kept == null ? new KeptNode(state) : kept);
    }
}
