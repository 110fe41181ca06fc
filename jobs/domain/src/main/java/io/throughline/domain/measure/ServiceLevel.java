package io.throughline.domain.measure;

/**
 * The service level formulas in use; the same day gives 83, 86, 81 and 83 % by them, so every number names its own. T
 * is {@code measure.service_level_threshold}. Source: callcentrehelper 206890, ICMI 2002.
 */
public enum ServiceLevel {
    /** (answered within T + abandoned within T) / (answered + abandoned). */
    WITHIN_OF_OFFERED(1),
    /** answered within T / answered. */
    ANSWERED_OF_ANSWERED(2),
    /** answered within T / (answered + abandoned). */
    ANSWERED_OF_OFFERED(3),
    /** answered within T / (answered + abandoned after T). */
    SHORT_ABANDONS_EXCLUDED(4);

    private final int number;

    ServiceLevel(int number) {
        this.number = number;
    }

    /** What {@code formula_version} of service_level carries. */
    public int number() {
        return number;
    }
}
