package io.throughline.domain.alert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
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
}
