package io.throughline.domain.measure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The catalogue; {@code docs/metrics.md} gives every formula with worked numbers. */
public enum Metric {
    TOUCHPOINTS(Family.TOUCHPOINTS, "count", Direction.NEUTRAL),
    CUSTOMERS(Family.TOUCHPOINTS, "count", Direction.NEUTRAL),
    SESSIONS(Family.SESSIONS, "count", Direction.NEUTRAL),
    CHANNEL_SWITCHES_MEAN(Family.SESSIONS, "count", Direction.LOWER_IS_BETTER),
    CHANNEL_SWITCH_RATE(Family.COURSES, "percent", Direction.LOWER_IS_BETTER),
    CHANNEL_TRANSITIONS(Family.TRANSITIONS, "count", Direction.NEUTRAL),
    TRAFFIC(Family.COURSES, "count", Direction.NEUTRAL),
    SOCIAL_ENGAGEMENT(Family.SOCIAL, "count", Direction.HIGHER_IS_BETTER),
    SOCIAL_CUSTOMERS(Family.SOCIAL, "count", Direction.HIGHER_IS_BETTER),
    EMAIL_DELIVERED(Family.EMAIL, "count", Direction.NEUTRAL),
    EMAIL_OPEN_RATE(Family.EMAIL, "percent", Direction.HIGHER_IS_BETTER),
    EMAIL_CLICK_RATE(Family.EMAIL, "percent", Direction.HIGHER_IS_BETTER),
    NPS(Family.NPS, "points", Direction.HIGHER_IS_BETTER),
    NPS_EXCLUDED(Family.NPS, "count", Direction.NEUTRAL),
    CSAT(Family.CSAT, "percent", Direction.HIGHER_IS_BETTER),
    CSAT_MEAN(Family.CSAT, "score", Direction.HIGHER_IS_BETTER),
    CSAT_EXCLUDED(Family.CSAT, "count", Direction.NEUTRAL),
    CES(Family.CES, "score", Direction.HIGHER_IS_BETTER),
    CES_EXCLUDED(Family.CES, "count", Direction.NEUTRAL),
    SENTIMENT_MEAN(Family.SENTIMENT, "score", Direction.HIGHER_IS_BETTER),
    SENTIMENT_EXCLUDED(Family.SENTIMENT, "count", Direction.NEUTRAL),
    WAIT_P50(Family.WAIT, "ms", Direction.LOWER_IS_BETTER),
    WAIT_P90(Family.WAIT, "ms", Direction.LOWER_IS_BETTER),
    WAIT_P95(Family.WAIT, "ms", Direction.LOWER_IS_BETTER),
    WAIT_EXCLUDED(Family.WAIT, "count", Direction.NEUTRAL),
    HANDLE_P50(Family.HANDLE, "ms", Direction.LOWER_IS_BETTER),
    HANDLE_P90(Family.HANDLE, "ms", Direction.LOWER_IS_BETTER),
    HANDLE_P95(Family.HANDLE, "ms", Direction.LOWER_IS_BETTER),
    HANDLE_EXCLUDED(Family.HANDLE, "count", Direction.NEUTRAL),
    ASA(Family.ANSWER, "ms", Direction.LOWER_IS_BETTER),
    ABANDONMENT_RATE(Family.QUEUE, "percent", Direction.LOWER_IS_BETTER),
    SERVICE_LEVEL(Family.QUEUE, "percent", Direction.HIGHER_IS_BETTER),
    REPEAT_CONTACT_RATE(Family.CONTACTS, "percent", Direction.LOWER_IS_BETTER),
    FCR_GROSS(Family.ISSUES, "percent", Direction.HIGHER_IS_BETTER),
    FCR_NET(Family.ISSUES, "percent", Direction.HIGHER_IS_BETTER),
    FCR_BEHAVIOURAL(Family.ISSUES, "percent", Direction.HIGHER_IS_BETTER),
    FIRST_RESPONSE_P50(Family.FIRST_RESPONSE, "ms", Direction.LOWER_IS_BETTER),
    FIRST_RESPONSE_P90(Family.FIRST_RESPONSE, "ms", Direction.LOWER_IS_BETTER),
    FIRST_RESPONSE_P95(Family.FIRST_RESPONSE, "ms", Direction.LOWER_IS_BETTER),
    RESOLUTION_P50(Family.RESOLUTION, "ms", Direction.LOWER_IS_BETTER),
    RESOLUTION_P90(Family.RESOLUTION, "ms", Direction.LOWER_IS_BETTER),
    RESOLUTION_P95(Family.RESOLUTION, "ms", Direction.LOWER_IS_BETTER),
    RESOLUTION_RATE(Family.HANDLING, "percent", Direction.HIGHER_IS_BETTER),
    TRANSFER_RATE(Family.HANDLING, "percent", Direction.LOWER_IS_BETTER),
    HANDOFFS_MEAN(Family.HANDLING, "count", Direction.LOWER_IS_BETTER),
    CONTACTS_MEAN(Family.HANDLING, "count", Direction.LOWER_IS_BETTER),
    RE_ASK_RATE(Family.HANDLING, "percent", Direction.LOWER_IS_BETTER),
    SILENCE_GAP_P50(Family.SILENCE, "ms", Direction.LOWER_IS_BETTER),
    SILENCE_GAP_P90(Family.SILENCE, "ms", Direction.LOWER_IS_BETTER),
    SILENCE_GAP_P95(Family.SILENCE, "ms", Direction.LOWER_IS_BETTER),
    PROMISE_KEPT_RATE(Family.PROMISES, "percent", Direction.HIGHER_IS_BETTER),
    CONTAINMENT_RATE(Family.COURSES, "percent", Direction.HIGHER_IS_BETTER),
    FAILED_SELF_SERVICE_RATE(Family.SELF_SERVICE, "percent", Direction.LOWER_IS_BETTER),
    ERROR_RATE(Family.COURSES, "percent", Direction.LOWER_IS_BETTER),
    COMPLAINT_RATE(Family.COURSES, "percent", Direction.LOWER_IS_BETTER),
    CONVERSION_RATE(Family.COURSES, "percent", Direction.HIGHER_IS_BETTER),
    REVENUE(Family.PURCHASES, "amount", Direction.HIGHER_IS_BETTER),
    ORDER_VALUE_MEAN(Family.PURCHASES, "amount", Direction.HIGHER_IS_BETTER),
    PURCHASE_FREQUENCY(Family.CUSTOMERS, "count", Direction.HIGHER_IS_BETTER),
    MULTICHANNEL_PURCHASE_SHARE(Family.CUSTOMERS, "percent", Direction.NEUTRAL),
    REPEAT_PURCHASE_RATE(Family.CUSTOMERS, "percent", Direction.HIGHER_IS_BETTER),
    FUNNEL_CONVERSION(Family.CUSTOMERS, "percent", Direction.HIGHER_IS_BETTER),
    JOURNEYS(Family.JOURNEYS, "count", Direction.NEUTRAL),
    JOURNEY_CONVERSION_RATE(Family.JOURNEYS, "percent", Direction.HIGHER_IS_BETTER),
    JOURNEY_ABANDONMENT_RATE(Family.JOURNEYS, "percent", Direction.LOWER_IS_BETTER),
    CONVERSION_TIME_P50(Family.CONVERSION_TIME, "ms", Direction.LOWER_IS_BETTER),
    CONVERSION_TIME_P90(Family.CONVERSION_TIME, "ms", Direction.LOWER_IS_BETTER),
    CONVERSION_TIME_P95(Family.CONVERSION_TIME, "ms", Direction.LOWER_IS_BETTER),
    STAGE_DWELL_P50(Family.DWELL, "ms", Direction.NEUTRAL),
    STAGE_DWELL_P90(Family.DWELL, "ms", Direction.NEUTRAL),
    STAGE_DWELL_P95(Family.DWELL, "ms", Direction.NEUTRAL),
    RETENTION_RATE(Family.CUSTOMERS, "percent", Direction.HIGHER_IS_BETTER),
    CHURN_RATE(Family.CUSTOMERS, "percent", Direction.LOWER_IS_BETTER),
    DRIVER_CSAT_EFFECT(Family.DRIVERS, "score", Direction.NEUTRAL),
    DRIVER_CSAT_SHARE(Family.DRIVERS, "percent", Direction.NEUTRAL),
    DRIVER_CSAT_IMPACT(Family.DRIVERS, "score", Direction.NEUTRAL),
    DRIVER_NPS_EFFECT(Family.DRIVERS, "points", Direction.NEUTRAL),
    DRIVER_NPS_SHARE(Family.DRIVERS, "percent", Direction.NEUTRAL),
    DRIVER_NPS_IMPACT(Family.DRIVERS, "points", Direction.NEUTRAL),
    EXPECTATION_SPEED_FLEXIBILITY(Family.EXPECTATIONS, "score", Direction.HIGHER_IS_BETTER),
    EXPECTATION_RELIABILITY_TRANSPARENCY(Family.EXPECTATIONS, "score", Direction.HIGHER_IS_BETTER),
    EXPECTATION_INTERACTION_ATTENTION(Family.EXPECTATIONS, "score", Direction.HIGHER_IS_BETTER),
    EXPECTATION_DISSATISFACTION_CLOSURE(Family.EXPECTATIONS, "score", Direction.HIGHER_IS_BETTER);

    private static final Map<String, Metric> BY_ID =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Metric::id, Function.identity()));

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

    /** Whether the catalogue has such an id. */
    public static boolean exists(String id) {
        return BY_ID.containsKey(id);
    }

    /** @throws IllegalArgumentException where the catalogue has no such id */
    public static Metric ofId(String id) {
        Metric metric = BY_ID.get(id);
        if (metric == null) {
            throw new IllegalArgumentException("no metric is called " + id);
        }
        return metric;
    }

    public Family family() {
        return family;
    }

    /** Dimensions of its own that every value has. */
    public Set<String> alwaysBy() {
        return switch (this) {
            case CHANNEL_TRANSITIONS -> Set.of("from_channel", "to_channel");
            case REVENUE, ORDER_VALUE_MEAN -> Set.of("currency");
            case FUNNEL_CONVERSION -> Set.of("stages");
            default -> family == Family.DRIVERS ? Set.of("factor") : Set.of();
        };
    }

    /** Dimensions of its own that some of its values have. */
    public Set<String> sometimesBy() {
        return switch (this) {
            case CSAT_MEAN, CES -> Set.of("scale");
            case PURCHASE_FREQUENCY -> Set.of("channels_used");
            default -> Set.of();
        };
    }

    /** percent, points, score, ms, count or amount. */
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
