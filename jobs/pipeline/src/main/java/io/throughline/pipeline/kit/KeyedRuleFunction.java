package io.throughline.pipeline.kit;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Remembers, wakes up and forwards; the {@link KeyedRule} does the thinking. One value and at most one timer per key.
 *
 * <p>The end of a bounded input is not the end of time: timers later than the last real watermark never fire.
 *
 * @param <K> key
 * @param <S> state of one key
 * @param <I> input
 * @param <O> what the rule says
 * @param <R> what the main stream carries of it; the rest goes to side outputs
 */
public final class KeyedRuleFunction<K, S, I, O, R> extends KeyedProcessFunction<K, I, R> {
    private static final long serialVersionUID = 1;

    private final KeyedRule<S, I, O> rule;
    private final TypeInformation<S> stateType;
    private final Forward<O, R> forward;

    @SuppressWarnings("NullAway.Init")
    private transient ValueState<S> state;

    @SuppressWarnings("NullAway.Init")
    private transient ValueState<Long> wakeAt;

    /** @param rule must be serializable, as Flink ships it to the task managers */
    public KeyedRuleFunction(KeyedRule<S, I, O> rule, TypeInformation<S> stateType, Forward<O, R> forward) {
        this.rule = rule;
        this.stateType = stateType;
        this.forward = forward;
    }

    /**
     * Sends what a rule says to the stream it belongs to.
     *
     * @param <O> what the rule says
     * @param <R> what the main stream carries
     */
    public interface Forward<O, R> extends Serializable {
        void accept(O output, Collector<R> main, Side side);

        /** Everything to the main stream. */
        static <O> Forward<O, O> all() {
            return (output, main, side) -> main.collect(output);
        }
    }

    /** The side outputs of one operator. */
    public interface Side {
        <X> void put(OutputTag<X> tag, X value);
    }

    @Override
    public void open(OpenContext context) {
        state = getRuntimeContext().getState(new ValueStateDescriptor<>("state", stateType));
        wakeAt = getRuntimeContext().getState(new ValueStateDescriptor<>("wake-at", Types.LONG));
    }

    @Override
    public void processElement(I input, Context context, Collector<R> out) throws Exception {
        apply(rule.on(state.value(), input, context.timerService().currentWatermark()), context, out);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<R> out) throws Exception {
        long now = context.timerService().currentWatermark();
        if (now == Long.MAX_VALUE) {
            return;
        }
        Long due = wakeAt.value();
        if (due != null && due == timestamp) {
            wakeAt.clear();
            apply(rule.wake(state.value(), now), context, out);
        }
    }

    private void apply(Step<S, O> step, Context context, Collector<R> out) throws Exception {
        for (O output : step.out()) {
            forward.accept(output, out, context::output);
        }
        S next = step.state();
        if (next == null) {
            state.clear();
        } else {
            state.update(next);
        }
        new WakeUp(wakeAt).set(next == null ? Step.NEVER : step.wakeAt(), context.timerService());
    }
}
