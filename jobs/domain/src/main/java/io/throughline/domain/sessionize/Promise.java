package io.throughline.domain.sessionize;

import org.jspecify.annotations.Nullable;

/**
 * Something the company promised. Times are event times, epoch milliseconds.
 *
 * @param touchpointId touchpoint it was made in
 * @param name {@code properties.promise}
 * @param due when it is to be kept by
 * @param keptAt when it was kept, in time or not
 * @param takenBack whether the company said that it broke it
 */
public record Promise(
        String touchpointId,
        @Nullable String name,
        long madeAt,
        @Nullable Long due,
        @Nullable Long keptAt,
        boolean takenBack,
        Status status) {

    /** What became of a promise. */
    public enum Status {
        OPEN,
        /** In time, or whenever where nothing was due. */
        KEPT,
        BROKEN
    }

    /** As it stands at this event time: what is due by then and not kept is broken. */
    Promise asOf(long now) {
        Status standing;
        if (takenBack) {
            standing = Status.BROKEN;
        } else if (keptAt != null) {
            standing = due == null || keptAt <= due ? Status.KEPT : Status.BROKEN;
        } else {
            standing = due != null && due <= now ? Status.BROKEN : Status.OPEN;
        }
        return standing == status ? this : new Promise(touchpointId, name, madeAt, due, keptAt, takenBack, standing);
    }
}
