package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Promised;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows what was promised. What is kept, broken or due is the earliest promise of that name that is neither kept nor
 * taken back; where no name is said, the earliest of any.
 */
final class Promises {
    private List<Promise> made = List.of();

    static boolean concerns(Touchpoint touchpoint) {
        return touchpoint.kind().startsWith("promise_")
                && switch (touchpoint.kind()) {
                    case Promised.MADE, Promised.DUE, Promised.KEPT, Promised.BROKEN -> true;
                    default -> false;
                };
    }

    void add(Touchpoint next, Contradictions contradictions) {
        if (!concerns(next)) {
            return;
        }
        String name = next.properties().get("promise");
        if (next.kind().equals(Promised.MADE)) {
            if (made.isEmpty()) {
                made = new ArrayList<>();
            }
            made.add(new Promise(
                    next.touchpointId(),
                    name,
                    next.eventTime(),
                    due(next, contradictions),
                    null,
                    false,
                    Promise.Status.OPEN));
            return;
        }
        int place = unsettled(name);
        if (place < 0) {
            contradictions.note(Contradictions.UNKNOWN_PROMISE);
            return;
        }
        Promise promise = made.get(place);
        Long due = next.kind().equals(Promised.DUE) ? due(next, contradictions) : null;
        made.set(
                place,
                new Promise(
                        promise.touchpointId(),
                        promise.name(),
                        promise.madeAt(),
                        due != null ? due : promise.due(),
                        next.kind().equals(Promised.KEPT) ? Long.valueOf(next.eventTime()) : promise.keptAt(),
                        next.kind().equals(Promised.BROKEN),
                        Promise.Status.OPEN));
    }

    private int unsettled(@Nullable String name) {
        for (int i = 0; i < made.size(); i++) {
            Promise promise = made.get(i);
            if (promise.keptAt() == null && !promise.takenBack() && Promised.means(name, promise.name())) {
                return i;
            }
        }
        return -1;
    }

    private static @Nullable Long due(Touchpoint touchpoint, Contradictions contradictions) {
        String written = touchpoint.properties().get("due");
        Long due = written == null ? null : Promised.dueAt(written);
        if (written != null && due == null) {
            contradictions.note(Contradictions.UNREADABLE_DUE);
        }
        return due;
    }

    List<Promise> asOf(long now, long graceMs) {
        if (made.isEmpty()) {
            return List.of();
        }
        List<Promise> standing = new ArrayList<>(made.size());
        made.forEach(promise -> standing.add(promise.asOf(now, graceMs)));
        return standing;
    }
}
