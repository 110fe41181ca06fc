package io.throughline.pipeline.kit;

import io.throughline.domain.stage.Step;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.TimerService;

/** The one timer of a key: it moves with what the rule wishes for last. */
public final class WakeUp {

    private final ValueState<Long> at;

    /** @param at remembers when the present key's timer is due */
    public WakeUp(ValueState<Long> at) {
        this.at = at;
    }

    /** @param wish event time, or {@link Step#NEVER} */
    public void set(long wish, TimerService timers) throws Exception {
        Long before = at.value();
        if (before != null && before == wish) {
            return;
        }
        if (before != null) {
            timers.deleteEventTimeTimer(before);
        }
        if (wish != Step.NEVER) {
            timers.registerEventTimeTimer(wish);
            at.update(wish);
        } else if (before != null) {
            at.clear();
        }
    }
}
