package io.throughline.dashboard.read;

import java.util.List;

/** The names the index job keeps pointing at the live generation of indices. */
final class Alias {

    static final String TOUCHPOINTS = "throughline-touchpoints";
    static final String CUSTOMERS = "throughline-customers";
    static final String SESSIONS = "throughline-sessions";
    static final String ISSUES = "throughline-issues";
    static final String JOURNEYS = "throughline-journeys";
    static final String TRANSITIONS = "throughline-transitions";
    static final String METRICS = "throughline-metrics";
    static final String ALERTS = "throughline-alerts";
    static final String IDENTITY_CHANGES = "throughline-identity-changes";
    static final String REJECTED = "throughline-rejected";
    static final String RULE_ERRORS = "throughline-rule-errors";
    static final String ACCOUNTING = "throughline-accounting";
    static final String QUALITY = "throughline-quality";

    static final List<String> ALL = List.of(
            TOUCHPOINTS,
            CUSTOMERS,
            SESSIONS,
            ISSUES,
            JOURNEYS,
            TRANSITIONS,
            METRICS,
            ALERTS,
            IDENTITY_CHANGES,
            REJECTED,
            RULE_ERRORS,
            ACCOUNTING,
            QUALITY);

    private Alias() {}
}
