package io.throughline.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackOffTest {

    private final BackOff backOff = new BackOff(100, 1_000, 15_000, 30_000);
    private final SplittableRandom random = new SplittableRandom(1);

    @Test
    void waits_spread_over_the_whole_range_and_the_range_doubles_up_to_the_longest() {
        assertRange(1, 1_000);
        assertRange(2, 2_000);
        assertRange(4, 8_000);
        assertRange(5, 15_000);
        assertRange(1_000_000, 15_000);
    }

    @Test
    void contradictory_times_are_refused() {
        assertThatThrownBy(() -> new BackOff(100, 50, 15_000, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("floor <= initial <= max");
    }

    private void assertRange(int failures, long ceiling) {
        var waits = LongStream.range(0, 2_000)
                .map(i -> backOff.afterFailures(failures, random))
                .summaryStatistics();
        assertThat(waits.getMin()).isBetween(100L, 100 + ceiling / 50);
        assertThat(waits.getMax()).isBetween(ceiling - ceiling / 50, ceiling);
    }
}
