package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Touchpoint;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a customer last said they agree to, for one purpose.
 *
 * @param purpose {@code properties.purpose} of the touchpoint, else its topic, else {@link #GENERAL}
 * @param given whether they agreed; false: they withdrew it
 * @param eventTime when they said so, epoch milliseconds
 */
public record Consent(String purpose, boolean given, long eventTime, String touchpointId, String channel) {

    static final String GENERAL = "general";

    /** Purposes told apart of one customer: those spoken of last, since names of purposes come from outside. */
    static final int LIMIT = 20;

    private static final Comparator<Consent> BY_PLACE =
            Comparator.comparingLong(Consent::eventTime).thenComparing(Consent::touchpointId);

    static boolean concerns(Touchpoint touchpoint) {
        return touchpoint.kind().equals("consent_given") || touchpoint.kind().equals("consent_withdrawn");
    }

    /** What this touchpoint says, or null where it is about something else. */
    static @Nullable Consent in(Touchpoint touchpoint) {
        if (!concerns(touchpoint)) {
            return null;
        }
        String purpose = touchpoint.properties().get("purpose");
        if (purpose == null) {
            purpose = touchpoint.topic();
        }
        return new Consent(
                purpose == null ? GENERAL : purpose,
                touchpoint.kind().equals("consent_given"),
                touchpoint.eventTime(),
                touchpoint.touchpointId(),
                touchpoint.channel());
    }

    /** Keeps of each purpose what was said last, and of too many purposes the last ones, in whatever order they come. */
    static void note(Consent said, SortedMap<String, Consent> latest) {
        latest.merge(said.purpose, said, (one, other) -> BY_PLACE.compare(one, other) >= 0 ? one : other);
        if (latest.size() > LIMIT) {
            latest.remove(latest.values().stream().min(BY_PLACE).orElseThrow().purpose);
        }
    }

    /** By purpose: what is remembered of earlier, and what the timeline says. */
    static List<Consent> latest(SortedMap<String, Consent> remembered, List<Held> counting) {
        SortedMap<String, Consent> latest = new TreeMap<>(remembered);
        for (Held held : counting) {
            Consent said = in(held.touchpoint());
            if (said != null) {
                note(said, latest);
            }
        }
        return List.copyOf(latest.values());
    }
}
