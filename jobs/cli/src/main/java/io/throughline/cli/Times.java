package io.throughline.cli;

import io.throughline.pipeline.ingest.IsoTime;
import java.time.DateTimeException;

/** Reads times that people give as options. */
final class Times {

    /** Epoch milliseconds; a text that is no time is a fault of usage that names the option. */
    static long millis(String option, String text) {
        try {
            return IsoTime.parseOrMillis(text.strip());
        } catch (DateTimeException e) {
            throw new UsageException(option + " " + text
                    + " is neither epoch milliseconds nor an ISO-8601 time with offset, such as 2026-01-31T12:00:00Z");
        }
    }

    private Times() {}
}
