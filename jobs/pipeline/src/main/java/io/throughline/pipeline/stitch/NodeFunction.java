package io.throughline.pipeline.stitch;

import io.throughline.domain.stage.Step;
import io.throughline.domain.stitch.IdentityChange;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.StitchInput;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.stitch.StitchOutput;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.CustomerIdentityLayout;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Remembers, wakes up and forwards for the {@link NodeRule}; keyed by the hash of an identifier. */
final class NodeFunction extends KeyedCoProcessFunction<Hash128, TouchpointChange, StitchMessage, Attribution> {
    private static final long serialVersionUID = 1;

    static final OutputTag<StitchMessage> MESSAGES = new OutputTag<>("messages", StitchMessageLayout.TYPE);
    static final OutputTag<IdentityChange> CHANGES = new OutputTag<>("changes", IdentityChangeLayout.TYPE);
    static final OutputTag<CustomerIdentity> IDENTITIES =
            new OutputTag<>("identities", LayoutType.of(CustomerIdentity.class, CustomerIdentityLayout.INSTANCE));

    private final NodeRule rule;
    private final Progress progress;
    private transient long attempt;

    @SuppressWarnings("NullAway.Init")
    private transient ValueState<NodeState> nodes;

    NodeFunction(NodeRule rule, Progress progress) {
        this.rule = rule;
        this.progress = progress;
    }

    @Override
    public void open(OpenContext context) {
        nodes = getRuntimeContext().getState(new ValueStateDescriptor<>("node", NodeStateLayout.TYPE));
        // Only ever compared for being another one than before.
        attempt = System.currentTimeMillis();
    }

    @Override
    public void processElement1(TouchpointChange change, Context context, Collector<Attribution> out) throws Exception {
        take(new StitchInput.Touched(change), context, out);
    }

    @Override
    public void processElement2(StitchMessage message, Context context, Collector<Attribution> out) throws Exception {
        take(new StitchInput.Received(message), context, out);
    }

    private void take(StitchInput input, Context context, Collector<Attribution> out) throws Exception {
        Step<NodeState, StitchOutput> step = rule.on(context.getCurrentKey(), nodes.value(), input, attempt);
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
        Step<NodeState, StitchOutput> step = rule.wake(context.getCurrentKey(), state, now);
        say(step.out(), context, out);
        remember(step, context);
    }

    private void say(List<StitchOutput> outputs, Context context, Collector<Attribution> out) {
        for (StitchOutput output : outputs) {
            if (output instanceof StitchOutput.Attributed attributed) {
                out.collect(attributed.attribution());
            } else if (output instanceof StitchOutput.Sent sent) {
                progress.sent();
                context.output(MESSAGES, sent.message());
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
