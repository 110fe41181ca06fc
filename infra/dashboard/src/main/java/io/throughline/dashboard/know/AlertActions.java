package io.throughline.dashboard.know;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Takes what people do about alerts to where it counts. */
@FunctionalInterface
public interface AlertActions {

    /**
     * One command.
     *
     * @param verb acknowledge, assign, resolve, reopen, silence or unsilence
     * @param expectedVersion the version of the alert the person saw; null: whatever it is
     * @param until for silence
     */
    record Command(
            String verb,
            String alertId,
            String by,
            @Nullable Integer expectedVersion,
            @Nullable String assignee,
            @Nullable String because,
            @Nullable Instant until) {}

    /**
     * Returns when it is taken; that it has an effect is seen on the alert later.
     *
     * @throws IOException where it was not taken; the message says why in one line
     */
    void send(Command command) throws IOException;
}
