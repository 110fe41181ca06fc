package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.CustomerState.AsRead;
import io.throughline.domain.sessionize.CustomerState.Memory;
import io.throughline.domain.sessionize.CustomerState.Memory.Fact;
import io.throughline.domain.sessionize.CustomerState.Memory.Touch;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One touchpoint_id as one customer holds it: what was attributed, what counts of it, what was said about it. */
final class Held {

    /** Publications of one attribution that a revision can tell apart. */
    static final int REVISION_BITS = 20;

    private static final int MOST_PUBLICATIONS = (1 << REVISION_BITS) - 1;

    final String id;
    final Hash128 hash;

    /** Nearly always one. What it is does not change, another takes its place. */
    private List<Fact> facts;

    /** What counts: the highest sequence attributed more often than withdrawn. */
    private @Nullable Fact current;

    private boolean starts;
    private boolean issueOver;
    private @Nullable String session;
    private boolean counted;

    /** Sequence last published, the base of the revisions; -1: none. */
    private long publishedSequence = -1;

    /** How often that was published beyond the first time. */
    private int publications;

    /** Of what counts; null: not made yet. */
    private Session.@Nullable Step step;

    /** Among which it was read, and where; null: it was not. */
    private final @Nullable AsRead asRead;

    private final int place;

    Held(String id, Hash128 hash) {
        this.id = id;
        this.hash = hash;
        this.facts = List.of();
        this.asRead = null;
        this.place = -1;
    }

    /** Goes on from what was written. */
    Held(AsRead asRead, int place) {
        Touch touch = asRead.touch(place);
        this.id = touch.touchpointId();
        this.hash = touch.hash();
        this.facts = touch.facts();
        this.starts = touch.starts();
        this.issueOver = touch.issueOver();
        this.session = touch.session();
        this.counted = touch.counted();
        this.publishedSequence = touch.publishedSequence();
        this.publications = touch.publications();
        this.current = winner();
        this.asRead = asRead;
        this.place = place;
    }

    /** To be written. */
    Touch touch() {
        return new Touch(id, hash, facts, starts, issueOver, session, counted, publishedSequence, publications);
    }

    /** To be called by whatever changes what is written. */
    private void change() {
        if (asRead != null) {
            asRead.changeFrom(place);
        }
    }

    List<Fact> facts() {
        return facts;
    }

    @Nullable
    Fact current() {
        return current;
    }

    /** Whether the last walk began a session here. */
    boolean starts() {
        return starts;
    }

    void setStarts(boolean now) {
        if (starts != now) {
            change();
            starts = now;
        }
    }

    /** Whether it belongs to an issue that is no longer followed. */
    boolean issueOver() {
        return issueOver;
    }

    void setIssueOver(boolean now) {
        if (issueOver != now) {
            change();
            issueOver = now;
        }
    }

    /** Session last published for it. */
    @Nullable
    String session() {
        return session;
    }

    /** Whether that session still counts it: not so once it went, also if it has come back since. */
    boolean counted() {
        return counted;
    }

    void setCounted(boolean now) {
        if (counted != now) {
            change();
            counted = now;
        }
    }

    void count(long sequence, int sign, Touchpoint touchpoint) {
        change();
        if (facts.isEmpty()) {
            facts = List.of(new Fact(sequence, touchpoint, sign));
            return;
        }
        List<Fact> counted = new ArrayList<>(facts);
        int place = 0;
        while (place < counted.size() && counted.get(place).sequence() != sequence) {
            place++;
        }
        if (place == counted.size()) {
            counted.add(new Fact(sequence, touchpoint, sign));
        } else {
            Fact before = counted.get(place);
            int net = before.net() + sign;
            if (net == 0) {
                counted.remove(place);
            } else {
                counted.set(place, new Fact(sequence, before.touchpoint(), net));
            }
        }
        facts = List.copyOf(counted);
    }

    @Nullable
    Fact winner() {
        return Memory.winner(facts);
    }

    /** From now on this counts, or nothing. */
    void setCurrent(@Nullable Fact fact) {
        Fact before = current;
        if (before == null || fact == null || before.touchpoint() != fact.touchpoint()) {
            step = null;
        }
        current = fact;
    }

    /** Its step on a path; the same object as long as the same touchpoint counts. */
    Session.Step step() {
        Session.Step known = step;
        if (known == null) {
            known = Session.Step.of(touchpoint());
            step = known;
        }
        return known;
    }

    /** Takes a step that was made before for its own. */
    boolean adopt(Session.Step made) {
        boolean same = made.isOf(touchpoint());
        if (same) {
            step = made;
        }
        return same;
    }

    /** What counts; only for those on the timeline. */
    Fact counting() {
        Fact fact = current;
        if (fact == null) {
            throw new IllegalStateException("touchpoint " + id + " does not count and has no place on the timeline");
        }
        return fact;
    }

    Touchpoint touchpoint() {
        return counting().touchpoint();
    }

    long eventTime() {
        return touchpoint().eventTime();
    }

    boolean saidToBeIn(@Nullable String sessionId) {
        if (publishedSequence != counting().sequence()) {
            return false;
        }
        return sessionId == null ? session == null : sessionId.equals(session);
    }

    StitchedTouchpoint sayIn(@Nullable String sessionId, String customerId) {
        Fact fact = counting();
        change();
        // Saturates: the millionth correction of one attribution keeps the revision of the one before.
        publications = publishedSequence == fact.sequence() ? Math.min(publications + 1, MOST_PUBLICATIONS) : 0;
        publishedSequence = fact.sequence();
        session = sessionId;
        counted = sessionId != null;
        return new StitchedTouchpoint(
                fact.touchpoint(), customerId, sessionId, revision(fact.sequence()) + publications);
    }

    /** The lowest revision of an attribution. */
    static long revision(long sequence) {
        return sequence << REVISION_BITS;
    }

    /** The attribution a revision is of. */
    static long sequence(long revision) {
        return revision >> REVISION_BITS;
    }
}
