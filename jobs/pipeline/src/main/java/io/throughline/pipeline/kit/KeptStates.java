package io.throughline.pipeline.kit;

import io.throughline.domain.stage.Step;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * What the keys of one operator remember, and the one timer of each.
 *
 * <p>A timer is moved only when the rule wishes to be woken before it: mostly it wishes to be later and later, and a timer
 * that finds itself too early is set again. So a key's timer is moved about as often as it goes off.
 *
 * @param <S> state of one key
 */
public final class KeptStates<S> {
    /** What the state was called, with its wake-up apart, before it was packed. */
    private static final String UNPACKED = "state";

    private static final long END_OF_INPUT = Long.MAX_VALUE;

    private static final String WAKE_AT = "wake-at";
    private static final String KEPT = "kept";
    private static final String PARTS = "kept-parts";

    private final LayoutType<S> type;
    private final Layout<S> layout;
    private final RecentStates<Object, Kept<S>> states;
    private final @Nullable PartedState<S> parted;
    private final ValueState<S> unpacked;
    private final ValueState<Long> wakeAt;

    /** @param busy whether all keys have turns all the time, so that they are worth keeping open even where that is dear */
    public KeptStates(
            LayoutType<S> type, RuntimeContext context, KeyContext keys, boolean backendHoldsBytes, boolean busy) {
        this.type = type;
        this.layout = type.layout();
        ValueState<Kept<S>> kept = context.getState(descriptor());
        this.parted = layout instanceof PartedLayout<S> inParts
                ? new PartedState<>(kept, context.getMapState(parts()), inParts, backendHoldsBytes)
                : null;
        this.states = new RecentStates<>(
                parted != null ? parted : kept,
                keys,
                backendHoldsBytes,
                busy || backendHoldsBytes ? RecentStates.MOST : RecentStates.MOST_ON_HEAP);
        this.unpacked = context.getState(new ValueStateDescriptor<>(UNPACKED, type));
        this.wakeAt = context.getState(new ValueStateDescriptor<>(WAKE_AT, Types.LONG));
    }

    /** What the backend holds; for those who go through all keys after {@link #settle} and before {@link #forget}. */
    public static <S> ValueStateDescriptor<Kept<S>> descriptor() {
        return new ValueStateDescriptor<>(KEPT, KeptLayout.type());
    }

    private static MapStateDescriptor<Long, byte[]> parts() {
        return new MapStateDescriptor<>(PARTS, Types.LONG, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
    }

    /** Takes over, of all keys, what was written before states were packed. */
    public void takeOver(KeyedBroadcastProcessFunction<?, ?, ?, ?>.Context context) throws Exception {
        context.applyToKeyedState(new ValueStateDescriptor<>(UNPACKED, type), (key, state) -> unpacked());
    }

    /** Has each of all keys woken at that time, or before. For few of them: each is read and written. */
    public void wakeAll(RememberingOverruled.AllKeys keys, long at, TimerService timers) throws Exception {
        keys.apply(new ValueStateDescriptor<>(UNPACKED, type), (key, state) -> unpacked());
        settle();
        keys.apply(KeptStates.<S>descriptor(), (key, of) -> {
            Kept<S> kept = of.value();
            if (kept != null) {
                kept.wakeAt(Math.min(kept.wakeAt(), at));
                arm(kept, timers);
                of.update(kept);
            }
        });
        forget();
    }

    /** Remembers for a key that is gone through, after {@link #settle} and before {@link #forget}. */
    public void remember(ValueState<Kept<S>> of, Kept<S> before, Step<S, ?> step, TimerService timers)
            throws Exception {
        S state = step.state();
        if (state == null) {
            disarm(before, timers);
            of.clear();
            return;
        }
        before.set(state, layout);
        before.wakeAt(step.wakeAt());
        arm(before, timers);
        before.close();
        of.update(before);
    }

    /** Of the present key; null: nothing is remembered. */
    public @Nullable Kept<S> get() throws Exception {
        Kept<S> kept = states.get();
        return kept != null ? kept : unpacked();
    }

    /** Takes over what was written before states were packed; afterwards it is there no more. */
    private @Nullable Kept<S> unpacked() throws Exception {
        S state = unpacked.value();
        if (state == null) {
            return null;
        }
        Kept<S> kept = new Kept<>(state, layout);
        Long at = wakeAt.value();
        if (at != null) {
            kept.wakeAt(at);
            kept.armedAt(at);
        }
        unpacked.clear();
        wakeAt.clear();
        states.put(kept);
        return kept;
    }

    /** What it remembers, to be given to the rule of the present key. */
    public @Nullable S open(@Nullable Kept<S> kept) throws Exception {
        if (kept == null) {
            return null;
        }
        return parted != null ? parted.open(kept) : kept.open(layout);
    }

    /** Remembers for the present key what its rule wants remembered. */
    public void remember(@Nullable Kept<S> before, Step<S, ?> step, TimerService timers) throws Exception {
        S state = step.state();
        if (state == null) {
            if (before != null) {
                disarm(before, timers);
                states.clear();
            }
            return;
        }
        Kept<S> kept;
        if (before == null) {
            kept = new Kept<>(state, layout);
        } else {
            kept = before;
            kept.set(state, layout);
        }
        kept.wakeAt(step.wakeAt());
        arm(kept, timers);
        states.put(kept);
    }

    /**
     * Whether a timer that went off wakes the rule now; if so, {@link #remember} is to follow. At the end of the input all timers
     * go off and none wakes: it is not the end of time, and whoever goes on from a savepoint taken then sets its timers anew.
     *
     * @param timestamp the timer's
     * @param now event time reached
     */
    public boolean wakes(@Nullable Kept<S> kept, long timestamp, long now, TimerService timers) throws Exception {
        if (kept == null) {
            return false;
        }
        if (kept.armedAt() != timestamp) {
            states.putBack(kept);
            return false;
        }
        kept.armedAt(Step.NEVER);
        if (now != END_OF_INPUT) {
            if (kept.wakeAt() <= now) {
                return true;
            }
            arm(kept, timers);
        }
        states.put(kept);
        return false;
    }

    /**
     * For the present key, which has no turn: sets the timer that was left to its next record, because all had gone off at the
     * end of an input.
     */
    public void rearm(@Nullable Kept<S> kept, TimerService timers) throws Exception {
        if (kept == null) {
            return;
        }
        if (kept.wakeAt() < kept.armedAt()) {
            arm(kept, timers);
            states.put(kept);
        } else if (kept.opened() != null) {
            states.putBack(kept);
        }
    }

    private static void arm(Kept<?> kept, TimerService timers) {
        if (kept.wakeAt() < kept.armedAt()) {
            disarm(kept, timers);
            timers.registerEventTimeTimer(kept.wakeAt());
            kept.armedAt(kept.wakeAt());
        }
    }

    private static void disarm(Kept<?> kept, TimerService timers) {
        if (kept.armedAt() != Step.NEVER) {
            timers.deleteEventTimeTimer(kept.armedAt());
        }
    }

    /** See {@link RecentStates#settle}. */
    public void settle() throws Exception {
        states.settle();
    }

    /** See {@link RecentStates#forget}. */
    public void forget() {
        states.forget();
    }
}
