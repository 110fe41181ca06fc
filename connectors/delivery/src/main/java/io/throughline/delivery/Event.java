package io.throughline.delivery;

import java.util.Locale;

/** What happened to an alert. */
public enum Event {
    OPENED(true),
    ACKNOWLEDGED(true),
    ASSIGNED(true),
    ESCALATED(true),
    REOPENED(true),
    RESOLVED(false),
    /** A correction removed the cause: there was nothing to be alerted about. */
    RETRACTED(false);

    private final boolean standing;

    Event(boolean standing) {
        this.standing = standing;
    }

    /** Whether somebody still has to act on the alert afterwards. */
    boolean leavesItStanding() {
        return standing;
    }

    /** As documents spell it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
