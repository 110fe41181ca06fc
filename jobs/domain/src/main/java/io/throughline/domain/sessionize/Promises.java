package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Touchpoint;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Follows what was promised. What is kept, broken or due is the earliest promise of that name that is neither kept nor
 * taken back; where no name is said, the earliest of any.
 */
final class Promises {
    static final String MADE = "promise_made";
    static final String DUE = "promise_due";
    static final String KEPT = "promise_kept";
    static final String BROKEN = "promise_broken";

    private List<Promise> made = List.of();

    static boolean concerns(Touchpoint touchpoint) {
        return touchpoint.kind().startsWith("promise_")
                && switch (touchpoint.kind()) {
                    case MADE, DUE, KEPT, BROKEN -> true;
                    default -> false;
                };
    }

    void add(Touchpoint next, Contradictions contradictions) {
        if (!concerns(next)) {
            return;
        }
        String name = next.properties().get("promise");
        if (next.kind().equals(MADE)) {
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
        Long due = next.kind().equals(DUE) ? due(next, contradictions) : null;
        made.set(
                place,
                new Promise(
                        promise.touchpointId(),
                        promise.name(),
                        promise.madeAt(),
                        due != null ? due : promise.due(),
                        next.kind().equals(KEPT) ? Long.valueOf(next.eventTime()) : promise.keptAt(),
                        next.kind().equals(BROKEN),
                        Promise.Status.OPEN));
    }

    private int unsettled(@Nullable String name) {
        for (int i = 0; i < made.size(); i++) {
            Promise promise = made.get(i);
            if (promise.keptAt() == null
                    && !promise.takenBack()
                    && (name == null || Objects.equals(name, promise.name()))) {
                return i;
            }
        }
        return -1;
    }

    /** ISO-8601 with an offset, or epoch milliseconds. */
    private static @Nullable Long due(Touchpoint touchpoint, Contradictions contradictions) {
        String text = touchpoint.properties().get("due");
        if (text == null) {
            return null;
        }
        try {
            return text.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? Long.parseLong(text)
                    : OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
            contradictions.note(Contradictions.UNREADABLE_DUE);
            return null;
        }
    }

    List<Promise> asOf(long now) {
        if (made.isEmpty()) {
            return List.of();
        }
        List<Promise> standing = new ArrayList<>(made.size());
        made.forEach(promise -> standing.add(promise.asOf(now)));
        return standing;
    }
}
