package io.throughline.domain.sessionize;

import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Notices facts that cannot all be true, or that take each other back. They are kept and counted as they are; the document
 * says that somebody should look at its source.
 */
final class Contradictions {
    /** A conversation that was waited for ended, was not abandoned, and nobody had answered it. */
    static final String ENDED_WITHOUT_ANSWER = "ended_without_answer";

    /** A purchase of a negative amount, or a kind of {@code sessionize.reversal_kinds}. */
    static final String PURCHASE_REVERSED = "purchase_reversed";

    /** A wait or handling time below zero; ingest leaves it out and says so. */
    static final String NEGATIVE_DURATION = "negative_duration";

    /** A handling time longer than all that was heard of. */
    static final String HANDLE_EXCEEDS_SESSION = "handle_exceeds_session";

    /** A promise kept, broken or due that was never made. */
    static final String UNKNOWN_PROMISE = "unknown_promise";

    /** A due time that is no time. */
    static final String UNREADABLE_DUE = "unreadable_due";

    private static final String ANSWERED = "_answered";
    private static final String ENDED = "_ended";
    private static final Set<String> QUEUES = Set.of("call", "chat", "video");

    private final Set<String> reversalKinds;
    private Set<String> found = Set.of();
    private Set<String> answered = Set.of();
    private long longestHandleMs;

    Contradictions(Set<String> reversalKinds) {
        this.reversalKinds = reversalKinds;
    }

    static boolean reverses(Touchpoint touchpoint, Set<String> reversalKinds) {
        Money value = touchpoint.value();
        return reversalKinds.contains(touchpoint.kind())
                || (touchpoint.kind().equals("purchase") && value != null && value.micros() < 0);
    }

    void add(Touchpoint next) {
        String kind = next.kind();
        if (kind.endsWith(ANSWERED)) {
            if (answered.isEmpty()) {
                answered = new HashSet<>();
            }
            answered.add(kind.substring(0, kind.length() - ANSWERED.length()));
        } else if (kind.endsWith(ENDED) && !"abandoned".equals(next.outcome())) {
            String queue = kind.substring(0, kind.length() - ENDED.length());
            if (QUEUES.contains(queue) && !answered.contains(queue)) {
                note(ENDED_WITHOUT_ANSWER);
            }
        }
        if (reverses(next, reversalKinds)) {
            note(PURCHASE_REVERSED);
        }
        if (isNegative(next.waitMs())
                || isNegative(next.handleMs())
                || (!next.properties().isEmpty()
                        && (next.properties().containsKey("dropped_wait_ms")
                                || next.properties().containsKey("dropped_handle_ms")))) {
            note(NEGATIVE_DURATION);
        }
        if (next.handleMs() != null) {
            longestHandleMs = Math.max(longestHandleMs, next.handleMs());
        }
    }

    void note(String flag) {
        if (found.isEmpty()) {
            found = new TreeSet<>();
        }
        found.add(flag);
    }

    /** Sorted. */
    List<String> flags() {
        return List.copyOf(found);
    }

    /** The same, and whether anything was handled for longer than this. */
    List<String> flags(long durationMs) {
        if (longestHandleMs > durationMs) {
            note(HANDLE_EXCEEDS_SESSION);
        }
        return List.copyOf(found);
    }

    private static boolean isNegative(@Nullable Long duration) {
        return duration != null && duration < 0;
    }
}
