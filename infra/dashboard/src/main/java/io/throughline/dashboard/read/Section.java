package io.throughline.dashboard.read;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A part of the page that is read, cached and sent as one.
 *
 * @param view null: the same for everybody
 */
public record Section(Name name, @Nullable View view) {

    /** What a section is about. */
    public enum Name {
        THROUGHPUT,
        PIPELINE,
        OPERATIONS,
        CHOICES,
        QUALITY,
        METRICS,
        TRENDS,
        DRIVERS,
        SESSIONS,
        ALERTS;

        /** The name of its server-sent event and of its key in JSON. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Section shared(Name name) {
        return new Section(name, null);
    }
}
