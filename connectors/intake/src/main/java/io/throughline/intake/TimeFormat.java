package io.throughline.intake;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How times are written. */
public final class TimeFormat {

    /** ISO 8601 with an offset, or epoch milliseconds in digits. */
    public static final TimeFormat ISO = new TimeFormat("iso", null);

    /** As {@link #ISO}, and without an offset in UTC, with a space between date and time. */
    static final TimeFormat ISO_OR_UTC = new TimeFormat("iso", ZoneOffset.UTC);

    // Appending a formatter loses its resolver; without one a 30 February would be another day.
    private static final DateTimeFormatter ANY_OFFSET = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .appendPattern("[XXX][XX][X]")
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,18}");
    private static final Pattern SECONDS = Pattern.compile("-?[0-9]{1,12}(\\.[0-9]{1,9})?");

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

    private final String name;
    private final @Nullable ZoneId zone;
    private final @Nullable DateTimeFormatter pattern;

    private TimeFormat(String name, @Nullable ZoneId zone) {
        this.name = name;
        this.zone = zone;
        this.pattern = List.of("iso", "epoch_millis", "epoch_seconds").contains(name) ? null : formatter(name);
    }

    /**
     * @param name {@code iso}, {@code epoch_millis}, {@code epoch_seconds} or a pattern of {@link DateTimeFormatter}
     * @param zone of times without an offset; null: there shall be none
     * @throws IllegalArgumentException if it is no pattern, one that says no date or half a time of day, or one without an
     *     offset and there is no zone
     */
    public static TimeFormat of(String name, @Nullable ZoneId zone) {
        TimeFormat format = new TimeFormat(name, zone);
        if (format.pattern != null) {
            requireWhole(format.pattern);
        }
        if (zone == null && format.pattern != null && !hasOffset(format.pattern)) {
            throw new IllegalArgumentException("times without an offset need a zone, for example Europe/Berlin");
        }
        return format;
    }

    /** Strictly, so that a 31 February is no other day; then years have to be written {@code u}, which nobody does. */
    private static DateTimeFormatter formatter(String pattern) {
        StringBuilder years = new StringBuilder();
        boolean literal = false;
        for (char c : pattern.toCharArray()) {
            literal ^= c == '\'';
            years.append(c == 'y' && !literal ? 'u' : c);
        }
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(years.toString())
                .toFormatter(Locale.ENGLISH)
                .withResolverStyle(ResolverStyle.STRICT);
    }

    /** What would be rejected row by row, or lose its hour in each, is the pattern's fault and said of it. */
    private static void requireWhole(DateTimeFormatter formatter) {
        ZonedDateTime some = ZonedDateTime.of(2026, 1, 31, 15, 4, 5, 0, ZoneId.of("Europe/Berlin"));
        TemporalAccessor read;
        try {
            read = best(formatter, formatter.format(some));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("says no date: a year (yyyy), a month and a day are needed", e);
        }
        if (read instanceof LocalDate
                && !formatter
                        .format(some)
                        .equals(formatter.format(some.withHour(2).withMinute(1).withSecond(0)))) {
            throw new IllegalArgumentException(
                    "says a part of the time of day only: HH goes to 24 hours, hh needs am or pm (a)");
        }
    }

    private static TemporalAccessor best(DateTimeFormatter formatter, String text) {
        return formatter.parseBest(
                text, ZonedDateTime::from, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
    }

    private static boolean hasOffset(DateTimeFormatter formatter) {
        ZonedDateTime some = ZonedDateTime.of(2026, 1, 31, 12, 0, 0, 0, ZoneOffset.ofHours(3));
        try {
            ZonedDateTime.from(formatter.parse(formatter.format(some)));
            return true;
        } catch (DateTimeException e) {
            return false;
        }
    }

    /**
     * To the millisecond; what lies beyond is cut off.
     *
     * @throws DateTimeException if the text is no such time, one that clocks of its zone left out, or not of a year of
     *     four digits
     */
    Instant parse(String text) {
        Instant time = Instant.ofEpochMilli(instant(text).toEpochMilli());
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw new DateTimeException("the year has not four digits");
        }
        return time;
    }

    private Instant instant(String text) {
        if (pattern != null) {
            TemporalAccessor parsed = best(pattern, text);
            if (parsed instanceof ZonedDateTime zoned) {
                return zoned.toInstant();
            }
            if (parsed instanceof OffsetDateTime offset) {
                return offset.toInstant();
            }
            return local(parsed instanceof LocalDate date ? date.atStartOfDay() : (LocalDateTime) parsed);
        }
        if (name.equals("epoch_seconds")) {
            if (!SECONDS.matcher(text).matches()) {
                throw new DateTimeException("no seconds");
            }
            return Instant.ofEpochMilli(new BigDecimal(text).movePointRight(3).longValue());
        }
        if (DIGITS.matcher(text).matches()) {
            return Instant.ofEpochMilli(Long.parseLong(text));
        }
        if (name.equals("epoch_millis")) {
            throw new DateTimeException("no milliseconds");
        }
        if (zone == null) {
            return OffsetDateTime.parse(text, ANY_OFFSET).toInstant();
        }
        TemporalAccessor parsed =
                ANY_OFFSET.parseBest(text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
        return parsed instanceof OffsetDateTime offset ? offset.toInstant() : local((LocalDateTime) parsed);
    }

    /** Where clocks are put back and a time comes twice, the first is meant. */
    private Instant local(LocalDateTime time) {
        ZoneId at = zone == null ? ZoneOffset.UTC : zone;
        List<ZoneOffset> offsets = at.getRules().getValidOffsets(time);
        if (offsets.isEmpty()) {
            throw new DateTimeException("no clock in " + at + " showed it");
        }
        return time.toInstant(offsets.get(0));
    }

    @Override
    public String toString() {
        return name + (zone == null ? "" : " in " + zone);
    }
}
