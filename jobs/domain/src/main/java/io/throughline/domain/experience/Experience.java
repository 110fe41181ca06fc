package io.throughline.domain.experience;

import java.util.Locale;

/** What can move a customer's experience score. */
public enum Experience {
    /** An answer to a survey on its scale: its points at the best answer, as many less at the worst, none in the middle. */
    SATISFACTION,
    /** Its points at 1, as many less at -1. */
    SENTIMENT,
    COMPLAINT,
    ERROR,
    /** The customer gave up waiting. */
    ABANDONED,
    LONG_WAIT,
    TRANSFER,
    PROMISE_KEPT,
    PROMISE_BROKEN,
    RESOLVED,
    PURCHASE;

    /** @throws IllegalArgumentException where no experience has the name */
    public static Experience ofCode(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }

    /** The name documents carry. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
