package io.throughline.domain.sessionize;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often customers went one way on one day. Keyed by the way's id. A count is published at most once in {@code
 * sessionize.publish_every}, and forgotten once no touchpoint of that day can be corrected any more.
 */
public final class TransitionRule implements KeyedRule<TransitionState, TransitionChange, Transition>, Serializable {

    private static final long serialVersionUID = 1;

    private final long publishEveryMs;
    private final long correctableMs;

    public TransitionRule(SessionizeConfig config) {
        this.publishEveryMs = config.publishEveryMs();
        this.correctableMs = Transitions.DAY_MS + config.retentionMs() + config.maxLengthMs();
    }

    @Override
    public Step<TransitionState, Transition> on(@Nullable TransitionState before, TransitionChange change, long now) {
        TransitionState state = before != null ? before : new TransitionState(change.way(), 0, 0, 0, Long.MIN_VALUE);
        TransitionState counted = new TransitionState(
                state.way(), state.count() + change.delta(), state.said(), state.revision(), state.publishedAt());
        return now > Long.MIN_VALUE && now >= publishableAt(counted) ? publish(counted, now) : rest(counted, now);
    }

    @Override
    public Step<TransitionState, Transition> wake(@Nullable TransitionState state, long now) {
        if (state == null) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        return publish(state, now);
    }

    private Step<TransitionState, Transition> publish(TransitionState state, long now) {
        if (state.count() == state.said()) {
            return rest(state, now);
        }
        TransitionState said =
                new TransitionState(state.way(), state.count(), state.count(), state.revision() + 1, now);
        Step<TransitionState, Transition> rest = rest(said, now);
        return Step.of(rest.state(), List.of(new Transition(said.way(), said.count(), said.revision())), rest.wakeAt());
    }

    private Step<TransitionState, Transition> rest(TransitionState state, long now) {
        if (now == Long.MIN_VALUE) {
            // As soon as event time begins, wherever that is.
            return Step.of(state, List.of(), now + 1);
        }
        if (state.count() != state.said()) {
            return Step.of(state, List.of(), publishableAt(state));
        }
        long forgottenAt = state.way().day() + correctableMs;
        return now >= forgottenAt ? Step.of(null, List.of(), Step.NEVER) : Step.of(state, List.of(), forgottenAt);
    }

    private long publishableAt(TransitionState state) {
        return state.publishedAt() == Long.MIN_VALUE ? Long.MIN_VALUE : state.publishedAt() + publishEveryMs;
    }
}
