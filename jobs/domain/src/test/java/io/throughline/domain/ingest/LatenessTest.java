package io.throughline.domain.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenessTest {

    private final Lateness lateness = new Lateness(100);

    @Test
    void whatLiesExactlyAtTheHorizonStillCounts() {
        assertThat(lateness.isLate(900, 1000)).isFalse();
        assertThat(lateness.isLate(899, 1000)).isTrue();
    }

    @Test
    void nothingIsLateBeforeTimeHasBegun() {
        assertThat(lateness.isLate(Long.MIN_VALUE, Long.MIN_VALUE)).isFalse();
        assertThat(lateness.isLate(0, Long.MIN_VALUE)).isFalse();
    }

    @Test
    void everythingIsLateAfterTheEndOfTimeExceptTheEndItself() {
        assertThat(lateness.isLate(1000, Long.MAX_VALUE)).isTrue();
        assertThat(lateness.isLate(Long.MAX_VALUE, Long.MAX_VALUE)).isFalse();
    }
}
