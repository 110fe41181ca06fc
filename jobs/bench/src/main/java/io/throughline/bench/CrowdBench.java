package io.throughline.bench;

import io.throughline.bench.TurnsBench.Person;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.sessionize.SessionizeOutput;
import io.throughline.domain.sessionize.SessionizeRule;
import io.throughline.domain.stage.Step;
import io.throughline.pipeline.kit.Kept;
import io.throughline.pipeline.kit.RecentStates;
import io.throughline.pipeline.sessionize.CustomerStateLayout;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * What a turn of the few who hold much costs among many who hold little, more of whom have turns in between than stay open:
 * each is opened if it was packed, given one more touchpoint, and remembered as a task on the heap remembers it. One thread,
 * processor time.
 */
public final class CrowdBench {
    /** Of so many turns one is of those who hold much. */
    private static final int OF_BUSY = 50;

    private static final int HELD_BY_OTHERS = 10;
    private static final CustomerStateLayout LAYOUT = CustomerStateLayout.INSTANCE;

    private final SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);
    private final Table table = new Table();
    private final RecentStates<Object, Kept<CustomerState>> states =
            new RecentStates<>(table, table, false, RecentStates.MOST_ON_HEAP);
    private final Person[] people;

    /** Nanoseconds of processor time of a turn. */
    private record Round(double ofBusy, double ofOthers) {}

    /** @param args turns of a round, rounds, who holds much, touchpoints they hold, others: 20000 5 50 500 1500 */
    public static void main(String[] args) throws Exception {
        int[] numbers = {20_000, 5, 50, 500, 1_500};
        for (int i = 0; i < args.length; i++) {
            numbers[i] = Integer.parseInt(args[i]);
        }
        CrowdBench crowd = new CrowdBench(numbers[2], numbers[3], numbers[4]);
        for (int i = 0; i < numbers[1]; i++) {
            Round round = crowd.round(numbers[0], numbers[2]);
            System.out.printf(
                    "a turn of %,d who hold %,d and more: %,8.0f ns; of %,d others: %,8.0f ns%n",
                    numbers[2], numbers[3], round.ofBusy, numbers[4], round.ofOthers);
        }
    }

    private CrowdBench(int busy, int held, int others) throws Exception {
        people = new Person[busy + others];
        for (int who = 0; who < people.length; who++) {
            people[who] = new Person(new Random(who));
            for (int i = 0; i < (who < busy ? held : HELD_BY_OTHERS); i++) {
                turn(who);
            }
        }
    }

    private Round round(int turns, int busy) throws Exception {
        Random random = new Random(turns);
        long[] nanos = new long[2];
        int[] count = new int[2];
        for (int i = 0; i < turns; i++) {
            int kind = i % OF_BUSY == 0 ? 0 : 1;
            int who = kind == 0 ? random.nextInt(busy) : busy + random.nextInt(people.length - busy);
            long before = Cpu.ofThread();
            turn(who);
            nanos[kind] += Cpu.ofThread() - before;
            count[kind]++;
        }
        return new Round((double) nanos[0] / count[0], (double) nanos[1] / count[1]);
    }

    private void turn(int who) throws Exception {
        table.key = who;
        Kept<CustomerState> kept = states.get();
        CustomerState before = kept == null ? null : kept.open(LAYOUT);
        Step<CustomerState, SessionizeOutput> step = rule.on(before, people[who].touch(), people[who].at - 1_000);
        CustomerState after = step.state();
        if (after == null) {
            throw new IllegalStateException("a touchpoint leaves a state");
        }
        if (kept == null) {
            kept = new Kept<>(after, LAYOUT);
        } else {
            kept.set(after, LAYOUT);
        }
        states.put(kept);
    }

    /** What a backend on the heap is to a task. */
    private static final class Table implements ValueState<Kept<CustomerState>>, KeyContext {
        private final Map<Object, Kept<CustomerState>> kept = new HashMap<>();
        private Object key = 0;

        @Override
        public void setCurrentKey(Object newKey) {
            key = newKey;
        }

        @Override
        public Object getCurrentKey() {
            return key;
        }

        @Override
        public @Nullable Kept<CustomerState> value() {
            return kept.get(key);
        }

        @Override
        public void update(Kept<CustomerState> value) {
            kept.put(key, value);
        }

        @Override
        public void clear() {
            kept.remove(key);
        }
    }
}
