package io.throughline.pipeline.kit;

import java.util.List;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.runtime.state.KeyedStateFunction;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.SimpleTimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.api.operators.co.KeyedCoProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;

/**
 * Flink's operators for functions that remember by {@link RecentStates}: a function cannot by itself write for another key
 * than the present one, nor after the barrier of a snapshot and before the snapshot.
 */
public final class KeyedOperators {

    public static <K, I, O, F extends KeyedProcessFunction<K, I, O> & Remembering> OneInputStreamOperator<I, O> of(
            F function) {
        return new OneInput<>(function);
    }

    public static <K, A, B, O, F extends KeyedCoProcessFunction<K, A, B, O> & Remembering>
            TwoInputStreamOperator<A, B, O> of(F function) {
        return new TwoInputs<>(function);
    }

    /** @param broadcast the states of the second input, which every task gets all of */
    public static <K, A, B, O, F extends KeyedBroadcastProcessFunction<K, A, B, O> & RememberingOverruled>
            TwoInputStreamOperator<A, B, O> of(F function, List<MapStateDescriptor<?, ?>> broadcast) {
        return new Broadcast<>(function, broadcast);
    }

    private static final class OneInput<K, I, O> extends KeyedProcessOperator<K, I, O> {
        private static final long serialVersionUID = 1;

        OneInput(KeyedProcessFunction<K, I, O> function) {
            super(function);
        }

        @Override
        public void open() throws Exception {
            ((Remembering) userFunction).remembers(this, RecentStates.holdsBytes(getKeyedStateBackend()));
            super.open();
        }

        @Override
        public void snapshotState(StateSnapshotContext context) throws Exception {
            ((Remembering) userFunction).settle();
            super.snapshotState(context);
        }
    }

    private static final class TwoInputs<K, A, B, O> extends KeyedCoProcessOperator<K, A, B, O> {
        private static final long serialVersionUID = 1;

        TwoInputs(KeyedCoProcessFunction<K, A, B, O> function) {
            super(function);
        }

        @Override
        public void open() throws Exception {
            ((Remembering) userFunction).remembers(this, RecentStates.holdsBytes(getKeyedStateBackend()));
            super.open();
        }

        @Override
        public void snapshotState(StateSnapshotContext context) throws Exception {
            ((Remembering) userFunction).settle();
            super.snapshotState(context);
        }
    }

    private static final class Broadcast<K, A, B, O> extends CoBroadcastWithKeyedOperator<K, A, B, O> {
        private static final long serialVersionUID = 1;

        private transient boolean goesOn;

        Broadcast(KeyedBroadcastProcessFunction<K, A, B, O> function, List<MapStateDescriptor<?, ?>> broadcast) {
            super(function, broadcast);
        }

        @Override
        public void initializeState(StateInitializationContext context) throws Exception {
            super.initializeState(context);
            goesOn = context.isRestored();
        }

        @Override
        public void open() throws Exception {
            function().remembers(this, RecentStates.holdsBytes(getKeyedStateBackend()));
            // The timers that the function's own contexts set, by the name Flink's operator gives them.
            function()
                    .setsTimers(new SimpleTimerService(
                            getInternalTimerService("user-timers", VoidNamespaceSerializer.INSTANCE, this)));
            super.open();
        }

        /** Before the timers that are due by then go off. */
        @Override
        public void processWatermark(Watermark mark) throws Exception {
            if (goesOn && mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) {
                goesOn = false;
                function().goesOn(mark.getTimestamp(), new All());
            }
            super.processWatermark(mark);
        }

        private final class All implements RememberingOverruled.AllKeys {
            @Override
            public <X, S extends State> void apply(StateDescriptor<S, ?> descriptor, KeyedStateFunction<X, S> what)
                    throws Exception {
                Broadcast.this
                        .<X>getKeyedStateBackend()
                        .applyToAllKeys(VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor, what);
            }
        }

        private RememberingOverruled function() {
            return (RememberingOverruled) userFunction;
        }

        @Override
        public void snapshotState(StateSnapshotContext context) throws Exception {
            function().settle();
            super.snapshotState(context);
        }
    }

    private KeyedOperators() {}
}
