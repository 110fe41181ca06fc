package io.throughline.delivery;

import java.util.Locale;

/** How urgent an alert is, mildest first. */
public enum Severity {
    INFO,
    WARNING,
    ERROR,
    CRITICAL;

    /** As documents spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isAtLeast(Severity other) {
        return compareTo(other) >= 0;
    }
}
