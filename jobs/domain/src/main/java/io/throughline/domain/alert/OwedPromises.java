package io.throughline.domain.alert;

import io.throughline.domain.alert.AlertState.Current;
import io.throughline.domain.touchpoint.Promised;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Follows what one customer was promised, as issues do: what is kept, moved or said to be broken is the earliest promise of that
 * name that is neither kept nor said to be broken; where no name is said, the earliest of any. Issues are about one subject
 * each, so a promise about the same topic or case is preferred, and one about another is never meant.
 */
final class OwedPromises {

    /** One promise, as it ends. */
    static final class Owed {
        final @Nullable String name;
        private final Current made;
        /** What says when it is due: what made it, or what moved it. */
        Current said;

        @Nullable
        Current kept;

        private @Nullable Long due;
        private long mentionedAt;

        private Owed(@Nullable String name, Current made, @Nullable Long due) {
            this.name = name;
            this.made = made;
            this.said = made;
            this.due = due;
            this.mentionedAt = made.signal().eventTime();
        }

        private void dueAt(@Nullable Long time, Current mover) {
            if (time != null && !time.equals(due)) {
                due = time;
                said = mover;
            }
        }
    }

    private final Pattern.Absence pattern;
    private final String dueProperty;
    private final long longestWaitMs;
    private final List<Owed> all = new ArrayList<>();
    private final List<Owed> open = new ArrayList<>();

    /**
     * @param dueProperty the one that holds the time promised
     * @param longestWaitMs nothing is about a promise that was last spoken of longer ago, and none is waited for longer
     * @param said what makes, moves and takes back promises, by event time, then touchpoint_id
     * @param kept what keeps them, likewise
     */
    OwedPromises(
            Pattern.Absence pattern, String dueProperty, long longestWaitMs, List<Current> said, List<Current> kept) {
        this.pattern = pattern;
        this.dueProperty = dueProperty;
        this.longestWaitMs = longestWaitMs;
        int keeps = 0;
        for (Current next : said) {
            for (; keeps < kept.size() && kept.get(keeps).compareTo(next) <= 0; keeps++) {
                keep(kept.get(keeps));
            }
            say(next);
        }
        for (; keeps < kept.size(); keeps++) {
            keep(kept.get(keeps));
        }
    }

    /** In the order in which they were made. */
    List<Owed> all() {
        return all;
    }

    /** From a promise to what was said of it: who forgets the one without the other finds the other to be about another. */
    List<Causes.Span> spans() {
        return all.stream()
                .map(owed -> new Causes.Span(owed.made.signal().eventTime(), owed.mentionedAt))
                .toList();
    }

    /** By when it must be kept; null where nothing was promised, or for a time beyond all that is remembered. */
    @Nullable
    Long deadline(Owed owed) {
        if (owed.due == null || owed.due > Long.MAX_VALUE - pattern.withinMs()) {
            return null;
        }
        long deadline = owed.due + pattern.withinMs();
        long since = owed.said.signal().eventTime();
        if (deadline < since) {
            return owed.said == owed.made ? null : (Long) since;
        }
        return deadline - since <= longestWaitMs ? (Long) deadline : null;
    }

    private void say(Current next) {
        String kind = next.signal().kind();
        boolean moves = kind.equals(Promised.DUE);
        boolean takesBack = kind.equals(Promised.BROKEN);
        Owed owed = moves || takesBack ? meant(next) : null;
        if (owed != null) {
            owed.mentionedAt = next.signal().eventTime();
            if (moves) {
                owed.dueAt(due(next), next);
            } else {
                open.remove(owed);
            }
        } else if (!takesBack) {
            Owed made = new Owed(name(next), next, due(next));
            all.add(made);
            open.add(made);
        }
    }

    private void keep(Current next) {
        Owed owed = meant(next);
        if (owed != null) {
            owed.mentionedAt = next.signal().eventTime();
            owed.kept = next;
            open.remove(owed);
        }
    }

    private @Nullable Owed meant(Current next) {
        String name = name(next);
        Owed maybe = null;
        for (Owed owed : open) {
            if (!Promised.means(name, owed.name) || next.signal().eventTime() - owed.mentionedAt > longestWaitMs) {
                continue;
            }
            String topic = owed.made.signal().topic();
            String caseId = owed.made.signal().caseId();
            boolean sameTopic = topic != null && topic.equals(next.signal().topic());
            boolean sameCase = caseId != null && caseId.equals(next.signal().caseId());
            if (sameTopic || sameCase) {
                return owed;
            }
            boolean otherTopic = topic != null && next.signal().topic() != null;
            boolean otherCase = caseId != null && next.signal().caseId() != null;
            if (maybe == null && !otherTopic && !otherCase) {
                maybe = owed;
            }
        }
        return maybe;
    }

    private @Nullable String name(Current current) {
        return pattern.linkedBy() == null ? null : Pattern.link(pattern.linkedBy(), current.signal());
    }

    private @Nullable Long due(Current current) {
        String written = current.signal().properties().get(dueProperty);
        return written == null ? null : Promised.dueAt(written);
    }
}
