package io.throughline.domain.sessionize;

import io.throughline.domain.sessionize.Journey.EndCause;
import io.throughline.domain.sessionize.Journey.StageVisit;
import io.throughline.domain.sessionize.Session.CutCause;
import io.throughline.domain.sessionize.Session.Status;
import io.throughline.domain.stage.Origin;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one customer: the touchpoints that can still be corrected, what was published about them, and
 * totals of the rest. Mutable; changed by {@link SessionizeRule} only.
 */
public final class CustomerState {

    /** Each begins with a touchpoint of its own, so that few begin at the same time. */
    private static final Comparator<Memory.Known> BY_START = Comparator.comparingLong(
                    (Memory.Known known) -> known.session().start())
            .thenComparing(known -> known.session().sessionId());

    /** Looking through all is cheaper than sorting them for a customer who is packed again after a few turns. */
    private static final int LOOKS_BEFORE_SORTING = 16;

    /** What was last published about a session, and when event time closes it. */
    static final class Said {
        Session session;
        long closesAt;
        /** Why it ends once closed. */
        CutCause cause;
        /** Whether a closed session was published about any of its touchpoints. */
        boolean closedBefore;

        Said(Session session, long closesAt, CutCause cause, boolean closedBefore) {
            this.session = session;
            this.closesAt = closesAt;
            this.cause = cause;
            this.closedBefore = closedBefore;
        }

        boolean open() {
            return session.status() == Status.OPEN;
        }
    }

    /**
     * What was last published about a journey.
     *
     * @param endsAt event time that ends it
     * @param cause why it ends then
     */
    record Arc(Journey journey, long endsAt, EndCause cause) {}

    /** A session that has been walked to the end of the timeline, and need not be again if it only grows. */
    static final class Growing {
        final SessionRun run;
        final SessionSummary summary;

        /** Index of its first touchpoint, of the one after its last, and how much of the timeline was walked. */
        int from;

        int to;
        int walked;
        Hash128 smallest;

        /** Of the session as it was last said; null: not yet. */
        @Nullable
        String id;

        Growing(SessionRun run, SessionSummary summary, Hash128 smallest) {
            this.run = run;
            this.summary = summary;
            this.smallest = smallest;
        }
    }

    /** A place on the timeline. */
    record Place(long eventTime, String touchpointId) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            int byTime = Long.compare(eventTime, other.eventTime);
            return byTime != 0 ? byTime : touchpointId.compareTo(other.touchpointId);
        }

        static Place of(Touchpoint touchpoint) {
            return new Place(touchpoint.eventTime(), touchpoint.touchpointId());
        }
    }

    /** Touchpoints as they were read, and how many of the first are still the same, in the same places. */
    static final class AsRead {
        private final List<Memory.Touch> touches;
        private int same;

        AsRead(List<Memory.Touch> touches) {
            this.touches = touches;
            this.same = touches.size();
        }

        Memory.Touch touch(int place) {
            return touches.get(place);
        }

        /** The one in this place is not what it was, or another is there. */
        void changeFrom(int place) {
            same = Math.min(same, place);
        }
    }

    final String customerId;

    private final @Nullable Origin origin;

    /** Null: it was not read. */
    private final @Nullable AsRead asRead;

    /** The last revision given to a document. */
    long revision;

    /** Those that count, by event time, then id. */
    final ArrayList<Held> timeline = new ArrayList<>();

    /** Those that count and those withdrawn before they were attributed, by the hash of their ids. */
    final Map<Hash128, Held> held;

    /** Of the timeline; null: nobody has asked yet. Derived from it, not written. */
    private @Nullable Tally tally;

    final Map<String, Said> sessions = new HashMap<>();
    final Map<String, Issue> issues = new HashMap<>();
    final Map<String, Arc> journeys = new HashMap<>();

    /** The journey of the touchpoints that went last from the beginning of the timeline; it may go on with the first. */
    @Nullable
    JourneyRun begun;

    /** The journey after the first {@link #walkedCount} touchpoints; null: not known. Derived, not written. */
    @Nullable
    JourneyRun walked;

    int walkedCount;

    /** The last session while it may grow at its end; null: not known. Derived, not written. */
    @Nullable
    Growing growing;

    /** The issues of the first {@link #issuesWalkedCount} touchpoints; null: not known. Derived, not written. */
    @Nullable
    IssueWalk issuesWalked;

    int issuesWalkedCount;

    static final long UNKNOWN = Long.MIN_VALUE;

    /** When event time next closes, settles or ends anything; {@link #UNKNOWN} after a change. Derived, not written. */
    long dueAt = UNKNOWN;

    /** How often the largest hash was looked for among all. Derived, not written. */
    private int looks;

    /** Those held by hash, of a customer of whom many had to be turned away; null: not yet. Derived, not written. */
    private @Nullable NavigableMap<Hash128, Held> byHash;

    /** Whether transitions were ever said; not so in states written before there were any. */
    boolean transitionsSaid = true;

    /** Sessions that lost a touchpoint since they were published. */
    SortedSet<String> left = Collections.emptySortedSet();

    /** Touchpoints that count for the customer but for no session any more. */
    final Totals totals;

    @Nullable
    CustomerIdentity identity;

    @Nullable
    Customer profile;

    /** First and last place changed since sessions were published; null: none. */
    @Nullable
    Place changedFrom;

    @Nullable
    Place changedTo;

    boolean profileChanged;

    boolean timelineChanged;

    /** The smallest hash turned away because the customer holds too many; null: none was. */
    @Nullable
    Hash128 cap;

    /** Event time reached, and latest event time seen, at the last publication. */
    long publishedAt = Long.MIN_VALUE;

    long publishedUpTo = Long.MIN_VALUE;
    int burst;

    /** Event time at which nothing was left to be corrected; {@link Long#MAX_VALUE} while there is. */
    long emptySince = Long.MAX_VALUE;

    CustomerState(String customerId, long revision) {
        this(customerId, revision, new HashMap<>(), new Totals(), null, null);
    }

    private CustomerState(
            String customerId,
            long revision,
            Map<Hash128, Held> held,
            Totals totals,
            @Nullable AsRead asRead,
            @Nullable Origin origin) {
        this.customerId = customerId;
        this.revision = revision;
        this.held = held;
        this.totals = totals;
        this.asRead = asRead;
        this.origin = origin;
    }

    /**
     * What whoever read it left to find again when it is written; null: nothing. The first touches of {@link #remember}, up
     * to one that has changed since, are the objects that were read.
     */
    public @Nullable Origin origin() {
        return origin;
    }

    void changed(Touchpoint touchpoint) {
        Place place = Place.of(touchpoint);
        if (changedFrom == null || place.compareTo(changedFrom) < 0) {
            changedFrom = place;
        }
        if (changedTo == null || place.compareTo(changedTo) > 0) {
            changedTo = place;
        }
    }

    boolean isChanged() {
        return changedFrom != null || profileChanged || !left.isEmpty();
    }

    /** Index of the first touchpoint at or after this place. */
    int indexOf(Place place) {
        int low = 0;
        int high = timeline.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            Touchpoint there = timeline.get(middle).touchpoint();
            int order = Long.compare(there.eventTime(), place.eventTime);
            if (order == 0) {
                order = there.touchpointId().compareTo(place.touchpointId);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Touchpoints up to and including this event time. */
    int countUpTo(long eventTime) {
        int low = 0;
        int high = timeline.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (timeline.get(middle).eventTime() <= eventTime) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Puts a touchpoint where the winner of its facts belongs, or takes it off when none wins. */
    void place(Held touchpoint) {
        Memory.Fact before = touchpoint.current();
        Memory.Fact after = touchpoint.winner();
        if (before == null ? after == null : after != null && before.sequence() == after.sequence()) {
            touchpoint.setCurrent(after);
            return;
        }
        if (before != null) {
            takeOff(touchpoint);
        }
        if (after != null) {
            touchpoint.setCurrent(after);
            int index = indexOf(Place.of(after.touchpoint()));
            timeline.add(index, touchpoint);
            changeFrom(index);
            if (tally != null) {
                tally.add(after.touchpoint());
            }
            changed(after.touchpoint());
        }
        profileChanged = true;
        timelineChanged = true;
    }

    void takeOff(Held touchpoint) {
        Touchpoint was = touchpoint.touchpoint();
        int index = indexOf(Place.of(was));
        timeline.remove(index);
        changeFrom(index);
        takeOffTally(was);
        changed(was);
        String session = touchpoint.session();
        if (touchpoint.counted() && session != null) {
            left = left.isEmpty() ? new TreeSet<>() : left;
            left.add(session);
        }
        timelineChanged = true;
        touchpoint.setCounted(false);
        touchpoint.setStarts(false);
        touchpoint.setIssueOver(false);
        touchpoint.setCurrent(null);
    }

    /** What the touchpoints on the timeline add up to. */
    Tally tally(SessionizeConfig config) {
        Tally known = tally;
        if (known == null) {
            known = new Tally(config);
            for (Held touchpoint : timeline) {
                known.add(touchpoint.touchpoint());
            }
            tally = known;
        }
        return known;
    }

    /**
     * Where nobody has asked for the tally yet there is nothing to do: it is made of the timeline, which the touchpoint must have
     * left by the time somebody asks.
     */
    void takeOffTally(Touchpoint touchpoint) {
        if (tally != null) {
            tally.remove(touchpoint);
        }
    }

    void hold(Held touchpoint) {
        held.put(touchpoint.hash, touchpoint);
        if (byHash != null) {
            byHash.put(touchpoint.hash, touchpoint);
        }
    }

    void letGo(Held touchpoint) {
        held.remove(touchpoint.hash);
        if (byHash != null) {
            byHash.remove(touchpoint.hash);
        }
    }

    /** Those that do not count: withdrawn before they were attributed. */
    List<Held> waiting() {
        List<Held> waiting = new ArrayList<>();
        for (Held touchpoint : held.values()) {
            if (touchpoint.current() == null) {
                waiting.add(touchpoint);
            }
        }
        return waiting;
    }

    /** Of those held the one with the largest hash of its id. */
    Held largestHash() {
        NavigableMap<Hash128, Held> sorted = byHash;
        if (sorted == null && looks++ < LOOKS_BEFORE_SORTING) {
            return Collections.max(held.entrySet(), Map.Entry.comparingByKey()).getValue();
        }
        if (sorted == null) {
            sorted = new TreeMap<>();
            for (Held touchpoint : held.values()) {
                sorted.put(touchpoint.hash, touchpoint);
            }
            byHash = sorted;
        }
        return sorted.lastEntry().getValue();
    }

    /** Takes the first so many, which can no longer be corrected, off the timeline. */
    void forgetFirst(int count) {
        timeline.subList(0, count).clear();
        changeFrom(0);
    }

    private void changeFrom(int index) {
        if (asRead != null) {
            asRead.changeFrom(index);
        }
        if (index < walkedCount) {
            walked = null;
            walkedCount = 0;
        }
        if (growing != null && index < growing.walked) {
            growing = null;
        }
        if (index < issuesWalkedCount) {
            issuesWalked = null;
            issuesWalkedCount = 0;
        }
    }

    /** Lets go of what only makes the next walk shorter, so that a customer who is quiet takes no memory for it. */
    void forgetWalks() {
        walked = null;
        walkedCount = 0;
        growing = null;
        issuesWalked = null;
        issuesWalkedCount = 0;
    }

    long nextRevision() {
        return ++revision;
    }

    boolean absorbed() {
        return identity != null && identity.absorbedInto() != null;
    }

    /** Everything remembered, to be written. Shares what is immutable. */
    public Memory remember() {
        List<Memory.Touch> touches = new ArrayList<>(held.size());
        int same = 0;
        if (asRead != null) {
            same = asRead.same;
            touches.addAll(asRead.touches.subList(0, same));
        }
        for (Held touchpoint : timeline.subList(same, timeline.size())) {
            touches.add(touchpoint.touch());
        }
        if (held.size() > timeline.size()) {
            List<Held> waiting = waiting();
            waiting.sort((a, b) -> a.id.compareTo(b.id));
            for (Held touchpoint : waiting) {
                touches.add(touchpoint.touch());
            }
        }
        List<Memory.Known> known = new ArrayList<>(sessions.size());
        for (Said said : sessions.values()) {
            known.add(new Memory.Known(said.session, said.closesAt, said.cause, said.closedBefore));
        }
        known.sort(BY_START);
        List<Memory.Travelled> travelled = new ArrayList<>(journeys.size());
        for (Arc arc : journeys.values()) {
            travelled.add(new Memory.Travelled(arc.journey, arc.endsAt, arc.cause));
        }
        travelled.sort((a, b) -> a.journey().journeyId().compareTo(b.journey().journeyId()));
        List<Issue> raised = new ArrayList<>(issues.values());
        raised.sort((a, b) -> a.issueId().compareTo(b.issueId()));
        return new Memory(
                customerId,
                revision,
                touches,
                known,
                raised,
                travelled,
                begun == null ? null : begun.begun(),
                transitionsSaid,
                left.isEmpty() ? List.of() : List.copyOf(left),
                totals.sums(),
                identity,
                profile,
                changedFrom == null ? null : new Memory.At(changedFrom.eventTime, changedFrom.touchpointId),
                changedTo == null ? null : new Memory.At(changedTo.eventTime, changedTo.touchpointId),
                profileChanged,
                timelineChanged,
                cap,
                publishedAt,
                publishedUpTo,
                burst,
                emptySince);
    }

    /** The state that {@link #remember} described. */
    public static CustomerState of(Memory memory) {
        return of(memory, null);
    }

    /** @param origin see {@link #origin} */
    public static CustomerState of(Memory memory, @Nullable Origin origin) {
        List<Memory.Touch> touches = memory.touches();
        int size = touches.size();
        AsRead asRead = new AsRead(touches);
        CustomerState state = new CustomerState(
                memory.customerId(),
                memory.revision(),
                new HashMap<>(2 * Math.max(8, size)),
                new Totals(memory.sums()),
                asRead,
                origin);
        state.timeline.ensureCapacity(size + 1);
        for (int i = 0; i < size; i++) {
            Held touchpoint = new Held(asRead, i);
            state.held.put(touchpoint.hash, touchpoint);
            if (touchpoint.current() != null) {
                state.timeline.add(touchpoint);
            } else {
                asRead.changeFrom(i);
            }
        }
        for (Memory.Known known : memory.sessions()) {
            if (!(known.session().path() instanceof RememberedPath)) {
                state.adopt(known.session().path());
            }
            state.sessions.put(
                    known.session().sessionId(),
                    new Said(known.session(), known.closesAt(), known.cause(), known.closedBefore()));
        }
        for (Issue issue : memory.issues()) {
            state.issues.put(issue.issueId(), issue);
        }
        for (Memory.Travelled arc : memory.journeys()) {
            state.journeys.put(arc.journey().journeyId(), new Arc(arc.journey(), arc.endsAt(), arc.cause()));
        }
        state.begun = memory.begun() == null ? null : new JourneyRun(memory.begun());
        state.transitionsSaid = memory.transitionsSaid();
        if (!memory.left().isEmpty()) {
            state.left = new TreeSet<>(memory.left());
        }
        state.identity = memory.identity();
        state.profile = memory.profile();
        Memory.At from = memory.changedFrom();
        Memory.At to = memory.changedTo();
        state.changedFrom = from == null ? null : new Place(from.eventTime(), from.touchpointId());
        state.changedTo = to == null ? null : new Place(to.eventTime(), to.touchpointId());
        state.profileChanged = memory.profileChanged();
        state.timelineChanged = memory.timelineChanged();
        state.cap = memory.cap();
        state.publishedAt = memory.publishedAt();
        state.publishedUpTo = memory.publishedUpTo();
        state.burst = memory.burst();
        state.emptySince = memory.emptySince();
        return state;
    }

    /** A session that is walked again makes the same steps of the same touchpoints: then they are the same objects. */
    private void adopt(List<Session.Step> path) {
        int next = path.isEmpty()
                ? 0
                : indexOf(new Place(path.get(0).eventTime(), path.get(0).touchpointId()));
        for (Session.Step step : path) {
            if (next < timeline.size() && timeline.get(next).adopt(step)) {
                next++;
            }
        }
    }

    /**
     * A {@link CustomerState} as plain data, the fields in their own words.
     *
     * @param touches those that count in order of event time, then id; after them those withdrawn before attributed
     * @param sessions by start, then id
     * @param issues by id
     * @param journeys by id
     * @param begun the journey whose first touchpoints are no longer held
     * @param transitionsSaid false in states written before there were transitions, until they are said
     */
    public record Memory(
            String customerId,
            long revision,
            List<Touch> touches,
            List<Known> sessions,
            List<Issue> issues,
            List<Travelled> journeys,
            @Nullable Begun begun,
            boolean transitionsSaid,
            List<String> left,
            Sums sums,
            @Nullable CustomerIdentity identity,
            @Nullable Customer profile,
            @Nullable At changedFrom,
            @Nullable At changedTo,
            boolean profileChanged,
            boolean timelineChanged,
            @Nullable Hash128 cap,
            long publishedAt,
            long publishedUpTo,
            int burst,
            long emptySince) {

        /** One touchpoint_id. */
        public record Touch(
                String touchpointId,
                Hash128 hash,
                List<Fact> facts,
                boolean starts,
                boolean issueOver,
                @Nullable String session,
                boolean counted,
                long publishedSequence,
                int publications) {

            /** What counts: of the highest sequence attributed more often than withdrawn; null: nothing. */
            public @Nullable Touchpoint counting() {
                Fact winner = winner(facts);
                return winner == null ? null : winner.touchpoint();
            }
        }

        /** The signs heard of one attribution. */
        public record Fact(long sequence, Touchpoint touchpoint, int net) {}

        /** Of what was heard of one touchpoint_id that which counts. */
        static @Nullable Fact winner(List<Fact> facts) {
            if (facts.size() == 1) {
                Fact only = facts.get(0);
                return only.net() > 0 ? only : null;
            }
            Fact best = null;
            for (Fact fact : facts) {
                if (fact.net() > 0 && (best == null || fact.sequence() > best.sequence())) {
                    best = fact;
                }
            }
            return best;
        }

        /** A published session. */
        public record Known(Session session, long closesAt, CutCause cause, boolean closedBefore) {}

        /** A published journey. */
        public record Travelled(Journey journey, long endsAt, EndCause cause) {}

        /**
         * What a journey has gathered.
         *
         * @param hash of its first touchpoint's id
         * @param product the first one named
         * @param convertedProduct the first one named by a conversion
         * @param stageSince time the stage it is in was entered
         * @param visits stretches that are over
         */
        public record Begun(
                long hash,
                long start,
                String firstChannel,
                long lastInbound,
                long end,
                @Nullable String product,
                @Nullable String convertedProduct,
                @Nullable String topic,
                @Nullable String stage,
                long stageSince,
                long stageTouchpoints,
                int stepsBack,
                List<StageVisit> visits,
                Map<String, Long> dwellMs,
                List<String> channels,
                @Nullable Long convertedAt,
                @Nullable String conversionChannel,
                int conversionCount,
                @Nullable Long churnedAt,
                long touchpoints,
                long sessions,
                List<Money> value,
                boolean reversed) {}

        /**
         * Totals.
         *
         * @param sightings ordered by identifier
         */
        public record Sums(
                long touchpoints,
                long sessions,
                long firstSeen,
                long lastSeen,
                List<String> channels,
                List<Money> value,
                @Nullable String segment,
                long segmentAt,
                List<Consent> consents,
                SortedMap<Identifier, Sighting> sightings) {}

        /** A place on the timeline. */
        public record At(long eventTime, String touchpointId) {}
    }
}
