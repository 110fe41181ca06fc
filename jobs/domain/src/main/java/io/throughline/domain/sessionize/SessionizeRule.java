package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.CustomerState.Arc;
import io.throughline.domain.sessionize.CustomerState.Growing;
import io.throughline.domain.sessionize.CustomerState.Place;
import io.throughline.domain.sessionize.CustomerState.Said;
import io.throughline.domain.sessionize.Journey.EndCause;
import io.throughline.domain.sessionize.Session.CutCause;
import io.throughline.domain.sessionize.Session.Status;
import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Groups one customer's touchpoints over all channels into sessions, and says what changed. Keyed by customer id.
 *
 * <p>What is published in the end is a function of the set of attributions, the configuration and the event time
 * reached, whatever order they came in; of a session's status, {@code revised} also tells that somebody may have read
 * something else before. A customer beyond {@code max_touchpoints} is the one exception, if touchpoints leave it again.
 *
 * <p>Before event time has begun ({@link Long#MIN_VALUE}) everything is remembered and nothing published.
 */
public final class SessionizeRule implements KeyedRule<CustomerState, CustomerInput, SessionizeOutput>, Serializable {

    private static final long serialVersionUID = 1;

    private static final long HOT_PUBLISH_EVERY_MS = 60_000;
    private static final long UNKNOWN = CustomerState.UNKNOWN;

    private final SessionizeConfig config;

    public SessionizeRule(SessionizeConfig config) {
        this.config = config;
    }

    @Override
    public Step<CustomerState, SessionizeOutput> on(@Nullable CustomerState before, CustomerInput input, long now) {
        Attribution attribution = input.attribution();
        CustomerIdentity identity = input.identity();
        CustomerState state = before != null ? before : fresh(input, now);
        List<SessionizeOutput> out = new ArrayList<>();
        catchUp(state, now, out);
        if (attribution != null) {
            count(state, attribution, now, out);
        }
        if (identity != null && (state.identity == null || identity.version() > state.identity.version())) {
            state.identity = identity;
            state.profileChanged = true;
        }
        if (state.isChanged() && mayPublish(state, attribution, now)) {
            publish(state, now, out);
        }
        sayTransitions(state, out);
        if (isBlank(state)) {
            return Step.of(null, out, Step.NEVER);
        }
        state.emptySince = state.held.isEmpty() && now > Long.MIN_VALUE ? now : Long.MAX_VALUE;
        return Step.of(state, out, nextWake(state, now));
    }

    @Override
    public Step<CustomerState, SessionizeOutput> wake(@Nullable CustomerState state, long now) {
        if (state == null) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        List<SessionizeOutput> out = new ArrayList<>();
        catchUp(state, now, out);
        if (state.isChanged()) {
            publish(state, now, out);
        } else if (dueAt(state) <= now) {
            state.dueAt = UNKNOWN;
            close(state, now, out);
            settle(state, now, out);
            conclude(state, now, out);
        }
        sayTransitions(state, out);
        retire(state, now);
        if (isForgotten(state, now)) {
            return Step.of(null, out, Step.NEVER);
        }
        return Step.of(state, out, nextWake(state, now));
    }

    /**
     * Revisions go on from the event time at which a customer is met, so that one who was forgotten and comes back, at
     * least a retention later, does not publish revisions used before.
     */
    private static CustomerState fresh(CustomerInput input, long now) {
        Attribution attribution = input.attribution();
        long met = attribution == null ? 0 : attribution.touchpoint().eventTime();
        return new CustomerState(input.customerId(), Math.max(0, Math.max(met, now)));
    }

    private void count(CustomerState state, Attribution attribution, long now, List<SessionizeOutput> out) {
        Touchpoint touchpoint = attribution.touchpoint();
        String id = touchpoint.touchpointId();
        Held held = state.held.get(id);
        if (held == null) {
            Hash128 hash = Hash128.of(id);
            if (isRetired(touchpoint.eventTime(), now) || isCapped(state, hash)) {
                countOnly(state, attribution, out);
                return;
            }
            held = new Held(id, hash);
            state.hold(held);
        }
        held.count(attribution.sequence(), attribution.sign(), touchpoint);
        state.place(held);
        if (held.facts.isEmpty()) {
            state.letGo(held);
        }
        if (state.held.size() > config.maxTouchpoints()) {
            turnAway(state, out);
        }
    }

    private boolean isRetired(long eventTime, long now) {
        return now > Long.MIN_VALUE + config.retentionMs() && eventTime < now - config.retentionMs();
    }

    private static boolean isCapped(CustomerState state, Hash128 hash) {
        return state.cap != null && hash.compareTo(state.cap) >= 0;
    }

    private static void countOnly(CustomerState state, Attribution attribution, List<SessionizeOutput> out) {
        state.totals.fold(attribution.sign(), attribution.touchpoint());
        state.profileChanged = true;
        if (attribution.sign() > 0) {
            out.add(new SessionizeOutput.Touch(new StitchedTouchpoint(
                    attribution.touchpoint(), state.customerId, null, Held.revision(attribution.sequence()))));
        }
    }

    /** Of too many touchpoints the largest hash goes, so that those that stay do not depend on the order they came in. */
    private static void turnAway(CustomerState state, List<SessionizeOutput> out) {
        Held largest = state.largestHash();
        state.cap = largest.hash;
        state.letGo(largest);
        Held.Fact counting = largest.current;
        if (counting != null) {
            state.takeOff(largest);
            largest.current = counting;
            out.add(new SessionizeOutput.Touch(largest.sayIn(null, state.customerId)));
        }
        // Every sign is passed on, also one whose opposite is still to come: that one will be counted only, too.
        for (Held.Fact fact : largest.facts) {
            for (int i = Math.abs(fact.net); i > 0; i--) {
                state.totals.fold(Integer.signum(fact.net), fact.touchpoint);
            }
        }
        state.profileChanged = true;
    }

    /**
     * Whether a change may be published now: an open session at most once in {@code publish_every}, measured by the
     * watermark or by its own touchpoints; what is corrected or late at once, up to {@code publish_burst}.
     */
    private boolean mayPublish(CustomerState state, @Nullable Attribution attribution, long now) {
        if (now == Long.MIN_VALUE) {
            return false;
        }
        if (state.publishedAt == Long.MIN_VALUE || now - state.publishedAt >= publishEveryMs(state)) {
            state.burst = 0;
            return true;
        }
        if (state.cap != null) {
            return false;
        }
        long newest =
                attribution == null ? Long.MIN_VALUE : attribution.touchpoint().eventTime();
        if (newest > state.publishedUpTo) {
            return newest - state.publishedUpTo >= config.publishEveryMs();
        }
        return ++state.burst <= config.publishBurst();
    }

    /** A customer who holds too much is said no more than once a minute: each time all of it is looked at. */
    private long publishEveryMs(CustomerState state) {
        return state.cap == null ? config.publishEveryMs() : Math.max(config.publishEveryMs(), HOT_PUBLISH_EVERY_MS);
    }

    private void publish(CustomerState state, long now, List<SessionizeOutput> out) {
        state.dueAt = UNKNOWN;
        int count = config.publishAhead() ? state.timeline.size() : state.countUpTo(now);
        if (state.changedFrom != null || !state.left.isEmpty()) {
            new Walk(state, count, now, out).run();
        }
        if (dueAt(state) <= now) {
            close(state, now, out);
        }
        if (state.timelineChanged) {
            state.timelineChanged = false;
            raise(state, state.timeline.subList(0, count), now, out);
            travel(state, count, now, out);
        }
        state.dueAt = UNKNOWN;
        if (dueAt(state) <= now) {
            state.dueAt = UNKNOWN;
            settle(state, now, out);
            conclude(state, now, out);
        }
        if (state.profileChanged) {
            publishProfile(state, count, out);
        }
        state.publishedAt = now;
        if (count > 0) {
            state.publishedUpTo =
                    Math.max(state.publishedUpTo, state.timeline.get(count - 1).eventTime());
        }
        if (count < state.timeline.size()) {
            state.changedFrom = Place.of(state.timeline.get(count).touchpoint());
            state.changedTo =
                    Place.of(state.timeline.get(state.timeline.size() - 1).touchpoint());
            state.profileChanged = true;
            state.timelineChanged = true;
        }
    }

    /**
     * Says how the issues on the timeline differ from those said before. Goes on from where it was before if nothing
     * changed up to there.
     */
    private void raise(CustomerState state, List<Held> counting, long now, List<SessionizeOutput> out) {
        if (state.issues.isEmpty() && !state.tally.namesSubjects()) {
            return;
        }
        Set<IssueWalk.Found> touched = goOn(state, counting);
        Map<String, Issue> before = new TreeMap<>();
        if (touched == null) {
            IssueWalk walk = new IssueWalk(config, state.customerId, counting);
            state.issuesWalked = walk;
            touched = new LinkedHashSet<>(walk.found());
            before.putAll(state.issues);
        } else {
            for (IssueWalk.Found found : touched) {
                Issue said = found.saidAs == null ? null : state.issues.get(found.saidAs);
                if (said != null) {
                    before.put(said.issueId(), said);
                }
            }
        }
        state.issuesWalkedCount = counting.size();
        Map<String, Issue> after = new TreeMap<>();
        for (IssueWalk.Found found : touched) {
            Issue issue = found.issue(now);
            found.saidAs = issue.issueId();
            after.put(issue.issueId(), issue);
        }
        after.forEach((id, issue) -> sayIssue(state, before.remove(id), issue, out));
        before.forEach((id, issue) -> {
            state.issues.remove(id);
            out.add(new SessionizeOutput.IssueDocument(issue.absorbed(state.nextRevision())));
            out.add(new SessionizeOutput.Raised(new IssueChange(issue, null)));
        });
    }

    /** The issues that what came at the end of the timeline is of; null: everything must be walked again. */
    private static @Nullable Set<IssueWalk.Found> goOn(CustomerState state, List<Held> counting) {
        IssueWalk walk = state.issuesWalked;
        if (walk == null || state.issuesWalkedCount > counting.size()) {
            return null;
        }
        Set<IssueWalk.Found> touched = new LinkedHashSet<>();
        for (Held held : counting.subList(state.issuesWalkedCount, counting.size())) {
            if (!walk.goesOnWith(held.touchpoint())) {
                return null;
            }
            IssueWalk.Found found = walk.take(held);
            if (found != null) {
                touched.add(found);
            }
        }
        return touched;
    }

    private static void sayIssue(CustomerState state, @Nullable Issue before, Issue next, List<SessionizeOutput> out) {
        if (before != null && next.as(before.revision()).equals(before)) {
            return;
        }
        Issue after = next.as(state.nextRevision());
        state.issues.put(after.issueId(), after);
        out.add(new SessionizeOutput.IssueDocument(after));
        out.add(new SessionizeOutput.Raised(new IssueChange(before, after)));
    }

    /** Makes verdicts final whose repeat window has passed, and breaks promises that are overdue. */
    private void settle(CustomerState state, long now, List<SessionizeOutput> out) {
        List<Issue> due = new ArrayList<>();
        for (Issue issue : state.issues.values()) {
            if ((!issue.settled() && settlesAt(issue) <= now)
                    || issue.nextOverdue(config.issue().promiseGraceMs()) <= now) {
                due.add(issue);
            }
        }
        due.sort((a, b) -> a.issueId().compareTo(b.issueId()));
        for (Issue issue : due) {
            sayIssue(
                    state,
                    issue,
                    issue.asOf(now, settlesAt(issue), config.issue().promiseGraceMs()),
                    out);
        }
    }

    private long settlesAt(Issue issue) {
        return issue.contacts().get(issue.contacts().size() - 1).end()
                + config.issue().repeatWindowMs();
    }

    /**
     * Says how the journeys on the timeline differ from those said before. Goes on from where it was before if nothing
     * changed up to there.
     */
    private void travel(CustomerState state, int count, long now, List<SessionizeOutput> out) {
        Map<String, Arc> before = new TreeMap<>();
        int from = 0;
        JourneyRun run = state.walked;
        if (run != null && state.walkedCount <= count) {
            from = state.walkedCount;
            String known = run.journeyId(state.customerId);
            before.put(known, state.journeys.get(known));
        } else {
            before.putAll(state.journeys);
            run = state.begun == null ? null : new JourneyRun(state.begun.begun());
        }
        for (int i = from; i < count; i++) {
            Held next = state.timeline.get(i);
            EndCause refused = run == null ? null : run.refuses(next.touchpoint(), config.journey());
            if (run != null && refused == null) {
                run.add(next, config);
            } else if (!next.touchpoint().outbound()) {
                if (run != null) {
                    sayJourney(state, before, arc(state, run, refused, next.eventTime(), now), out);
                }
                run = new JourneyRun(next);
                run.add(next, config);
            }
        }
        if (run != null) {
            sayJourney(state, before, arc(state, run, null, 0, now), out);
        }
        state.walked = run;
        state.walkedCount = count;
        before.forEach((id, arc) -> {
            state.journeys.remove(id);
            out.add(new SessionizeOutput.JourneyDocument(arc.journey().absorbed(state.nextRevision())));
            out.add(new SessionizeOutput.JourneyChanged(new JourneyChange(arc.journey(), null)));
        });
    }

    /** @param refused why the touchpoint at this time is not of the journey; null: none follows */
    private Arc arc(CustomerState state, JourneyRun run, @Nullable EndCause refused, long refusedAt, long now) {
        boolean cutShort = refused == EndCause.NEW_PURPOSE;
        EndCause cause = cutShort ? EndCause.NEW_PURPOSE : run.causeAlone();
        long endsAt = cutShort ? refusedAt : run.endsAlone(config.journey());
        Journey journey = run.journey(state.customerId, config.journey());
        return new Arc(endsAt <= now ? journey.ended(cause) : journey, endsAt, cause);
    }

    private static void sayJourney(CustomerState state, Map<String, Arc> before, Arc next, List<SessionizeOutput> out) {
        String id = next.journey().journeyId();
        Arc said = before.remove(id);
        if (said != null && next.journey().as(said.journey().revision()).equals(said.journey())) {
            state.journeys.put(id, new Arc(said.journey(), next.endsAt(), next.cause()));
            return;
        }
        Journey after = next.journey().as(state.nextRevision());
        state.journeys.put(id, new Arc(after, next.endsAt(), next.cause()));
        out.add(new SessionizeOutput.JourneyDocument(after));
        out.add(new SessionizeOutput.JourneyChanged(new JourneyChange(said == null ? null : said.journey(), after)));
    }

    /** Ends the journeys that event time has passed. */
    private static void conclude(CustomerState state, long now, List<SessionizeOutput> out) {
        Map<String, Arc> due = new TreeMap<>();
        state.journeys.forEach((id, arc) -> {
            if (!arc.journey().ended() && arc.endsAt() <= now) {
                due.put(id, arc);
            }
        });
        List<Arc> ending = List.copyOf(due.values());
        for (Arc arc : ending) {
            sayJourney(state, due, new Arc(arc.journey().ended(arc.cause()), arc.endsAt(), arc.cause()), out);
        }
    }

    /** Counts the transitions of what was said before there were any. */
    private static void catchUp(CustomerState state, long now, List<SessionizeOutput> out) {
        if (state.transitionsSaid || now == Long.MIN_VALUE) {
            return;
        }
        state.transitionsSaid = true;
        Transitions transitions = new Transitions();
        state.sessions.values().forEach(said -> transitions.add(new SessionChange(null, said.session)));
        state.issues.values().forEach(issue -> transitions.add(new IssueChange(null, issue)));
        transitions.sayTo(out);
    }

    /** Says what all that was said makes of the transitions. */
    private static void sayTransitions(CustomerState state, List<SessionizeOutput> out) {
        if (out.isEmpty()) {
            return;
        }
        Transitions transitions = new Transitions();
        for (SessionizeOutput said : out) {
            if (said instanceof SessionizeOutput.Changed changed) {
                transitions.add(changed.change());
            } else if (said instanceof SessionizeOutput.Raised raised) {
                transitions.add(raised.change());
            } else if (said instanceof SessionizeOutput.JourneyChanged changed) {
                transitions.add(changed.change());
            }
        }
        transitions.sayTo(out);
    }

    private void publishProfile(CustomerState state, int count, List<SessionizeOutput> out) {
        state.profileChanged = false;
        Customer said = state.profile;
        Customer next;
        if (count > 0 || (!state.totals.isEmpty() && !state.absorbed())) {
            next = CustomerSummary.active(state, count, config.identifierOrder(), said == null ? 0 : said.revision());
        } else if (said != null || state.absorbed()) {
            next = CustomerSummary.absorbed(state, said == null ? 0 : said.revision());
        } else {
            return;
        }
        if (!next.equals(said)) {
            next = next.as(state.nextRevision());
            state.profile = next;
            out.add(new SessionizeOutput.Profile(
                    CustomerSummary.withExperience(next, state, count, config.experience())));
        }
    }

    /** Closes the sessions that event time has passed. */
    private static void close(CustomerState state, long now, List<SessionizeOutput> out) {
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

    /** Lets go of sessions that can no longer be corrected; their documents stay, their sums go into the totals. */
    private void retire(CustomerState state, long now) {
        int gone = 0;
        int settled = config.publishAhead() ? state.timeline.size() : state.countUpTo(now);
        while (gone < settled) {
            Held first = state.timeline.get(gone);
            Said said = first.session == null ? null : state.sessions.get(first.session);
            if (!isRetired(said == null ? first.eventTime() : said.session.end(), now)) {
                break;
            }
            if (said != null) {
                state.sessions.remove(said.session.sessionId());
                state.totals.sessions++;
            }
            do {
                Held held = state.timeline.get(gone++);
                state.totals.fold(1, held.touchpoint());
                state.tally.remove(held.touchpoint());
                state.letGo(held);
            } while (said != null
                    && gone < settled
                    && said.session.sessionId().equals(state.timeline.get(gone).session));
        }
        if (gone > 0) {
            state.forgetWalks();
            state.dueAt = UNKNOWN;
            leaveIssues(state, settled, gone);
            leaveJourneys(state, gone);
            state.timeline.subList(0, gone).clear();
        }
        forgetBegun(state, now);
        if (state.held.size() > state.timeline.size()) {
            List<Held> over = new ArrayList<>(state.held.values());
            over.removeIf(held -> held.current != null || !isRetired(latest(held), now));
            over.forEach(state::letGo);
        }
    }

    /** Follows an issue no longer once its first contact can no longer be corrected; what was said of it stays. */
    private void leaveIssues(CustomerState state, int settled, int gone) {
        if (state.issues.isEmpty()) {
            return;
        }
        Set<Held> leaving = new HashSet<>(state.timeline.subList(0, gone));
        List<Held> counting = state.timeline.subList(0, settled);
        for (IssueWalk.Found found : new IssueWalk(config, state.customerId, counting).found()) {
            if (leaving.contains(found.members.get(0))) {
                state.issues.remove(found.issueId());
                found.members.forEach(member -> member.issueOver = true);
            }
        }
    }

    /** What a journey has gathered outlives its touchpoints, as long as another can join it. */
    private void leaveJourneys(CustomerState state, int gone) {
        JourneyRun run = state.begun;
        for (Held leaving : state.timeline.subList(0, gone)) {
            if (run != null && run.refuses(leaving.touchpoint(), config.journey()) == null) {
                run.add(leaving, config);
            } else if (!leaving.touchpoint().outbound()) {
                if (run != null) {
                    state.journeys.remove(run.journeyId(state.customerId));
                }
                run = new JourneyRun(leaving);
                run.add(leaving, config);
            }
        }
        state.begun = run;
    }

    private void forgetBegun(CustomerState state, long now) {
        JourneyRun begun = state.begun;
        if (begun == null || now < begunOverAt(begun)) {
            return;
        }
        for (Held held : state.timeline) {
            if (!held.touchpoint().outbound()) {
                if (begun.refuses(held.touchpoint(), config.journey()) == null) {
                    return;
                }
                break;
            }
        }
        state.journeys.remove(begun.journeyId(state.customerId));
        state.dueAt = UNKNOWN;
        state.begun = null;
        state.forgetWalks();
    }

    /** Event time from which on no touchpoint that is still to come can join. */
    private long begunOverAt(JourneyRun begun) {
        return begun.cover(config.journey()) + config.retentionMs() + 1;
    }

    /** Latest event time heard of a touchpoint that does not count. */
    private static long latest(Held held) {
        long latest = Long.MIN_VALUE;
        for (Held.Fact fact : held.facts) {
            latest = Math.max(latest, fact.touchpoint.eventTime());
        }
        return latest;
    }

    /** Nothing left to correct, and quiet for a retention (nothing counts) or for a lifetime (totals do). */
    private boolean isForgotten(CustomerState state, long now) {
        if (!state.held.isEmpty() || state.isChanged()) {
            return false;
        }
        if (state.totals.isEmpty()) {
            state.cap = null;
        }
        if (state.emptySince == Long.MAX_VALUE) {
            state.emptySince = now;
        }
        return now >= forgottenAt(state);
    }

    /** Nothing was said and there is nothing to say: what came has been withdrawn. */
    private static boolean isBlank(CustomerState state) {
        return state.held.isEmpty()
                && state.sessions.isEmpty()
                && state.totals.isEmpty()
                && state.profile == null
                && state.identity == null;
    }

    private long forgottenAt(CustomerState state) {
        return state.totals.isEmpty()
                ? state.emptySince + config.retentionMs()
                : state.totals.lastSeen + config.lifetimeMs();
    }

    /** When event time next closes a session, settles an issue, breaks a promise or ends a journey. */
    private long dueAt(CustomerState state) {
        if (state.dueAt != UNKNOWN) {
            return state.dueAt;
        }
        long due = Step.NEVER;
        for (Said said : state.sessions.values()) {
            if (said.open()) {
                due = Math.min(due, said.closesAt);
            }
        }
        for (Issue issue : state.issues.values()) {
            if (!issue.settled()) {
                due = Math.min(due, settlesAt(issue));
            }
            due = Math.min(due, issue.nextOverdue(config.issue().promiseGraceMs()));
        }
        for (Arc arc : state.journeys.values()) {
            if (!arc.journey().ended()) {
                due = Math.min(due, arc.endsAt());
            }
        }
        state.dueAt = due;
        return due;
    }

    private long nextWake(CustomerState state, long now) {
        if (now == Long.MIN_VALUE) {
            // As soon as event time begins, wherever that is.
            return now + 1;
        }
        long wake = Step.NEVER;
        int settled = config.publishAhead() ? state.timeline.size() : state.countUpTo(now);
        if (settled < state.timeline.size()) {
            wake = state.timeline.get(settled).eventTime();
        }
        if (state.isChanged() && settled == state.timeline.size()) {
            wake = Math.min(wake, Math.max(now + 1, state.publishedAt + publishEveryMs(state)));
        }
        wake = Math.min(wake, dueAt(state));
        if (state.begun != null && state.timeline.isEmpty()) {
            wake = Math.min(wake, Math.max(now + 1, begunOverAt(state.begun)));
        }
        if (settled > 0) {
            Held first = state.timeline.get(0);
            Said said = first.session == null ? null : state.sessions.get(first.session);
            long last = said == null ? first.eventTime() : said.session.end();
            wake = Math.min(wake, last + config.retentionMs() + 1);
        }
        if (state.held.size() > state.timeline.size()) {
            for (Held held : state.held.values()) {
                if (held.current == null) {
                    wake = Math.min(wake, latest(held) + config.retentionMs() + 1);
                }
            }
        }
        if (state.held.isEmpty()) {
            wake = Math.min(wake, state.emptySince == Long.MAX_VALUE ? now + 1 : forgottenAt(state));
        }
        return wake;
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
            state.left.clear();
            state.changedFrom = null;
            state.changedTo = null;
        }

        /** Nothing changed but at the end of the timeline: what was walked need not be again. */
        private void goOn(Growing growing) {
            run = growing.run;
            runFrom = growing.from;
            runTo = growing.to;
            grown = growing;
            before.add(sessionId(state.customerId, growing.smallest));
            walk(growing.walked, new Place(Long.MAX_VALUE, ""));
        }

        private int startBefore(int index) {
            int start = index;
            while (start > 0) {
                start--;
                if (state.timeline.get(start).starts) {
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
                if (!joins && next.starts && Place.of(touchpoint).compareTo(lastChange) > 0) {
                    end(refused, touchpoint.eventTime());
                    state.growing = null;
                    return;
                }
                if (next.counted && next.session != null && !next.session.equals(lastBefore)) {
                    lastBefore = next.session;
                    before.add(lastBefore);
                }
                next.starts = false;
                if (current != null && joins) {
                    current.add(touchpoint);
                    runTo = i + 1;
                } else if (touchpoint.outbound()) {
                    touch(next, null);
                } else {
                    end(refused, touchpoint.eventTime());
                    next.starts = true;
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
            String walkedAs = null;
            int from = runFrom;
            if (session == null) {
                Hash128 first = state.timeline.get(runFrom).hash;
                session = new Growing(ended, new SessionSummary(config), first);
                session.from = runFrom;
            } else {
                walkedAs = sessionId(state.customerId, session.smallest);
                from = session.to;
            }
            boolean closedBefore = false;
            String lastSession = null;
            for (Held member : state.timeline.subList(from, runTo)) {
                session.summary.add(member.counting());
                if (member.hash.compareTo(session.smallest) < 0) {
                    session.smallest = member.hash;
                }
                if (member.session != null && !member.session.equals(lastSession)) {
                    lastSession = member.session;
                    closedBefore |= wasClosed(lastSession);
                }
            }
            session.to = runTo;
            String id = sessionId(state.customerId, session.smallest);
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
                held.counted = sessionId != null;
            } else {
                out.add(new SessionizeOutput.Touch(held.sayIn(sessionId, state.customerId)));
            }
        }

        private void absorb() {
            before.removeAll(after);
            before.stream().sorted().forEach(id -> {
                Said said = state.sessions.remove(id);
                if (said != null) {
                    out.add(new SessionizeOutput.Published(said.session.absorbed(state.nextRevision())));
                    out.add(new SessionizeOutput.Changed(new SessionChange(said.session, null)));
                }
            });
        }
    }

    /** The id of the session that holds a touchpoint with this hash and none with a smaller one. */
    static String sessionId(String customerId, Hash128 smallest) {
        return "s-" + customerId + "-" + HexFormat.of().toHexDigits(smallest.high());
    }
}
