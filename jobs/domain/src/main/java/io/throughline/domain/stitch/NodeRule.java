package io.throughline.domain.stitch;

import io.throughline.domain.stage.Step;
import io.throughline.domain.stitch.NodeState.Hosted;
import io.throughline.domain.stitch.NodeState.SeenEvent;
import io.throughline.domain.stitch.NodeState.SeenKey;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One identifier among many. Its node knows whom it was seen with, so it sees by itself whether it is a super-node; it
 * brings what it knows together with others at one root ({@link Bonds}), where customers are decided by
 * {@link Stitching}; devices first find each other and see whether they can join anybody ({@link DeviceGroups}); and it
 * places the touchpoints whose strongest identifier it is ({@link Placing}).
 *
 * <p>At quiescence every touchpoint is attributed as {@link Customers} says for the set of touchpoints and decisions,
 * whatever the order and repetition of messages.
 */
public final class NodeRule implements Serializable {
    private static final long serialVersionUID = 2;

    private final StitchConfig config;

    public NodeRule(StitchConfig config) {
        this.config = config;
    }

    /** The node a touchpoint goes to first: that of its strongest identifier, else one of its own. */
    public static Hash128 homeOf(Touchpoint touchpoint, StitchConfig config) {
        Identifier strongest = null;
        for (Identifier identifier : touchpoint.identifiers()) {
            if (config.typeOf(identifier).scope() != Scope.SESSION
                    && (strongest == null || config.byStrength().compare(identifier, strongest) < 0)) {
                strongest = identifier;
            }
        }
        return strongest == null ? Hash128.of("touchpoint", touchpoint.touchpointId()) : strongest.hash();
    }

    /**
     * Takes one input.
     *
     * @param self the node's key
     */
    public Step<NodeState, StitchOutput> on(Hash128 self, @Nullable NodeState state, StitchInput input) {
        NodeTurn turn = new NodeTurn(config, self, state == null ? new NodeState() : state);
        if (input instanceof StitchInput.Touched touched) {
            turn.touched(touched.change());
        } else if (input instanceof StitchInput.Received received) {
            turn.received(received.message());
        }
        return turn.done();
    }

    /**
     * Forgets touchpoints and sightings beyond the re-attribution horizon.
     *
     * @param self the node's key
     */
    public Step<NodeState, StitchOutput> wake(Hash128 self, @Nullable NodeState state, long now) {
        if (state == null) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        long oldest = now - config.reattributionHorizonMs();
        long nextExpiry = Long.MAX_VALUE;
        int forgotten = 0;
        for (Iterator<Hosted> all = state.hosted.values().iterator(); all.hasNext(); ) {
            long time = all.next().touchpoint.eventTime();
            if (time < oldest) {
                all.remove();
                forgotten++;
            } else {
                nextExpiry = Math.min(nextExpiry, config.forgottenAt(time, self));
            }
        }
        for (Iterator<Map.Entry<SeenKey, SeenEvent>> all = state.seen.entrySet().iterator(); all.hasNext(); ) {
            long time = all.next().getValue().eventTime();
            if (time < oldest) {
                all.remove();
            } else {
                nextExpiry = Math.min(nextExpiry, config.forgottenAt(time, self));
            }
        }
        state.nextExpiry = nextExpiry;
        List<StitchOutput> out =
                forgotten == 0 ? List.of() : List.of(new StitchOutput.Capped(StitchOutput.Cap.HORIZON, forgotten));
        return Step.of(remembersNothing(state) ? null : state, out, nextExpiry);
    }

    private static boolean remembersNothing(NodeState state) {
        return state.hosted.isEmpty()
                && state.seen.isEmpty()
                && state.near.isEmpty()
                && state.announced.isEmpty()
                && state.erased.isEmpty()
                && state.settled == null
                && isNew(state.persons)
                && (state.devices == null || isNew(state.devices))
                && state.askers.isEmpty()
                && state.watchers.isEmpty();
    }

    private static boolean isNew(NodeState.Bond bond) {
        return bond.parent == null && bond.holdsNothing() && bond.assignment == null;
    }
}
