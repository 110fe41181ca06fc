package io.throughline.cli;

import io.throughline.pipeline.ingest.IsoTime;
import java.time.DateTimeException;
import java.time.Instant;

/** Reads times that people give as options. */
final class Times {

    /** No touchpoint may be later. */
    private static final long YEAR_2200 = Instant.parse("2200-01-01T00:00:00Z").toEpochMilli();

    /** Epoch milliseconds; a text that is no time is a fault of usage that names the option. */
    static long millis(String option, String text) {
        try {
            long millis = IsoTime.parseOrMillis(text.strip());
            if (millis < 0 || millis >= YEAR_2200) {
                throw new UsageException(
                        option + " must be from 1970 to 2199, in milliseconds where it is a number, was " + text + " ("
                                + Instant.ofEpochMilli(millis) + ")");
            }
            return millis;
        } catch (DateTimeException e) {
            throw new UsageException(option + " " + text
                    + " is neither epoch milliseconds nor an ISO-8601 time with offset, such as 2026-01-31T12:00:00Z");
        }
    }

    private Times() {}
}
