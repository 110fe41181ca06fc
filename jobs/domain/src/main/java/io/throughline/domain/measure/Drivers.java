package io.throughline.domain.measure;

import java.util.Locale;

/** What may move satisfaction, and how {@link Family#DRIVERS} counts the answers of sessions with and without it. */
final class Drivers {
    private static final long PRESENT = 1L << 39;
    private static final int SURVEY_SHIFT = 40;

    /** Added to every answer, so that none is below 0. */
    private static final long OFFSET = 1_000;

    /** Something about a session; the dimension {@code factor} names it. */
    enum Factor {
        LONG_WAIT,
        HANDOFF,
        CHANNEL_SWITCH,
        ERROR,
        COMPLAINT,
        RE_ASK,
        SELF_SERVICE,
        ASSISTED,
        PURCHASE;

        int flag() {
            return 1 << ordinal();
        }

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A question whose answers have one fixed scale. */
    public enum Survey {
        CSAT(Metric.DRIVER_CSAT_EFFECT, Metric.DRIVER_CSAT_SHARE, Metric.DRIVER_CSAT_IMPACT),
        NPS(Metric.DRIVER_NPS_EFFECT, Metric.DRIVER_NPS_SHARE, Metric.DRIVER_NPS_IMPACT);

        private final Metric effect;
        private final Metric share;
        private final Metric impact;

        Survey(Metric effect, Metric share, Metric impact) {
            this.effect = effect;
            this.share = share;
            this.impact = impact;
        }

        Metric effect() {
            return effect;
        }

        Metric share() {
            return share;
        }

        Metric impact() {
            return impact;
        }

        /** The answers of sessions that have the factor, or of those that have not, in thousandths. */
        Tally answers(Counts tally, boolean present) {
            Tally found = new Tally();
            tally.forEach((bin, count) -> {
                boolean has = (bin & PRESENT) != 0;
                if (count > 0 && bin >>> SURVEY_SHIFT == ordinal() && has == present) {
                    found.add((bin & PRESENT - 1) - OFFSET * MILLIS, count);
                }
            });
            return found;
        }
    }

    /** Answers are kept to a thousandth. */
    static final int MILLIS = 1_000;

    static long bin(Survey survey, boolean present, long thousandths) {
        return (long) survey.ordinal() << SURVEY_SHIFT | (present ? PRESENT : 0) | thousandths + OFFSET * MILLIS;
    }

    private Drivers() {}
}
