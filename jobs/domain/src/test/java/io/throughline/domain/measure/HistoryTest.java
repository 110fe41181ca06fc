package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {

    @ParameterizedTest
    @CsvSource({"1h, PT5M", "30m, PT5M", "60 min, PT5M", "24h, PT1H", "2h, PT1H", "7d, P1D", "30d, P1D", "quarter, P1D"
    })
    void isKeptFinerForShorterWindows(String window, Duration slot) {
        assertThat(History.slotMs(window)).isEqualTo(slot.toMillis());
    }

    @Test
    void aValueOnTheBorderEndsItsSlot() {
        assertThat(History.slotEnd("1h", 300_000)).isEqualTo(300_000);
        assertThat(History.slotEnd("1h", 300_001)).isEqualTo(600_000);
        assertThat(History.slotEnd("1h", -1)).isZero();
    }
}
