package io.throughline.pipeline.settings;

import java.math.BigInteger;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 30 min}, {@code 7d}, {@code 1h 30min}, {@code 500 ms} or ISO 8601. */
public final class DurationText {

    private static final Pattern PART = Pattern.compile("([0-9]+)\\s*([a-z]+)\\s*");

    /** Some 2,700 years, for whoever means never. Sums of durations and times do not overflow. */
    private static final long LONGEST_MS = 1_000_000 * 86_400_000L;

    /**
     * Milliseconds.
     *
     * @throws IllegalArgumentException saying what a duration looks like
     */
    public static long parse(String text) {
        BigInteger millis = millis(text);
        if (millis.abs().compareTo(BigInteger.valueOf(LONGEST_MS)) > 0) {
            throw new IllegalArgumentException("must be at most " + format(LONGEST_MS) + ", was \"" + text + "\"");
        }
        return millis.longValueExact();
    }

    private static BigInteger millis(String text) {
        String trimmed = text.strip();
        if (trimmed.matches("[+-]?[Pp].*")) {
            return iso(trimmed, text);
        }
        boolean negative = trimmed.startsWith("-");
        String parts = (negative ? trimmed.substring(1) : trimmed).toLowerCase(Locale.ROOT);
        Matcher part = PART.matcher(parts);
        BigInteger total = BigInteger.ZERO;
        int end = 0;
        while (part.find() && part.start() == end) {
            end = part.end();
            BigInteger unit = BigInteger.valueOf(unit(part.group(2), text));
            total = total.add(new BigInteger(part.group(1)).multiply(unit));
        }
        if (end == 0 || end < parts.length()) {
            throw unreadable(text);
        }
        return negative ? total.negate() : total;
    }

    private static BigInteger iso(String trimmed, String text) {
        try {
            Duration duration = Duration.parse(trimmed);
            return BigInteger.valueOf(duration.getSeconds())
                    .multiply(BigInteger.valueOf(1000))
                    .add(BigInteger.valueOf(duration.getNano() / 1_000_000));
        } catch (DateTimeParseException e) {
            if (e.getCause() instanceof ArithmeticException) {
                return BigInteger.valueOf(Long.MAX_VALUE);
            }
            throw unreadable(text);
        }
    }

    /** In the largest units that say it exactly, for example {@code 1 h 30 min}. */
    public static String format(long millis) {
        if (millis <= 0) {
            return millis == 0 ? "0 ms" : "-" + format(-millis);
        }
        StringBuilder text = new StringBuilder();
        long rest = millis;
        String[] names = {"d", "h", "min", "s", "ms"};
        long[] units = {86_400_000, 3_600_000, 60_000, 1000, 1};
        for (int i = 0; i < units.length; i++) {
            if (rest >= units[i]) {
                text.append(text.length() == 0 ? "" : " ")
                        .append(rest / units[i])
                        .append(' ')
                        .append(names[i]);
                rest %= units[i];
            }
        }
        return text.toString();
    }

    private static long unit(String name, String text) {
        return switch (name) {
            case "ms", "milli", "millis", "millisecond", "milliseconds" -> 1;
            case "s", "sec", "secs", "second", "seconds" -> 1000;
            case "m", "min", "mins", "minute", "minutes" -> 60_000;
            case "h", "hour", "hours" -> 3_600_000;
            case "d", "day", "days" -> 86_400_000;
            case "w", "week", "weeks" -> 7 * 86_400_000L;
            default -> throw unreadable(text);
        };
    }

    private static IllegalArgumentException unreadable(String text) {
        return new IllegalArgumentException(
                "must be a duration such as 30 min, 7d, 1h 30min or PT30M, was \"" + text + "\"");
    }

    private DurationText() {}
}
