package io.throughline.pipeline.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IsoTimeTest {

    @Test
    void theShortcutAgreesWithThePlatform() {
        Random random = new Random(20261123);
        for (int i = 0; i < 200_000; i++) {
            Instant instant = Instant.ofEpochMilli((long) (random.nextDouble() * 4_102_444_800_000L));
            Instant rounded = i % 3 == 0 ? instant.truncatedTo(ChronoUnit.SECONDS) : instant;

            assertThat(IsoTime.parse(rounded.toString())).isEqualTo(rounded.toEpochMilli());
        }
    }

    @Test
    void tenthsAndHundredthsAreFractions() {
        assertThat(IsoTime.parse("1970-01-01T00:00:00.5Z")).isEqualTo(500);
        assertThat(IsoTime.parse("1970-01-01T00:00:00.05Z")).isEqualTo(50);
    }

    @Test
    void aTimeInSummerIsTheOneItsOffsetSays() {
        assertThat(IsoTime.parse("2026-10-25T02:30:00+02:00"))
                .isEqualTo(IsoTime.parse("2026-10-25T02:30:00+01:00") - 3_600_000);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-11-23",
                "2026-11-23T10:00:00",
                "2026-11-23T24:00:01Z",
                "2026-11-23T10:60:00Z",
                "2026-11-23T10:00:60Z",
                "2026-13-01T10:00:00Z",
                "2026-02-29T10:00:00Z",
                "2026-11-23T1a:00:00Z",
                "2026-11-23T10:00:00.-1Z",
                "+026-11-23T10:00:00Z",
                "23.11.2026 10:00"
            })
    void whatIsNoTimeIsAnError(String text) {
        assertThatThrownBy(() -> IsoTime.parse(text)).isInstanceOf(DateTimeException.class);
    }
}
