package io.throughline.domain.measure;

import java.util.Locale;

/** The catalogue; {@code docs/metrics.md} gives every formula with worked numbers. */
public enum Metric {
    TOUCHPOINTS(Family.TOUCHPOINTS, "count", Direction.NEUTRAL),
    CUSTOMERS(Family.TOUCHPOINTS, "count", Direction.NEUTRAL),
    SESSIONS(Family.SESSIONS, "count", Direction.NEUTRAL),
    CHANNEL_SWITCHES_MEAN(Family.SESSIONS, "count", Direction.LOWER_IS_BETTER),
    NPS(Family.NPS, "points", Direction.HIGHER_IS_BETTER),
    NPS_EXCLUDED(Family.NPS, "count", Direction.NEUTRAL),
    CSAT(Family.CSAT, "percent", Direction.HIGHER_IS_BETTER),
    CSAT_MEAN(Family.CSAT, "score", Direction.HIGHER_IS_BETTER),
    CSAT_EXCLUDED(Family.CSAT, "count", Direction.NEUTRAL),
    CES(Family.CES, "score", Direction.HIGHER_IS_BETTER),
    CES_EXCLUDED(Family.CES, "count", Direction.NEUTRAL),
    WAIT_P50(Family.WAIT, "ms", Direction.LOWER_IS_BETTER),
    WAIT_P90(Family.WAIT, "ms", Direction.LOWER_IS_BETTER),
    WAIT_P95(Family.WAIT, "ms", Direction.LOWER_IS_BETTER),
    HANDLE_P50(Family.HANDLE, "ms", Direction.LOWER_IS_BETTER),
    HANDLE_P90(Family.HANDLE, "ms", Direction.LOWER_IS_BETTER),
    ABANDONMENT_RATE(Family.QUEUE, "percent", Direction.LOWER_IS_BETTER),
    SERVICE_LEVEL(Family.QUEUE, "percent", Direction.HIGHER_IS_BETTER),
    REPEAT_CONTACT_RATE(Family.CONTACTS, "percent", Direction.LOWER_IS_BETTER),
    FCR_GROSS(Family.ISSUES, "percent", Direction.HIGHER_IS_BETTER),
    FCR_NET(Family.ISSUES, "percent", Direction.HIGHER_IS_BETTER),
    FCR_BEHAVIOURAL(Family.ISSUES, "percent", Direction.HIGHER_IS_BETTER);

    private final String id;
    private final Family family;
    private final String unit;
    private final Direction direction;

    Metric(Family family, String unit, Direction direction) {
        this.id = name().toLowerCase(Locale.ROOT);
        this.family = family;
        this.unit = unit;
        this.direction = direction;
    }

    /** Which way is good. */
    public enum Direction {
        HIGHER_IS_BETTER,
        LOWER_IS_BETTER,
        NEUTRAL;

        private final String code = name().toLowerCase(Locale.ROOT);

        /** The name documents carry. */
        public String code() {
            return code;
        }
    }

    /** The metric id documents carry. */
    public String id() {
        return id;
    }

    /** @throws IllegalArgumentException where the catalogue has no such id */
    public static Metric ofId(String id) {
        for (Metric metric : values()) {
            if (metric.id().equals(id)) {
                return metric;
            }
        }
        throw new IllegalArgumentException("no metric is called " + id);
    }

    public Family family() {
        return family;
    }

    /** percent, points, score, ms or count. */
    public String unit() {
        return unit;
    }

    /** For {@link #CES} the direction of the survey takes its place. */
    public Direction direction() {
        return direction;
    }

    /** Grows with every change of the formula. For {@link #SERVICE_LEVEL} it is the number of the named variant. */
    public int formulaVersion(MeasureConfig config) {
        return this == SERVICE_LEVEL ? config.serviceLevelVariant().number() : 1;
    }
}
