package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import io.throughline.domain.alert.AlertState.Counted;
import io.throughline.domain.alert.AlertState.Held;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AlertStateTest {

    /** What is waited for comes and goes at every touchpoint; when the first of it is due must not be looked for each time. */
    @Test
    void knowsWhenTheFirstOfWhatItWaitsForIsDue() {
        Random random = new Random(7);
        AlertState state = new AlertState("ada");

        for (int i = 0; i < 20_000; i++) {
            String rule = "rule-" + random.nextInt(6);
            switch (random.nextInt(40)) {
                case 0 -> state.awaitNothing();
                case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 -> state.awaitNothing(rule);
                default -> state.await(rule, random.nextInt(10));
            }

            assertThat(state.due())
                    .isEqualTo(state.waiting().values().stream()
                            .mapToLong(Long::longValue)
                            .min()
                            .orElse(Long.MAX_VALUE));
        }
    }

    /** Evidence says when it was; the touchpoint may have been attributed with another time since. */
    @Test
    void findsWhatItHoldsAtItsTimeAndAtAnyOther() {
        Random random = new Random(11);
        AlertState state = new AlertState("ada");
        Map<String, TreeMap<Long, Counted>> all = new HashMap<>();

        for (int i = 0; i < 20_000; i++) {
            String id = "t" + random.nextInt(40);
            Signal signal = signal(id, random.nextInt(20));
            long sequence = 1 + random.nextInt(3);
            TreeMap<Long, Counted> before = all.computeIfAbsent(id, none -> new TreeMap<>());
            Counted counted = before.get(sequence);
            int sign = counted != null && counted.count() > 0 || random.nextInt(9) == 0 ? -1 : 1;
            List<Counted> earlier = List.copyOf(before.values());
            int count = (counted == null ? 0 : counted.count()) + sign;
            if (count == 0) {
                before.remove(sequence);
            } else {
                before.put(sequence, new Counted(sequence, signal, count));
            }

            assertThat(state.fold(signal, sequence, sign)).isEqualTo(earlier);

            String asked = "t" + random.nextInt(41);
            boolean expected =
                    all.getOrDefault(asked, new TreeMap<>()).values().stream().anyMatch(each -> each.count() > 0);
            for (long time = -1; time <= 20; time++) {
                assertThat(state.holds(asked, time)).as("%s at %d", asked, time).isEqualTo(expected);
            }
            assertThat(state.held()).isSorted();
        }
    }

    @Test
    void whatIsHeldOfATouchpointStaysAsItWasGiven() {
        List<Counted> given =
                new ArrayList<>(List.of(new Counted(1, signal("t1", 5), -1), new Counted(2, signal("t1", 5), 1)));
        Held held = new Held(given);

        given.remove(1);

        assertThat(held.attributions()).hasSize(2);
    }

    private static Signal signal(String id, long time) {
        return Signal.of(Touchpoint.of(id, time, "web", "complaint").build(), Set.of());
    }
}
