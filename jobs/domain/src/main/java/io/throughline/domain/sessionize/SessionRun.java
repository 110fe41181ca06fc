package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.Session.CutCause;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import org.jspecify.annotations.Nullable;

/** A session while the timeline is walked: what it covers so far, and what it refuses. */
final class SessionRun {
    private static final String LOGOUT = "logout";

    private final SessionizeConfig config;
    private final long start;
    private final long sameDayUntil;
    private long cover;
    private int size;
    private boolean loggedOut;
    private @Nullable String campaign;

    /** Begins with an inbound touchpoint. */
    SessionRun(SessionizeConfig config, Touchpoint first) {
        this.config = config;
        this.start = first.eventTime();
        this.cover = first.eventTime();
        this.sameDayUntil = sameDayUntil(config.dayZone(), first.eventTime());
        add(first);
    }

    /** Why this touchpoint, the next by time and id, is not of this session; null: it is. */
    @Nullable
    CutCause refuses(Touchpoint next) {
        if (loggedOut) {
            return CutCause.LOGOUT;
        }
        if (next.eventTime() > cover) {
            return CutCause.INACTIVITY;
        }
        if (next.eventTime() - start > config.maxLengthMs()) {
            return CutCause.MAX_LENGTH;
        }
        if (size >= config.maxSize()) {
            return CutCause.MAX_SIZE;
        }
        if (isOnAnotherDay(next)) {
            return CutCause.DAY;
        }
        String named = campaignOf(next);
        if (named != null && campaign != null && !named.equals(campaign)) {
            return CutCause.CAMPAIGN;
        }
        return null;
    }

    void add(Touchpoint next) {
        size++;
        if (next.outbound()) {
            return;
        }
        cover = Math.max(cover, next.eventTime() + config.gap(next.channel()));
        if (config.cutAtLogout() && next.kind().equals(LOGOUT)) {
            loggedOut = true;
            cover = next.eventTime();
        }
        if (campaign == null) {
            campaign = campaignOf(next);
        }
    }

    /** Why it ends if nothing follows. */
    CutCause causeAlone() {
        return loggedOut ? CutCause.LOGOUT : CutCause.INACTIVITY;
    }

    /** Event time after which no touchpoint can join; at this time one still can. */
    long cover() {
        return cover;
    }

    private @Nullable String campaignOf(Touchpoint touchpoint) {
        String property = config.campaignProperty();
        return property == null || touchpoint.outbound()
                ? null
                : touchpoint.properties().get(property);
    }

    private boolean isOnAnotherDay(Touchpoint next) {
        String zone = config.dayZone();
        return zone != null
                && next.eventTime() >= sameDayUntil
                && !day(next.eventTime(), ZoneId.of(zone)).equals(day(start, ZoneId.of(zone)));
    }

    /** The first time at which it can be another day than now: at midnight, or where clocks are put forward or back. */
    private static long sameDayUntil(@Nullable String zone, long time) {
        if (zone == null) {
            return Long.MAX_VALUE;
        }
        ZoneId id = ZoneId.of(zone);
        long midnight = day(time, id).plusDays(1).atStartOfDay(id).toInstant().toEpochMilli();
        ZoneOffsetTransition change = id.getRules().nextTransition(Instant.ofEpochMilli(time));
        return change == null
                ? midnight
                : Math.min(midnight, change.getInstant().toEpochMilli());
    }

    private static LocalDate day(long time, ZoneId zone) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(time), zone);
    }
}
