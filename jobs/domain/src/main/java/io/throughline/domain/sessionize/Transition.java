package io.throughline.domain.sessionize;

import java.time.LocalDate;
import java.util.Locale;

/**
 * How often customers went from one place to the next on one day, as published.
 *
 * @param count 0 where corrections left none
 */
public record Transition(Way way, long count, long revision) {

    /** What is gone from and to. */
    public enum Kind {
        /** Neighbours on a session's path that are on different channels. */
        CHANNEL,
        /** Channels that neighbouring contacts of an issue began on, also the same one again. */
        CONTACT,
        /** Neighbouring stretches on a journey's stage path. */
        STAGE;

        private final String word = name().toLowerCase(Locale.ROOT);

        public String word() {
            return word;
        }
    }

    /**
     * One cell of the matrix.
     *
     * @param day first millisecond of the day, UTC, that {@code to} was entered on
     */
    public record Way(Kind kind, String from, String to, long day) {

        /** Content-derived: KIND|DAY|FROM|TO, as text that no other way shares. */
        public String id() {
            return kind.word() + "|" + LocalDate.ofEpochDay(Math.floorDiv(day, Transitions.DAY_MS)) + "|"
                    + escaped(from) + "|" + escaped(to);
        }

        private static String escaped(String part) {
            return part.indexOf('|') < 0 && part.indexOf('%') < 0
                    ? part
                    : part.replace("%", "%25").replace("|", "%7C");
        }
    }
}
