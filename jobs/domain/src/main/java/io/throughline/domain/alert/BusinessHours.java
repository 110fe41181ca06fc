package io.throughline.domain.alert;

import java.io.Serializable;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Set;
import java.util.TreeSet;

/**
 * When somebody is there. Time limits of alerts run only then.
 *
 * @param days days of the week
 * @param from first minute of the day, included
 * @param to last minute of the day, excluded; 00:00: the end of the day
 */
public record BusinessHours(ZoneId zone, Set<DayOfWeek> days, LocalTime from, LocalTime to) implements Serializable {

    public BusinessHours {
        days = new TreeSet<>(days);
        if (days.isEmpty()) {
            throw new IllegalArgumentException("alert.business_hours.days must name a day");
        }
        if (!to.equals(LocalTime.MIDNIGHT) && !from.isBefore(to)) {
            throw new IllegalArgumentException(
                    "alert.business_hours.from must lie before to, was " + from + " and " + to);
        }
    }

    /** The time at which so much time has run from a beginning on, nights and days off left out. */
    long after(long start, long durationMs) {
        long left = durationMs;
        LocalDate day = Instant.ofEpochMilli(start).atZone(zone).toLocalDate();
        for (long at = start; ; day = day.plusDays(1)) {
            if (!days.contains(day.getDayOfWeek())) {
                continue;
            }
            long opens = millis(day, from);
            long closes = to.equals(LocalTime.MIDNIGHT) ? millis(day.plusDays(1), to) : millis(day, to);
            long begins = Math.max(at, opens);
            if (begins < closes) {
                if (left <= closes - begins) {
                    return begins + left;
                }
                left -= closes - begins;
                at = closes;
            }
        }
    }

    private long millis(LocalDate day, LocalTime time) {
        return ZonedDateTime.of(day, time, zone).toInstant().toEpochMilli();
    }
}
