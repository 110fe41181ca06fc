package io.throughline.domain.measure;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How finely the history of a metric is kept: of each slot of event time the newest value. Five minutes for windows of up
 * to a quarter of an hour, a quarter of an hour for windows of up to an hour, an hour for windows of up to a day, a day for
 * longer ones and for those whose names tell no length.
 */
public final class History {
    private static final long MINUTE = 60_000;
    private static final long QUARTER = 15 * MINUTE;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final Pattern LENGTH = Pattern.compile("(\\d{1,6})\\s*(min|m|h|d)");

    /** The end of the slot a value true as of {@code asOf} belongs to; one on the border ends its slot. */
    public static long slotEnd(String window, long asOf) {
        return slotEnd(slotMs(window), asOf);
    }

    public static long slotEnd(long slotMs, long asOf) {
        return -Math.floorDiv(-asOf, slotMs) * slotMs;
    }

    /** How long slots of a window of this name are, milliseconds. */
    public static long slotMs(String window) {
        Matcher length = LENGTH.matcher(window);
        if (!length.matches()) {
            return DAY;
        }
        long unit =
                switch (length.group(2)) {
                    case "h" -> HOUR;
                    case "d" -> DAY;
                    default -> MINUTE;
                };
        long ms = Long.parseLong(length.group(1)) * unit;
        if (ms <= QUARTER) {
            return 5 * MINUTE;
        }
        return ms <= HOUR ? QUARTER : ms <= DAY ? HOUR : DAY;
    }

    private History() {}
}
