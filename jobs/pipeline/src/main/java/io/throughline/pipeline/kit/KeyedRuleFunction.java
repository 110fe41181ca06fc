package io.throughline.pipeline.kit;

import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import java.io.Serializable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

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
public final class KeyedRuleFunction<K, S, I, O, R> extends KeyedProcessFunction<K, I, R> implements Remembering {
    private static final long serialVersionUID = 1;

    private final KeyedRule<S, I, O> rule;
    private final LayoutType<S> stateType;
    private final Forward<O, R> forward;
    private boolean busy;
    private @Nullable String metric;
    private @Nullable Sort<O> counted;

    @SuppressWarnings("NullAway.Init")
    private transient KeyContext keys;

    private transient boolean backendHoldsBytes;

    @SuppressWarnings("NullAway.Init")
    private transient KeptStates<S> states;

    private transient @Nullable Counter counter;

    /** @param rule must be serializable, as Flink ships it to the task managers */
    public KeyedRuleFunction(KeyedRule<S, I, O> rule, LayoutType<S> stateType, Forward<O, R> forward) {
        this.rule = rule;
        this.stateType = stateType;
        this.forward = forward;
    }

    /** To be said where all keys have turns all the time and are dear to open: see {@link KeptStates}. */
    public KeyedRuleFunction<K, S, I, O, R> withBusyKeys() {
        busy = true;
        return this;
    }

    /** Also counts what the rule says of one sort, under that name of {@link OperatorMetrics}. */
    public KeyedRuleFunction<K, S, I, O, R> counting(String name, Sort<O> sort) {
        metric = name;
        counted = sort;
        return this;
    }

    /**
     * Applies it to a stream.
     *
     * @param name of the operator, also its uid
     */
    public SingleOutputStreamOperator<R> over(KeyedStream<I, K> inputs, String name, TypeInformation<R> outputs) {
        return inputs.transform(name, outputs, KeyedOperators.of(this)).uid(name);
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

    /** Which of what a rule says is meant. */
    public interface Sort<O> extends Serializable {
        boolean has(O output);
    }

    /** The side outputs of one operator. */
    public interface Side {
        <X> void put(OutputTag<X> tag, X value);
    }

    @Override
    public void remembers(KeyContext context, boolean holdsBytes) {
        keys = context;
        backendHoldsBytes = holdsBytes;
    }

    @Override
    public void open(OpenContext context) {
        states = new KeptStates<>(stateType, getRuntimeContext(), keys, backendHoldsBytes, busy);
        if (metric != null) {
            counter = getRuntimeContext().getMetricGroup().counter(metric);
        }
    }

    @Override
    public void settle() throws Exception {
        states.settle();
    }

    @Override
    public void close() {
        if (states != null) {
            states.forget();
        }
    }

    @Override
    public void processElement(I input, Context context, Collector<R> out) throws Exception {
        Kept<S> kept = states.get();
        apply(kept, rule.on(states.open(kept), input, context.timerService().currentWatermark()), context, out);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<R> out) throws Exception {
        long now = context.timerService().currentWatermark();
        Kept<S> kept = states.get();
        if (states.wakes(kept, timestamp, now, context.timerService())) {
            apply(kept, rule.wake(states.open(kept), now), context, out);
        }
    }

    private void apply(@Nullable Kept<S> kept, Step<S, O> step, Context context, Collector<R> out) throws Exception {
        for (O output : step.out()) {
            forward.accept(output, out, context::output);
            if (counter != null && counted != null && counted.has(output)) {
                counter.inc();
            }
        }
        states.remember(kept, step, context.timerService());
    }
}
