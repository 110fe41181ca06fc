package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.CustomerState.Memory.Fact;
import io.throughline.domain.sessionize.CustomerState.Place;
import io.throughline.domain.sessionize.CustomerState.Said;
import io.throughline.domain.stage.KeyedRule;
import io.throughline.domain.stage.Step;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Touchpoint;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
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
    private final Sessions sessions;
    private final Issues issues;
    private final Journeys journeys;
    private final AnswerPlaces answerPlaces;

    public SessionizeRule(SessionizeConfig config) {
        this.config = config;
        this.sessions = new Sessions(config);
        this.issues = new Issues(config);
        this.journeys = new Journeys(config);
        this.answerPlaces = new AnswerPlaces(config);
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
            if (!isBeforeTime(state, now)) {
                state.totals.keepSightingsOf(identity);
            }
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
            sessions.close(state, now, out);
            issues.settle(state, now, out);
            journeys.conclude(state, now, out);
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
        Hash128 hash = Hash128.of(id);
        Held held = state.held.get(hash);
        if (held == null) {
            if (isRetired(touchpoint.eventTime(), now) || isCapped(state, hash)) {
                countOnly(state, attribution, now, out);
                return;
            }
            held = new Held(id, hash);
            state.hold(held);
        }
        held.count(attribution.sequence(), attribution.sign(), touchpoint);
        state.place(held);
        if (held.facts().isEmpty()) {
            state.letGo(held);
        }
        if (state.held.size() > config.maxTouchpoints()) {
            turnAway(state, now, out);
        }
    }

    private boolean isRetired(long eventTime, long now) {
        return now > Long.MIN_VALUE + config.retentionMs() && eventTime < now - config.retentionMs();
    }

    private static boolean isCapped(CustomerState state, Hash128 hash) {
        return state.cap != null && hash.compareTo(state.cap) >= 0;
    }

    private void countOnly(CustomerState state, Attribution attribution, long now, List<SessionizeOutput> out) {
        state.totals.fold(attribution.sign(), attribution.touchpoint(), config);
        if (attribution.sign() > 0) {
            see(state, attribution.touchpoint(), now);
        }
        state.profileChanged = true;
        if (attribution.sign() > 0) {
            out.add(new SessionizeOutput.Touch(new StitchedTouchpoint(
                    attribution.touchpoint(), state.customerId, null, Held.revision(attribution.sequence()))));
        }
    }

    /**
     * Before event time begins who the customer is may be heard after the touchpoints; what is nobody's goes when it has begun.
     * After a restart it is unknown again for a while, but not to begin.
     */
    private static boolean isBeforeTime(CustomerState state, long now) {
        return now == Long.MIN_VALUE && state.publishedAt == Long.MIN_VALUE;
    }

    private static void see(CustomerState state, Touchpoint touchpoint, long now) {
        if (isBeforeTime(state, now)) {
            state.totals.see(touchpoint);
        } else {
            state.totals.see(touchpoint, state.identity);
        }
    }

    /** Of too many touchpoints the largest hash goes, so that those that stay do not depend on the order they came in. */
    private void turnAway(CustomerState state, long now, List<SessionizeOutput> out) {
        Held largest = state.largestHash();
        state.cap = largest.hash;
        state.letGo(largest);
        Fact counting = largest.current();
        if (counting != null) {
            see(state, counting.touchpoint(), now);
            state.takeOff(largest);
            largest.setCurrent(counting);
            out.add(new SessionizeOutput.Touch(largest.sayIn(null, state.customerId)));
        }
        // Every sign is passed on, also one whose opposite is still to come: that one will be counted only, too.
        for (Fact fact : largest.facts()) {
            for (int i = Math.abs(fact.net()); i > 0; i--) {
                state.totals.fold(Integer.signum(fact.net()), fact.touchpoint(), config);
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
        CustomerIdentity identity = state.identity;
        if (state.publishedAt == Long.MIN_VALUE && identity != null) {
            state.totals.keepSightingsOf(identity);
        }
        int count = config.publishAhead() ? state.timeline.size() : state.countUpTo(now);
        answerPlaces.say(state, now, out);
        sessions.walk(state, count, now, out);
        if (sessions.dueAt(state) <= now) {
            sessions.close(state, now, out);
        }
        if (state.timelineChanged) {
            state.timelineChanged = false;
            issues.raise(state, state.timeline.subList(0, count), now, out);
            journeys.travel(state, count, now, out);
        }
        state.dueAt = UNKNOWN;
        if (dueAt(state) <= now) {
            state.dueAt = UNKNOWN;
            issues.settle(state, now, out);
            journeys.conclude(state, now, out);
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
        Tally tally = CustomerSummary.tallyOf(state, count, config);
        Customer next;
        if (count > 0 || (!state.totals.isEmpty() && !state.absorbed())) {
            Customer active = CustomerSummary.active(
                    state, count, tally, config.identifierOrder(), said == null ? 0 : said.revision());
            next = CustomerSummary.withExperience(active, tally, config.experience());
        } else if (said != null || state.absorbed()) {
            next = CustomerSummary.absorbed(state, said == null ? 0 : said.revision());
        } else {
            return;
        }
        if (!next.equals(said)) {
            next = next.as(state.nextRevision());
            state.profile = next;
            out.add(new SessionizeOutput.Profile(next));
        }
    }

    /** Lets go of sessions that can no longer be corrected; their documents stay, their sums go into the totals. */
    private void retire(CustomerState state, long now) {
        int gone = 0;
        int settled = config.publishAhead() ? state.timeline.size() : state.countUpTo(now);
        while (gone < settled) {
            Held first = state.timeline.get(gone);
            Said said = first.session() == null ? null : state.sessions.get(first.session());
            if (!isRetired(said == null ? first.eventTime() : said.session.end(), now)) {
                break;
            }
            if (said != null) {
                state.sessions.remove(said.session.sessionId());
                state.totals.sessions++;
            }
            do {
                Held held = state.timeline.get(gone++);
                state.totals.retire(held.touchpoint(), config);
                state.totals.see(held.touchpoint(), state.identity);
                state.takeOffTally(held.touchpoint());
                state.letGo(held);
            } while (said != null
                    && gone < settled
                    && said.session.sessionId().equals(state.timeline.get(gone).session()));
        }
        if (gone > 0) {
            state.forgetWalks();
            state.dueAt = UNKNOWN;
            issues.leave(state, settled, gone);
            journeys.leave(state, gone);
            state.forgetFirst(gone);
        }
        journeys.forgetBegun(state, now);
        if (state.held.size() > state.timeline.size()) {
            List<Held> over = state.waiting();
            over.removeIf(held -> !isRetired(latest(held), now));
            over.forEach(state::letGo);
        }
    }

    /** Latest event time heard of a touchpoint that does not count. */
    private static long latest(Held held) {
        long latest = Long.MIN_VALUE;
        for (Fact fact : held.facts()) {
            latest = Math.max(latest, fact.touchpoint().eventTime());
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
        long due = Math.min(sessions.dueAt(state), Math.min(issues.dueAt(state), journeys.dueAt(state)));
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
            wake = Math.min(wake, Math.max(now + 1, journeys.begunOverAt(state.begun)));
        }
        if (settled > 0) {
            Held first = state.timeline.get(0);
            Said said = first.session() == null ? null : state.sessions.get(first.session());
            long last = said == null ? first.eventTime() : said.session.end();
            wake = Math.min(wake, last + config.retentionMs() + 1);
        }
        if (state.held.size() > state.timeline.size()) {
            for (Held held : state.waiting()) {
                wake = Math.min(wake, latest(held) + config.retentionMs() + 1);
            }
        }
        if (state.held.isEmpty()) {
            wake = Math.min(wake, state.emptySince == Long.MAX_VALUE ? now + 1 : forgottenAt(state));
        }
        return wake;
    }
}
