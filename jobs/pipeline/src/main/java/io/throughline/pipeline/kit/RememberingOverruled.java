package io.throughline.pipeline.kit;

import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.runtime.state.KeyedStateFunction;
import org.apache.flink.streaming.api.TimerService;

/** One that goes through all its keys when what it judges by changes. */
public interface RememberingOverruled extends Remembering {

    /** All keys that hold a state. */
    interface AllKeys {
        <K, S extends State> void apply(StateDescriptor<S, ?> descriptor, KeyedStateFunction<K, S> what)
                throws Exception;
    }

    /**
     * Called before it is opened. What Flink hands to a function for its second input sets no timers; these do, for the key
     * that is gone through.
     */
    void setsTimers(TimerService timers);

    /**
     * Called once after a restart, when event time is known again and before what is due goes off: what it judges by may have
     * changed meanwhile.
     *
     * @param now event time about to be reached
     */
    void goesOn(long now, AllKeys keys) throws Exception;
}
