package io.throughline.bench;

import io.throughline.domain.stage.Step;
import io.throughline.domain.stitch.NodeRule;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.stitch.StitchConfig;
import io.throughline.domain.stitch.StitchInput;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.stitch.StitchOutput;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.LayoutBytes;
import io.throughline.pipeline.kit.RecentStates;
import io.throughline.pipeline.stitch.KeptNode;
import io.throughline.pipeline.stitch.StitchMessageLayout;
import io.throughline.pipeline.wire.TouchpointLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The protocol of stitching alone: every node in one map, every message through one queue, one thread. */
final class Network {
    final Map<Hash128, KeptNode> nodes = new HashMap<>();
    /** As many as the operator leaves open. */
    private final Map<Hash128, KeptNode> recent = new LinkedHashMap<>(256, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Hash128, KeptNode> eldest) {
            boolean makesRoom = size() > RecentStates.MOST_ON_HEAP;
            if (makesRoom) {
                eldest.getValue().close();
            }
            return makesRoom;
        }
    };

    long messages;
    long attributions;

    private final StitchConfig config;
    private final NodeRule rule;
    /** Messages are written and read again, as any channel but this one would. */
    private final boolean written;

    private final ArrayDeque<StitchMessage> underWay = new ArrayDeque<>();

    Network(StitchConfig config, boolean written) {
        this.config = config;
        this.rule = new NodeRule(config);
        this.written = written;
    }

    /** Takes a touchpoint in and brings everything to rest. */
    void touch(Touchpoint made) {
        Touchpoint touchpoint = written ? LayoutBytes.copy(made, TouchpointLayout.INSTANCE) : made;
        take(
                NodeRule.homeOf(touchpoint, config),
                new StitchInput.Touched(new TouchpointChange(touchpoint, +1, 1, "p0")));
        for (StitchMessage next = underWay.poll(); next != null; next = underWay.poll()) {
            StitchMessage message = written ? LayoutBytes.copy(next, StitchMessageLayout.INSTANCE) : next;
            take(message.to(), new StitchInput.Received(message));
        }
    }

    private void take(Hash128 node, StitchInput input) {
        KeptNode kept = nodes.get(node);
        Step<NodeState, StitchOutput> step = rule.on(node, kept == null ? null : kept.open(node), input);
        NodeState after = step.state();
        if (after == null) {
            nodes.remove(node);
        } else {
            after.wakeAt = Math.min(after.wakeAt, step.wakeAt());
            if (kept == null) {
                kept = new KeptNode(after);
                nodes.put(node, kept);
            }
            recent.put(node, kept);
        }
        for (StitchOutput output : step.out()) {
            if (output instanceof StitchOutput.Sent sent) {
                messages++;
                underWay.add(sent.message());
            } else if (output instanceof StitchOutput.Attributed) {
                attributions++;
            }
        }
    }
}
