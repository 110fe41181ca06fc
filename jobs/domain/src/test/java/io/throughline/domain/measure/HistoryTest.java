package io.throughline.domain.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryTest {

    @ParameterizedTest
    @CsvSource({
        "5m, PT5M",
        "15 min, PT5M",
        "1h, PT15M",
        "30m, PT15M",
        "60 min, PT15M",
        "24h, PT1H",
        "2h, PT1H",
        "7d, P1D",
        "30d, P1D",
        "quarter, P1D",
        "h, P1D",
        "1hour, P1D",
        "1 h now, P1D",
        "1234567m, P1D",
        "7, P1D"
    })
    void isKeptFinerForShorterWindows(String window, Duration slot) {
        assertThat(History.slotMs(window)).isEqualTo(slot.toMillis());
    }

    @Test
    void aValueOnTheBorderEndsItsSlot() {
        assertThat(History.slotEnd("1h", 900_000)).isEqualTo(900_000);
        assertThat(History.slotEnd("1h", 900_001)).isEqualTo(1_800_000);
        assertThat(History.slotEnd("1h", -1)).isZero();
    }
}
