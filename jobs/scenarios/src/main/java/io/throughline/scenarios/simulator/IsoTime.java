package io.throughline.scenarios.simulator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.LocalDate;

/** Writes {@code 2026-06-01T08:00:00.000Z}. Formatting three times a record was most of the simulator's work. */
final class IsoTime {
    private long day = Long.MIN_VALUE;
    private final byte[] text = "0000-00-00T00:00:00.000Z".getBytes(ISO_8859_1);

    /** @param epochMillis in the years 0000 to 9999 */
    String of(long epochMillis) {
        long epochDay = Math.floorDiv(epochMillis, Rhythm.DAY);
        if (epochDay != day) {
            LocalDate date = LocalDate.ofEpochDay(epochDay);
            digits(date.getYear(), 0, 4);
            digits(date.getMonthValue(), 5, 2);
            digits(date.getDayOfMonth(), 8, 2);
            day = epochDay;
        }
        int millis = (int) Math.floorMod(epochMillis, Rhythm.DAY);
        digits(millis / 3_600_000, 11, 2);
        digits(millis / 60_000 % 60, 14, 2);
        digits(millis / 1000 % 60, 17, 2);
        digits(millis % 1000, 20, 3);
        return new String(text, ISO_8859_1);
    }

    private void digits(int number, int at, int count) {
        int left = number;
        for (int i = at + count - 1; i >= at; i--) {
            text[i] = (byte) ('0' + left % 10);
            left /= 10;
        }
    }
}
