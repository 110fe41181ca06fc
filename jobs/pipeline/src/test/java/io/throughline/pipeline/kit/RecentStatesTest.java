package io.throughline.pipeline.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How much memory tasks of one process keep open states in, each on its own and all together. */
class RecentStatesTest {
    private static final int MEGABYTE = 1 << 20;

    /** Of the eight megabytes that all may take, every task has four whatever the others do. */
    @Test
    void whoeverHasMoreThanItsShareMakesRoomOnceAllTogetherHaveTooMuch() throws Exception {
        long taken = RecentStates.bytesOfAll();
        Task first = new Task(taken + 8 * MEGABYTE);
        Task second = new Task(taken + 8 * MEGABYTE);

        for (int key = 1; key <= 6; key++) {
            first.hasATurnOf(key);
        }
        assertThat(first.closed).as("while nobody else needs it").isEmpty();

        for (int key = 1; key <= 4; key++) {
            second.hasATurnOf(key);
        }
        assertThat(second.closed).as("its share it has").isEmpty();

        first.hasATurnOf(6);
        assertThat(first.closed)
                .as("it gives back what it lent, the eldest first")
                .containsExactly(1, 2);

        first.states.forget();
        second.hasATurnOf(5);
        assertThat(second.closed).as("what the other had is free").isEmpty();

        second.states.forget();
        assertThat(RecentStates.bytesOfAll()).isEqualTo(taken);
    }

    /** A task whose keys remember a megabyte each. */
    private static final class Task implements ValueState<Megabyte>, KeyContext {
        private final Map<Object, Megabyte> written = new HashMap<>();
        private final List<Integer> closed = new ArrayList<>();
        private final RecentStates<Integer, Megabyte> states;
        private Object key = 0;

        Task(long mostBytesOfAll) {
            states = new RecentStates<>(this, this, false, RecentStates.MOST, mostBytesOfAll);
        }

        void hasATurnOf(int number) throws Exception {
            key = number;
            Megabyte before = states.get();
            states.put(before == null ? new Megabyte(number, closed) : before);
        }

        @Override
        public void setCurrentKey(Object newKey) {
            key = newKey;
        }

        @Override
        public Object getCurrentKey() {
            return key;
        }

        @Override
        public @Nullable Megabyte value() {
            return written.get(key);
        }

        @Override
        public void update(Megabyte value) {
            written.put(key, value);
        }

        @Override
        public void clear() {
            written.remove(key);
        }
    }

    private record Megabyte(int key, List<Integer> closed) implements Resting {
        @Override
        public void close() {
            closed.add(key);
        }

        @Override
        public int packedSize() {
            return MEGABYTE;
        }
    }
}
