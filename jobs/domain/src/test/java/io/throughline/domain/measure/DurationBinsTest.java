package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class DurationBinsTest {

    @Test
    void readsShortDurationsBackExactly() {
        for (long ms = 0; ms < 256; ms++) {
            assertThat(DurationBins.middle(DurationBins.bin(ms))).isEqualTo(ms);
        }
    }

    @Test
    void readsEveryDurationBackWithinFourPerMille() {
        Random random = new Random(1);
        for (int i = 0; i < 100_000; i++) {
            long ms = random.nextLong() >>> (1 + random.nextInt(60));
            long read = DurationBins.middle(DurationBins.bin(ms));
            assertThat(Math.abs(read - ms)).as("%d read as %d", ms, read).isLessThanOrEqualTo(ms / 250 + 1);
        }
    }

    @Test
    void keepsTheOrderOfDurations() {
        long last = -1;
        for (long ms = 0; ms < 100_000; ms++) {
            long bin = DurationBins.bin(ms);
            assertThat(bin).isGreaterThanOrEqualTo(last);
            assertThat(DurationBins.bin(DurationBins.middle(bin))).isEqualTo(bin);
            last = bin;
        }
    }
}
