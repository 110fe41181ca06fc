package io.throughline.domain.measure;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Metrics computed from the same facts, hence held in one series. */
public enum Family {
    NPS(1),
    CSAT(2),
    CES(3),
    WAIT(4),
    HANDLE(5),
    QUEUE(6),
    TOUCHPOINTS(7),
    SESSIONS(8),
    CONTACTS(9),
    ISSUES(10),
    /** How sessions went: flags, see {@link SessionCourse}. */
    COURSES(11),
    /** Changes of channel within sessions; broken down by from and to. */
    TRANSITIONS(12),
    FIRST_RESPONSE(13),
    RESOLUTION(14),
    SILENCE(15),
    /** How much it took to handle issues. */
    HANDLING(16),
    PROMISES(17),
    /** Messages by e-mail, their openings and clicks. */
    EMAIL(18),
    SOCIAL(19),
    /** How soon queued contacts were answered. */
    ANSWER(20),
    SENTIMENT(21),
    /** Broken down by currency. */
    PURCHASES(22),
    /** What customers did, see {@link CustomerBins}. */
    CUSTOMERS(23),
    /** Satisfaction of sessions with and without a factor. */
    DRIVERS(24),
    /** Self-service that did and did not end with a person. */
    SELF_SERVICE(25),
    /** Scores computed from other metrics; no fact is of this family. */
    EXPECTATIONS(26),
    JOURNEYS(27),
    /** From the beginning of a journey to its first conversion. */
    CONVERSION_TIME(28),
    /** Time spent in one stage of a journey. */
    DWELL(29);

    static final int COUNT = values().length;

    private static final Family[] BY_ID = byId();

    private final byte id;

    Family(int id) {
        this.id = (byte) id;
    }

    private static Family[] byId() {
        Family[] families = new Family[values().length + 1];
        for (Family family : values()) {
            families[family.id] = family;
        }
        return families;
    }

    /** What metrics are broken down by, beside dimensions of their own. */
    public enum BrokenDown {
        /** Combinations of {@code measure.dimensions}. */
        BY_DIMENSIONS,
        /** Combinations of {@code measure.customer_dimensions}. */
        BY_CUSTOMER_DIMENSIONS,
        /** By none, whatever is configured. */
        NOT
    }

    /** For {@link #EXPECTATIONS} as what they are computed from. */
    public BrokenDown brokenDown() {
        return switch (this) {
            case CUSTOMERS -> BrokenDown.BY_CUSTOMER_DIMENSIONS;
            case TRANSITIONS, SELF_SERVICE, DRIVERS -> BrokenDown.NOT;
            default -> BrokenDown.BY_DIMENSIONS;
        };
    }

    /** The number written into state and between operators; never reused. */
    public byte id() {
        return id;
    }

    /** @throws IllegalArgumentException where no family has the number */
    public static Family ofId(byte id) {
        if (id < 1 || id >= BY_ID.length) {
            throw new IllegalArgumentException("no metric family has the id " + id);
        }
        return BY_ID[id];
    }

    /** In the order they are published. */
    public List<Metric> metrics() {
        return Metrics.OF.getOrDefault(this, List.of());
    }

    /** Known once: facts ask at every touchpoint which families are published. Apart, for metrics name their families. */
    private static final class Metrics {
        static final Map<Family, List<Metric>> OF = Arrays.stream(Metric.values())
                .collect(Collectors.groupingBy(
                        Metric::family, () -> new EnumMap<>(Family.class), Collectors.toUnmodifiableList()));
    }

    /**
     * Whether a value is read from everything counted, customer by customer, and not from a handful of bins: such series
     * are published less often.
     */
    boolean isReadByCustomer() {
        return this == EMAIL || this == CUSTOMERS;
    }
}
