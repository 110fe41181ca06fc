package io.throughline.pipeline.kit;

import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.TestableKeyedStateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;

/** Where Flink keeps what keys remember. */
public enum Backend {
    HEAP,
    ROCKSDB;

    /** How many states of keys there are, of all names; timers do not count. */
    public static int entries(AbstractStreamOperator<?> operator) {
        return ((TestableKeyedStateBackend<?>) operator.getKeyedStateBackend()).numKeyValueStateEntries();
    }

    public StateBackend make() {
        return this == HEAP ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend();
    }
}
