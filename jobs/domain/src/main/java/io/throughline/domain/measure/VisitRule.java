package io.throughline.domain.measure;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares one customer's sessions and answers with each other. Key: {@link VisitInput#customerId()}. What it says is
 * always the difference between all that follows from what it knew and all that follows from what it knows, so the order
 * in which it learnt it does not matter.
 */
public final class VisitRule implements KeyedRule<VisitState, VisitInput, Fact>, Serializable {
    /** How long after a session began an answer may be about it. */
    static final long ANSWER_WITHIN_MS = 7L * 24 * 3_600_000;

    private final VisitFacts facts;
    private final long retentionMs;

    /** @param retentionMs how long after its event time a session or an answer can be corrected */
    public VisitRule(MeasureConfig config, long retentionMs) {
        this.facts = new VisitFacts(config);
        this.retentionMs = retentionMs;
    }

    @Override
    public Step<VisitState, Fact> on(@Nullable VisitState before, VisitInput input, long now) {
        VisitState state = before != null ? before : new VisitState();
        List<Fact> known = facts.of(state);
        if (input instanceof VisitInput.Visited visited) {
            if (visited.visit() == null) {
                state.visits().remove(visited.sessionId());
            } else {
                state.visits().put(visited.sessionId(), visited.visit());
            }
        } else if (input instanceof VisitInput.Answered answered) {
            int times = state.answers().getOrDefault(answered.answer(), 0) + answered.sign();
            if (times == 0) {
                state.answers().remove(answered.answer());
            } else {
                state.answers().put(answered.answer(), times);
            }
        }
        return remember(state, Facts.difference(known, facts.of(state)));
    }

    /** Forgets what can no longer be corrected; what was counted stays counted. */
    @Override
    public Step<VisitState, Fact> wake(@Nullable VisitState state, long now) {
        if (state == null) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        state.visits().values().removeIf(visit -> forgottenAt(visit) <= now);
        state.answers().keySet().removeIf(answer -> forgottenAt(answer) <= now);
        return remember(state, List.of());
    }

    private Step<VisitState, Fact> remember(VisitState state, List<Fact> out) {
        if (state.isEmpty()) {
            return Step.of(null, out, Step.NEVER);
        }
        long wake = Step.NEVER;
        for (Visit visit : state.visits().values()) {
            wake = Math.min(wake, forgottenAt(visit));
        }
        for (VisitInput.Answer answer : state.answers().keySet()) {
            wake = Math.min(wake, forgottenAt(answer));
        }
        return Step.of(state, out, wake);
    }

    /** A session is needed as long as an answer about it can come and be corrected. */
    private long forgottenAt(Visit visit) {
        return visit.end() + ANSWER_WITHIN_MS + retentionMs + 1;
    }

    private long forgottenAt(VisitInput.Answer answer) {
        return answer.time() + retentionMs + 1;
    }
}
