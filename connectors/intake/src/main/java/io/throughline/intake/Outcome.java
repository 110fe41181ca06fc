package io.throughline.intake;

import io.throughline.schemas.Touchpoint;

/** What became of one event. */
public sealed interface Outcome {

    /** It is a touchpoint. Ingest still judges it as it judges any other. */
    record Mapped(Touchpoint touchpoint) implements Outcome {}

    /**
     * It cannot be a touchpoint.
     *
     * @param detail names the field and, unless it is an identifier's, the value; safe to log
     */
    record Rejected(RejectReason reason, String detail) implements Outcome {}

    /**
     * It is sound and no touchpoint.
     *
     * @param why the rule's name for the event, such as {@code group} or {@code page_ping}; of a closed set per mapping
     */
    record Ignored(String why) implements Outcome {}
}
