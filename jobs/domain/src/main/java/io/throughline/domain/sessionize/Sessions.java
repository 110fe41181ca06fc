package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.CustomerState.Growing;
import io.throughline.domain.sessionize.CustomerState.Place;
import io.throughline.domain.sessionize.CustomerState.Said;
import io.throughline.domain.sessionize.Session.CutCause;
import io.throughline.domain.sessionize.Session.Status;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is said of a customer's sessions, and what has become of it. */
final class Sessions implements Serializable {
    private static final long serialVersionUID = 1;

    private final SessionizeConfig config;

    Sessions(SessionizeConfig config) {
        this.config = config;
    }

    /**
     * Says how the sessions on the timeline differ from those said before.
     *
     * @param count touchpoints of the timeline that count already
     */
    void walk(CustomerState state, int count, long now, List<SessionizeOutput> out) {
        if (state.changedFrom != null || !state.left.isEmpty()) {
            new Walk(state, count, now, out).run();
        }
    }

    /** Closes the sessions that event time has passed. */
    void close(CustomerState state, long now, List<SessionizeOutput> out) {
        List<Said> due = new ArrayList<>();
        for (Said said : state.sessions.values()) {
            if (said.open() && said.closesAt <= now) {
                due.add(said);
            }
        }
        due.sort((a, b) -> a.session.sessionId().compareTo(b.session.sessionId()));
        for (Said said : due) {
            say(state, said, said.session.as(closed(said.closedBefore), said.cause, 0), out);
        }
        if (!due.isEmpty() && state.sessions.values().stream().noneMatch(Said::open)) {
            state.forgetWalks();
        }
    }

    private static Status closed(boolean closedBefore) {
        return closedBefore ? Status.REVISED : Status.CLOSED;
    }

    private static void say(CustomerState state, Said said, Session next, List<SessionizeOutput> out) {
        Session before = said.session;
        Session after = next.as(next.status(), next.cutCause(), state.nextRevision());
        said.session = after;
        out.add(new SessionizeOutput.Published(after));
        out.add(new SessionizeOutput.Changed(new SessionChange(before, after)));
    }

    /** When event time next closes a session. */
    long dueAt(CustomerState state) {
        long due = Step.NEVER;
        for (Said said : state.sessions.values()) {
            if (said.open()) {
                due = Math.min(due, said.closesAt);
            }
        }
        return due;
    }

    /**
     * Cuts the changed part of the timeline into sessions again: from the start of the session before the first change to
     * the first start after the last change that stays one, since from there on nothing is different.
     */
    private final class Walk {
        private final CustomerState state;
        private final int count;
        private final long now;
        private final List<SessionizeOutput> out;
        private final List<SessionizeOutput> sessionsOut = new ArrayList<>();
        private final Set<String> before;
        private final Set<String> after = new HashSet<>();

        private @Nullable SessionRun run;
        private int runFrom;
        private int runTo;

        /** The session that is walked, where all but its last touchpoints were walked before. */
        private @Nullable Growing grown;

        Walk(CustomerState state, int count, long now, List<SessionizeOutput> out) {
            this.state = state;
            this.count = count;
            this.now = now;
            this.out = out;
            this.before = new HashSet<>(state.left);
        }

        void run() {
            Place from = state.changedFrom;
            Place to = state.changedTo;
            Growing growing = state.growing;
            state.growing = null;
            if (growing != null && growing.walked <= count) {
                goOn(growing);
            } else if (from != null && to != null) {
                walk(startBefore(state.indexOf(from)), to);
            }
            absorb();
            out.addAll(sessionsOut);
            state.left = Collections.emptySortedSet();
            state.changedFrom = null;
            state.changedTo = null;
        }

        /** Nothing changed but at the end of the timeline: what was walked need not be again. */
        private void goOn(Growing growing) {
            run = growing.run;
            runFrom = growing.from;
            runTo = growing.to;
            grown = growing;
            if (growing.id != null) {
                before.add(growing.id);
            }
            walk(growing.walked, new Place(Long.MAX_VALUE, ""));
        }

        private int startBefore(int index) {
            int start = index;
            while (start > 0) {
                start--;
                if (state.timeline.get(start).starts()) {
                    return start;
                }
            }
            return 0;
        }

        private void walk(int start, Place lastChange) {
            String lastBefore = null;
            for (int i = start; i < count; i++) {
                Held next = state.timeline.get(i);
                Touchpoint touchpoint = next.touchpoint();
                SessionRun current = run;
                CutCause refused = current == null ? null : current.refuses(touchpoint);
                boolean joins = current != null && refused == null;
                if (!joins && next.starts() && Place.of(touchpoint).compareTo(lastChange) > 0) {
                    end(refused, touchpoint.eventTime());
                    state.growing = null;
                    return;
                }
                String session = next.session();
                if (next.counted() && session != null && !session.equals(lastBefore)) {
                    lastBefore = session;
                    before.add(session);
                }
                next.setStarts(!joins && !touchpoint.outbound());
                if (current != null && joins) {
                    current.add(touchpoint);
                    runTo = i + 1;
                } else if (touchpoint.outbound()) {
                    touch(next, null);
                } else {
                    end(refused, touchpoint.eventTime());
                    run = new SessionRun(config, touchpoint);
                    runFrom = i;
                    runTo = i + 1;
                }
            }
            end(null, 0);
            if (state.growing != null) {
                state.growing.walked = count;
            }
        }

        /** @param refused why the touchpoint at this time is not of the session; null: none follows */
        private void end(@Nullable CutCause refused, long refusedAt) {
            SessionRun ended = run;
            if (ended == null) {
                return;
            }
            run = null;
            CutCause cause = refused == null ? ended.causeAlone() : refused;
            boolean cutShort = cause != CutCause.INACTIVITY && cause != CutCause.LOGOUT;
            summarise(ended, cause, cutShort ? refusedAt : ended.cover());
        }

        private void summarise(SessionRun ended, CutCause cause, long closesAt) {
            Growing session = grown;
            grown = null;
            int from = runFrom;
            if (session == null) {
                Hash128 first = state.timeline.get(runFrom).hash;
                session = new Growing(ended, new SessionSummary(config), first);
                session.from = runFrom;
            } else {
                from = session.to;
            }
            String walkedAs = session.id;
            Hash128 smallest = session.smallest;
            boolean closedBefore = false;
            String lastSession = null;
            for (Held member : state.timeline.subList(from, runTo)) {
                session.summary.add(member);
                if (member.hash.compareTo(session.smallest) < 0) {
                    session.smallest = member.hash;
                }
                String said = member.session();
                if (said != null && !said.equals(lastSession)) {
                    lastSession = said;
                    closedBefore |= wasClosed(said);
                }
            }
            session.to = runTo;
            String id = walkedAs != null && session.smallest.equals(smallest)
                    ? walkedAs
                    : asSaid(sessionId(state.customerId, session.smallest), lastSession);
            session.id = id;
            closedBefore |= walkedAs != null && !walkedAs.equals(id) && wasClosed(walkedAs);
            Said said = state.sessions.get(id);
            after.add(id);
            publish(said, session.summary, id, closedBefore, cause, closesAt);
            String known = said == null ? id : said.session.sessionId();
            for (Held member : state.timeline.subList(id.equals(walkedAs) ? from : runFrom, runTo)) {
                touch(member, known);
            }
            state.growing = session;
        }

        /** The very text that was said before, if it was: its hash is known. */
        private static String asSaid(String id, @Nullable String said) {
            return said != null && said.equals(id) ? said : id;
        }

        private boolean wasClosed(String sessionId) {
            Said said = state.sessions.get(sessionId);
            return said != null && (said.closedBefore || !said.open());
        }

        private void publish(
                @Nullable Said said,
                SessionSummary summary,
                String id,
                boolean closedBefore,
                CutCause cause,
                long closesAt) {
            boolean open = now < closesAt;
            boolean revises = closedBefore || (said != null && (said.closedBefore || !said.open()));
            Session next = summary.session(
                    id, state.customerId, open ? Status.OPEN : closed(revises), open ? CutCause.OPEN : cause, 0);
            if (said == null) {
                Session first = next.as(next.status(), next.cutCause(), state.nextRevision());
                state.sessions.put(id, new Said(first, closesAt, cause, revises));
                sessionsOut.add(new SessionizeOutput.Published(first));
                sessionsOut.add(new SessionizeOutput.Changed(new SessionChange(null, first)));
                return;
            }
            Session old = said.session;
            said.closesAt = closesAt;
            said.cause = cause;
            said.closedBefore = revises;
            // A closed session that is found as it was stays closed: nothing was revised.
            Status unrevised = open || said.open() ? next.status() : old.status();
            if (!next.as(unrevised, next.cutCause(), old.revision()).equals(old)) {
                say(state, said, next, sessionsOut);
            }
        }

        private void touch(Held held, @Nullable String sessionId) {
            if (held.saidToBeIn(sessionId)) {
                held.setCounted(sessionId != null);
            } else {
                out.add(new SessionizeOutput.Touch(held.sayIn(sessionId, state.customerId)));
            }
        }

        private void absorb() {
            before.removeAll(after);
            if (before.isEmpty()) {
                return;
            }
            for (String id : new TreeSet<>(before)) {
                Said said = state.sessions.remove(id);
                if (said != null) {
                    out.add(new SessionizeOutput.Published(said.session.absorbed(state.nextRevision())));
                    out.add(new SessionizeOutput.Changed(new SessionChange(said.session, null)));
                }
            }
        }
    }

    /** The id of the session that holds a touchpoint with this hash and none with a smaller one. */
    private static String sessionId(String customerId, Hash128 smallest) {
        return "s-" + customerId + "-" + HexFormat.of().toHexDigits(smallest.high());
    }
}
