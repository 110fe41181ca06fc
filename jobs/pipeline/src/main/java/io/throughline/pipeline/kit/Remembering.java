package io.throughline.pipeline.kit;

import org.apache.flink.streaming.api.operators.KeyContext;

/** A function whose keys are remembered by {@link RecentStates}; run by one of the {@link KeyedOperators}. */
public interface Remembering {

    /**
     * Called before it is opened.
     *
     * @param keys sets and says which key has its turn
     * @param backendHoldsBytes see {@link RecentStates}
     */
    void remembers(KeyContext keys, boolean backendHoldsBytes);

    /** Called before every snapshot: see {@link RecentStates#settle}. */
    void settle() throws Exception;
}
