package io.throughline.domain.measure;

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
    /** What is longer tells no length. */
    private static final int MOST_DIGITS = 6;

    /** The end of the slot a value true as of {@code asOf} belongs to; one on the border ends its slot. */
    public static long slotEnd(String window, long asOf) {
        return slotEnd(slotMs(window), asOf);
    }

    static long slotEnd(long slotMs, long asOf) {
        return -Math.floorDiv(-asOf, slotMs) * slotMs;
    }

    /** How long slots of a window of this name are, milliseconds. Asked of every value there is. */
    static long slotMs(String window) {
        int digits = 0;
        while (digits < window.length() && window.charAt(digits) >= '0' && window.charAt(digits) <= '9') {
            digits++;
        }
        long unit =
                switch (window.substring(digits).stripLeading()) {
                    case "min", "m" -> MINUTE;
                    case "h" -> HOUR;
                    case "d" -> DAY;
                    default -> 0;
                };
        if (digits == 0 || digits > MOST_DIGITS || unit == 0) {
            return DAY;
        }
        long ms = Integer.parseInt(window, 0, digits, 10) * unit;
        if (ms <= QUARTER) {
            return 5 * MINUTE;
        }
        return ms <= HOUR ? QUARTER : ms <= DAY ? HOUR : DAY;
    }

    private History() {}
}
