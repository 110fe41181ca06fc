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

    /** What is dear to open is not pushed out by what is cheap. */
    @Test
    void whoRemembersMuchStaysOpenHoweverManyRememberLittle() throws Exception {
        Task task = new Task(Long.MAX_VALUE, RecentStates.MOST_ON_HEAP);
        int bot = -1;

        task.hasATurnOf(bot, RecentStates.LARGE);
        for (int key = 0; key < 1_000; key++) {
            task.hasATurnOf(key, RecentStates.LARGE - 1);
        }

        assertThat(task.closed).doesNotContain(bot).hasSize(1_000 - RecentStates.MOST_ON_HEAP);
        task.states.forget();
    }

    @Test
    void whoComesToRememberMuchIsTakenFromAmongThoseWhoRememberLittle() throws Exception {
        Task task = new Task(Long.MAX_VALUE, RecentStates.MOST_ON_HEAP);
        long taken = RecentStates.bytesOfAll();

        task.hasATurnOf(1, 100);
        task.hasATurnOf(1, MEGABYTE);
        assertThat(RecentStates.bytesOfAll() - taken).isEqualTo(MEGABYTE);
        for (int key = 2; key < 1_000; key++) {
            task.hasATurnOf(key, 100);
        }
        assertThat(task.closed).doesNotContain(1);

        for (int key = 1_001; key <= 1_004; key++) {
            task.hasATurnOf(key, MEGABYTE);
        }
        assertThat(task.closed)
                .as("those who remember much push out each other")
                .contains(1);
        assertThat(task.closed).as("and nobody else").doesNotContain(999);

        task.key = 1_004;
        task.states.clear();
        task.states.forget();
        assertThat(RecentStates.bytesOfAll()).isEqualTo(taken);
    }

    @Test
    void whoComesToRememberLittleIsOneOfManyAgain() throws Exception {
        Task task = new Task(Long.MAX_VALUE, RecentStates.MOST_ON_HEAP);
        long taken = RecentStates.bytesOfAll();

        task.hasATurnOf(1, MEGABYTE);
        task.hasATurnOf(1, 300);
        assertThat(RecentStates.bytesOfAll() - taken).isEqualTo(300);
        for (int key = 2; key <= RecentStates.MOST_ON_HEAP + 1; key++) {
            task.hasATurnOf(key, 100);
        }
        assertThat(task.closed).containsExactly(1);
        task.states.forget();
        assertThat(RecentStates.bytesOfAll()).isEqualTo(taken);
    }

    @Test
    void whoRemembersMoreThanThereIsRoomForIsOpenForItsTurnAndPushesNobodyOutAfterIt() throws Exception {
        Task task = new Task(Long.MAX_VALUE, RecentStates.MOST_ON_HEAP);

        task.hasATurnOf(1, 100);
        task.hasATurnOf(-1, 64 * MEGABYTE);
        assertThat(task.closed).doesNotContain(-1);
        task.hasATurnOf(2, 100);
        assertThat(task.closed).contains(-1);
        task.hasATurnOf(3, 100);
        assertThat(task.closed).doesNotContain(2, 3);
        task.states.forget();
    }

    /** A task whose keys remember a megabyte each, unless said otherwise. */
    private static final class Task implements ValueState<Sized>, KeyContext {
        private final Map<Object, Sized> written = new HashMap<>();
        private final List<Integer> closed = new ArrayList<>();
        private final RecentStates<Integer, Sized> states;
        private Object key = 0;

        Task(long mostBytesOfAll) {
            this(mostBytesOfAll, RecentStates.MOST);
        }

        Task(long mostBytesOfAll, int most) {
            states = new RecentStates<>(this, this, false, most, mostBytesOfAll);
        }

        void hasATurnOf(int number) throws Exception {
            hasATurnOf(number, MEGABYTE);
        }

        void hasATurnOf(int number, int bytes) throws Exception {
            key = number;
            states.put(new Sized(number, bytes, closed));
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
        public @Nullable Sized value() {
            return written.get(key);
        }

        @Override
        public void update(Sized value) {
            written.put(key, value);
        }

        @Override
        public void clear() {
            written.remove(key);
        }
    }

    private record Sized(int key, int packedSize, List<Integer> closed) implements Resting {
        @Override
        public void close() {
            closed.add(key);
        }
    }
}
