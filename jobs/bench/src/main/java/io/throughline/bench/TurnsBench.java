package io.throughline.bench;

import io.throughline.domain.sessionize.CustomerInput;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.SessionizeConfig;
import io.throughline.domain.sessionize.SessionizeOutput;
import io.throughline.domain.sessionize.SessionizeRule;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Kept;
import io.throughline.pipeline.kit.KeptLayout;
import io.throughline.pipeline.sessionize.CustomerStateLayout;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a turn of a customer who was packed costs: to open what is remembered, to give it one more touchpoint, to close it
 * again. By touchpoints held before, in one thread, processor time and bytes allocated; as many customers in turn as are
 * not all in the processor's caches.
 */
public final class TurnsBench {
    private static final long START = 1_795_392_000_000L;
    private static final int TOUCHPOINTS = 30_000;
    private static final com.sun.management.ThreadMXBean THREAD =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static final CustomerStateLayout LAYOUT = CustomerStateLayout.INSTANCE;

    private final SessionizeRule rule = new SessionizeRule(SessionizeConfig.DEFAULTS);
    private final Kept<?>[] packed;
    private final CustomerInput[] next;
    private final long[] now;

    /** One round of turns: nanoseconds, then bytes allocated, of opening, changing, closing. */
    private record Round(double[] nanos, double[] bytes) {
        double total() {
            return nanos[0] + nanos[1] + nanos[2];
        }

        /** Of both the least: what else the processor's caches were used for came on top. */
        Round least(Round other) {
            return new Round(least(nanos, other.nanos), least(bytes, other.bytes));
        }

        private static double[] least(double[] one, double[] other) {
            double[] least = one.clone();
            for (int i = 0; i < least.length; i++) {
                least[i] = Math.min(one[i], other[i]);
            }
            return least;
        }
    }

    /** @param args rounds, the least of which counts; touchpoints held: 200 1 13 50 200 */
    public static void main(String[] args) {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 200;
        int[] held = args.length > 1 ? numbers(args) : new int[] {1, 13, 50, 200};
        for (int touchpoints : held) {
            TurnsBench turns = new TurnsBench(touchpoints, Math.max(20, TOUCHPOINTS / (touchpoints + 20)));
            Round best = turns.round();
            for (int i = 1; i < rounds; i++) {
                best = best.least(turns.round());
            }
            System.out.printf(
                    "%,4d touchpoints held, %,6d bytes packed: open %,7.0f ns %,8.0f bytes; change %,7.0f ns %,8.0f bytes;"
                            + " close %,7.0f ns %,8.0f bytes; in all %,7.0f ns%n",
                    touchpoints,
                    turns.packedSize(),
                    best.nanos[0],
                    best.bytes[0],
                    best.nanos[1],
                    best.bytes[1],
                    best.nanos[2],
                    best.bytes[2],
                    best.total());
        }
    }

    private static int[] numbers(String[] args) {
        int[] numbers = new int[args.length - 1];
        for (int i = 1; i < args.length; i++) {
            numbers[i - 1] = Integer.parseInt(args[i]);
        }
        return numbers;
    }

    private TurnsBench(int touchpoints, int customers) {
        packed = new Kept<?>[customers];
        next = new CustomerInput[customers];
        now = new long[customers];
        for (int i = 0; i < customers; i++) {
            Person person = new Person(new Random(i));
            CustomerState state = null;
            for (int j = 0; j < touchpoints; j++) {
                CustomerInput input = person.touch();
                state = rule.on(state, input, person.at - 1_000).state();
            }
            next[i] = person.touch();
            now[i] = person.at - 1_000;
            Kept<CustomerState> kept = new Kept<>(present(state), LAYOUT);
            kept.close();
            packed[i] = kept;
        }
    }

    private static CustomerState present(@Nullable CustomerState state) {
        if (state == null) {
            throw new IllegalStateException("a touchpoint leaves a state");
        }
        return state;
    }

    private long packedSize() {
        long bytes = 0;
        for (Kept<?> kept : packed) {
            bytes += kept.packedSize();
        }
        return bytes / packed.length;
    }

    @SuppressWarnings("unchecked")
    private Round round() {
        int customers = packed.length;
        Kept<CustomerState>[] kept = (Kept<CustomerState>[]) new Kept<?>[customers];
        CustomerState[] states = new CustomerState[customers];
        for (int i = 0; i < customers; i++) {
            kept[i] = (Kept<CustomerState>) KeptLayout.INSTANCE.copy(packed[i]);
        }
        long[] nanos = new long[4];
        long[] bytes = new long[4];
        mark(0, nanos, bytes);
        for (int i = 0; i < customers; i++) {
            states[i] = kept[i].open(LAYOUT);
        }
        mark(1, nanos, bytes);
        long said = 0;
        for (int i = 0; i < customers; i++) {
            Step<CustomerState, SessionizeOutput> step = rule.on(states[i], next[i], now[i]);
            states[i] = present(step.state());
            said += step.out().size();
        }
        mark(2, nanos, bytes);
        for (int i = 0; i < customers; i++) {
            kept[i].set(states[i], LAYOUT);
            kept[i].close();
        }
        mark(3, nanos, bytes);
        if (said < customers) {
            throw new IllegalStateException("a touchpoint of a customer is published");
        }
        double[] perTurn = new double[3];
        double[] allocated = new double[3];
        for (int i = 0; i < 3; i++) {
            perTurn[i] = (double) (nanos[i + 1] - nanos[i]) / customers;
            allocated[i] = (double) (bytes[i + 1] - bytes[i]) / customers;
        }
        return new Round(perTurn, allocated);
    }

    private static void mark(int place, long[] nanos, long[] bytes) {
        nanos[place] = Cpu.ofThread();
        bytes[place] = THREAD.getThreadAllocatedBytes(Thread.currentThread().getId());
    }

    /**
     * Sessions of about ten touchpoints, two in five of which are contacts about one topic; pseudonyms and UUIDs as in
     * production.
     */
    static final class Person {
        private static final String[] CHANNELS = {"web", "web", "app", "chat", "call"};
        private static final String[] STAGES = {"awareness", "acquisition", "engagement", "support"};

        private final Random random;
        private final String customerId;
        private final List<Identifier> identifiers;
        long at = START;

        Person(Random random) {
            this.random = random;
            this.customerId = "c-" + hex(24);
            this.identifiers = List.of(
                    new Identifier("email", hex(32)),
                    new Identifier("device_id", new UUID(random.nextLong(), random.nextLong()).toString()));
        }

        private String hex(int digits) {
            byte[] bytes = new byte[digits / 2];
            random.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        }

        CustomerInput touch() {
            at += random.nextInt(10) == 0
                    ? Duration.ofHours(2).toMillis()
                    : 2_000 + random.nextInt((int) Duration.ofMinutes(4).toMillis());
            int what = random.nextInt(CHANNELS.length);
            boolean contact = what > 2;
            Touchpoint.Builder touchpoint = Touchpoint.of(
                            new UUID(random.nextLong(), random.nextLong()).toString(),
                            at,
                            CHANNELS[what],
                            contact ? "message" : random.nextInt(50) == 0 ? "purchase" : "page_view")
                    .receivedTime(at + random.nextInt(2_000))
                    .identifiers(identifiers)
                    .touchpoint("page-" + random.nextInt(50))
                    .stage(contact ? "support" : STAGES[random.nextInt(3)])
                    .topic(contact ? "billing" : null)
                    .actor("customer");
            if (random.nextInt(50) == 0) {
                touchpoint.value(new Money(9_990_000, "EUR"));
            }
            return CustomerInput.of(new Attribution(customerId, touchpoint.build(), 1, 1));
        }
    }
}
