package io.throughline.pipeline.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "30 min, 1800000",
        "30min, 1800000",
        "30m, 1800000",
        "7d, 604800000",
        "7 Days, 604800000",
        "2 weeks, 1209600000",
        "1h, 3600000",
        "1h 30min, 5400000",
        "1h30m, 5400000",
        "500 ms, 500",
        "90 s, 90000",
        "PT30M, 1800000",
        "P7D, 604800000",
        "-1h, -3600000",
        "0 s, 0"
    })
    void durationsAreReadAsPeopleWriteThem(String text, long millis) {
        assertThat(DurationText.parse(text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "min", "30 parsecs", "1h and a bit", "h1", "1.5 h", "PT"})
    void whatIsNoDurationIsAnErrorThatShowsOne(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be a duration such as 30 min, 7d, 1h 30min or PT30M, was \"" + text + "\"");
    }

    /** So that they can be added to times, and to each other. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "1000001 d",
                "-1000001 d",
                "1000000 d 1 ms",
                "99999999999999999999 d",
                "9223372036854775807 w",
                "9223372036854775807 ms 9223372036854775807 ms",
                "P99999999999999D",
                "PT9223372036854775807S"
            })
    void aDurationIsNoLongerThanWhatCanBeAdded(String text) {
        assertThat(DurationText.parse("1000000 d")).isEqualTo(1_000_000 * 86_400_000L);
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("must be at most 1000000 d, was \"" + text + "\"");
    }

    @Test
    void everyDurationIsWrittenSoThatItCanBeReadAgain() {
        Random random = new Random(20261123);
        for (int i = 0; i < 1000; i++) {
            long millis = random.nextLong() >> (22 + random.nextInt(41));
            assertThat(DurationText.parse(DurationText.format(millis))).isEqualTo(millis);
        }
        assertThat(DurationText.format(5_400_000)).isEqualTo("1 h 30 min");
    }
}
