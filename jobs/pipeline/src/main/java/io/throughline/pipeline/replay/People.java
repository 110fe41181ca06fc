package io.throughline.pipeline.replay;

import io.throughline.domain.alert.Action;
import io.throughline.domain.stitch.Decision;
import io.throughline.domain.stitch.Erasure;
import java.util.List;

/**
 * What people said to the jobs, for a replay.
 *
 * @param decisions on identifiers
 * @param erasures of identifiers
 * @param actions about alerts
 */
public record People(List<Decision> decisions, List<Erasure> erasures, List<Action> actions) {

    /** Nobody said anything. */
    public static final People SILENT = new People(List.of(), List.of(), List.of());

    /** Without what came into effect later; what is erased stays erased, whenever that was asked for. */
    People by(long asOf) {
        return new People(
                decisions.stream()
                        .filter(decision -> decision.effectiveFrom() <= asOf)
                        .toList(),
                erasures,
                actions.stream().filter(action -> action.at() <= asOf).toList());
    }
}
