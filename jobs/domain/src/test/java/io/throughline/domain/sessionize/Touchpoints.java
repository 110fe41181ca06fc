package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.time.Instant;
import java.util.List;

/** Touchpoints of one customer on one day, 2026-03-01 UTC. */
final class Touchpoints {
    static final String CUSTOMER = "c-ada";

    private static final long MIDNIGHT = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    private Touchpoints() {}

    /** @param time {@code HH:mm}, {@code HH:mm:ss} or with more hours than a day has */
    static long at(String time) {
        String[] parts = time.split(":");
        long seconds = Long.parseLong(parts[0]) * 3600 + Long.parseLong(parts[1]) * 60;
        return MIDNIGHT + 1000 * (parts.length > 2 ? seconds + Long.parseLong(parts[2]) : seconds);
    }

    static Touchpoint.Builder touch(String id, String time, String channel, String kind) {
        return Touchpoint.of(id, at(time), channel, kind).identifiers(List.of(new Identifier("email", "ada")));
    }

    static Touchpoint inbound(String id, String time, String channel, String kind) {
        return touch(id, time, channel, kind).build();
    }

    static Touchpoint outbound(String id, String time, String channel, String kind) {
        return touch(id, time, channel, kind).outbound(true).build();
    }
}
