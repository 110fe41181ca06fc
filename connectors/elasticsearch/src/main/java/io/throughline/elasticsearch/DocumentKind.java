package io.throughline.elasticsearch;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The kinds of documents and where each is kept: {@code throughline-KIND-gGENERATION}, for touchpoints one index per month.
 * Readers use the alias {@code throughline-KIND}, which covers the live generation only.
 */
public enum DocumentKind {
    /** Monthly by event time, the only time of a document that no correction moves. */
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
    /** Rules whose conditions cannot be evaluated, by the task that counts. */
    RULE_ERRORS,
    ACCOUNTING,
    /** How each source's account stood at the end of every hour: what accounting says, over time. */
    QUALITY;

    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("uuuu.MM", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The kind's word in index names, topics and files, for example {@code identity-changes}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Name under which the live generation is searched. */
    public String alias() {
        return "throughline-" + word();
    }

    public boolean monthly() {
        return this == TOUCHPOINTS;
    }

    /** The one index of an undivided kind. */
    public String index(int generation) {
        if (monthly()) {
            throw new IllegalArgumentException(
                    word() + " are divided by month; a document's index needs its event time");
        }
        return prefix(generation);
    }

    /** The index of a document with this event time. */
    public String index(int generation, Instant eventTime) {
        return monthly() ? prefix(generation) + "-" + MONTH.format(eventTime) : prefix(generation);
    }

    /** Matches every index of the kind and generation and no other. */
    public String pattern(int generation) {
        return monthly() ? prefix(generation) + "-*" : prefix(generation);
    }

    /** Matches every index of the kind, whichever its generation, and no other. */
    String everyGeneration() {
        return alias() + "-g*";
    }

    String template(int generation) {
        return prefix(generation);
    }

    private String prefix(int generation) {
        return alias() + "-g" + generation;
    }
}
