package io.throughline.dashboard.read;

import co.elastic.clients.elasticsearch._types.query_dsl.Query;
import java.time.Instant;

/**
 * A stretch of event time: the length of the window before its end, the end itself included.
 *
 * @param until where it ends
 */
public record Period(Window window, Instant until) {

    public Instant after() {
        return until.minus(window.length());
    }

    Query over(String field) {
        return Searches.within(field, after(), until);
    }
}
