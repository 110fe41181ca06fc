package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Customer;
import io.throughline.domain.sessionize.CustomerState;
import io.throughline.domain.sessionize.CustomerState.Memory;
import io.throughline.domain.sessionize.CustomerState.Memory.At;
import io.throughline.domain.sessionize.CustomerState.Memory.Begun;
import io.throughline.domain.sessionize.CustomerState.Memory.Fact;
import io.throughline.domain.sessionize.CustomerState.Memory.Known;
import io.throughline.domain.sessionize.CustomerState.Memory.Sums;
import io.throughline.domain.sessionize.CustomerState.Memory.Touch;
import io.throughline.domain.sessionize.CustomerState.Memory.Travelled;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.RememberedPath;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.Session.CutCause;
import io.throughline.domain.sessionize.Session.Step;
import io.throughline.domain.sessionize.Sighting;
import io.throughline.domain.stage.Origin;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.RunAtRest;
import io.throughline.pipeline.kit.TextInput;
import io.throughline.pipeline.wire.CustomerIdentityLayout;
import io.throughline.pipeline.wire.Packed;
import io.throughline.pipeline.wire.TouchpointLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one customer. A touchpoint says what the one before it does not. Sessions do not repeat what the
 * touchpoints they are made of say: a path is where they stand, and a step is spelled out only where its touchpoint has
 * changed since; neighbours in one session name it once.
 */
public final class CustomerStateLayout implements Layout<CustomerState> {
    private static final long serialVersionUID = 1;

    public static final CustomerStateLayout INSTANCE = new CustomerStateLayout();

    private static final int STARTS = 1;
    private static final int ISSUE_OVER = 1 << 1;
    private static final int IN_SESSION = 1 << 2;
    private static final int PUBLISHED = 1 << 3;

    /** In the session of the touchpoint before. */
    private static final int SAME_SESSION = 1 << 4;

    /** Not counted by its session any more. */
    private static final int UNCOUNTED = 1 << 5;

    /** Attributed once, and not withdrawn. */
    private static final int ONCE = 1 << 6;

    /** Published as what was attributed last, and not again. */
    private static final int PUBLISHED_ONCE = 1 << 7;

    /** Instead of a place: its touchpoint has changed since, or is there no more. */
    private static final int SPELLED_OUT = -1;

    private static final int MOST_EXPECTED = 1 << 10;

    private static final int PROFILE_CHANGED = 1;
    private static final int TIMELINE_CHANGED = 1 << 1;
    private static final int IDENTITY = 1 << 2;
    private static final int PROFILE = 1 << 3;
    private static final int CHANGED_FROM = 1 << 4;
    private static final int CHANGED_TO = 1 << 5;
    private static final int CAP = 1 << 6;
    private static final int TRANSITIONS_UNSAID = 1 << 7;

    /**
     * Version 1 had no journeys, and its transitions were not said yet; version 2 had no consents and no segments of sessions;
     * version 3 did not total when identifiers were seen; version 4 did not keep how the customer's experience stood;
     * version 5 wrote each touchpoint and each step by itself. What is within is written in the version that bears the same
     * number, or the last one.
     */
    @Override
    public int version() {
        return 6;
    }

    @Override
    public void write(CustomerState state, DataOutput out) throws IOException {
        Memory memory = state.remember();
        Packed.writeText(memory.customerId(), out);
        Packed.writeNumber(memory.revision(), out);
        writeTouches(memory.touches(), state.origin(), out);
        writeSessions(memory.sessions(), memory.touches(), out);
        Packed.writeSize(memory.issues().size(), out);
        for (Issue issue : memory.issues()) {
            IssueLayout.INSTANCE.write(issue, out);
        }
        Packed.writeSize(memory.journeys().size(), out);
        for (Travelled arc : memory.journeys()) {
            JourneyLayout.INSTANCE.write(arc.journey(), out);
            Packed.writeNumber(arc.endsAt() - arc.journey().end(), out);
            out.writeByte(JourneyLayout.code(arc.cause()));
        }
        Begun begun = memory.begun();
        out.writeBoolean(begun != null);
        if (begun != null) {
            write(begun, out);
        }
        Present.writeList(memory.left(), out);
        write(memory.sums(), out);
        writeFlags(memory, out);
        Packed.writeNumber(memory.publishedAt(), out);
        Packed.writeNumber(memory.publishedUpTo(), out);
        Packed.writeSize(memory.burst(), out);
        Packed.writeNumber(memory.emptySince(), out);
    }

    private static void writeFlags(Memory memory, DataOutput out) throws IOException {
        CustomerIdentity identity = memory.identity();
        Customer profile = memory.profile();
        At from = memory.changedFrom();
        At to = memory.changedTo();
        Hash128 cap = memory.cap();
        out.writeByte((memory.profileChanged() ? PROFILE_CHANGED : 0)
                | (memory.timelineChanged() ? TIMELINE_CHANGED : 0)
                | (identity != null ? IDENTITY : 0)
                | (profile != null ? PROFILE : 0)
                | (from != null ? CHANGED_FROM : 0)
                | (to != null ? CHANGED_TO : 0)
                | (cap != null ? CAP : 0)
                | (memory.transitionsSaid() ? 0 : TRANSITIONS_UNSAID));
        if (identity != null) {
            CustomerIdentityLayout.INSTANCE.write(identity, out);
        }
        if (profile != null) {
            CustomerDocumentLayout.INSTANCE.write(profile, out);
        }
        if (from != null) {
            write(from, out);
        }
        if (to != null) {
            write(to, out);
        }
        if (cap != null) {
            write(cap, out);
        }
    }

    @Override
    public CustomerState read(DataInput in, int version) throws IOException {
        String customerId = Packed.readText(in);
        long revision = Packed.readNumber(in);
        int size = Packed.readSize(in);
        List<Touch> touches = roomFor(size);
        Touch before = null;
        RunAtRest atRest =
                in instanceof TextInput packed && version == version() ? new RunAtRest(packed, touches, size) : null;
        for (int i = 0; i < size; i++) {
            Touch touch = version < 6
                    ? readTouchAlone(before == null ? null : before.session(), in, version)
                    : readTouch(before, in);
            before = touch;
            touches.add(touch);
            if (atRest != null) {
                atRest.mark();
            }
        }
        List<Known> sessions = readSessions(touches, in, version);
        size = Packed.readSize(in);
        List<Issue> issues = roomFor(size);
        for (int i = 0; i < size; i++) {
            issues.add(IssueLayout.INSTANCE.read(in, version));
        }
        List<Travelled> journeys = version < 2 ? List.of() : readJourneys(in, version);
        Begun begun = version >= 2 && in.readBoolean() ? readBegun(in) : null;
        List<String> left = Present.readList(in);
        Sums sums = readSums(in, version);
        int flags = in.readByte();
        return CustomerState.of(
                new Memory(
                        customerId,
                        revision,
                        touches,
                        sessions,
                        issues,
                        journeys,
                        begun,
                        version >= 2 && !has(flags, TRANSITIONS_UNSAID),
                        left,
                        sums,
                        has(flags, IDENTITY) ? CustomerIdentityLayout.INSTANCE.read(in, version) : null,
                        has(flags, PROFILE) ? readProfile(in, version) : null,
                        has(flags, CHANGED_FROM) ? readAt(in) : null,
                        has(flags, CHANGED_TO) ? readAt(in) : null,
                        version < 2 || has(flags, PROFILE_CHANGED),
                        version < 2 || has(flags, TIMELINE_CHANGED),
                        has(flags, CAP) ? readHash(in) : null,
                        Packed.readNumber(in),
                        Packed.readNumber(in),
                        Packed.readSize(in),
                        Packed.readNumber(in)),
                atRest);
    }

    private static void writeTouches(List<Touch> touches, @Nullable Origin origin, DataOutput out) throws IOException {
        Packed.writeSize(touches.size(), out);
        int same = RunAtRest.repeat(origin, touches, out);
        Touch before = same == 0 ? null : touches.get(same - 1);
        for (Touch touch : touches.subList(same, touches.size())) {
            write(touch, before, out);
            before = touch;
        }
    }

    /** A size that damaged bytes say is not believed before so many were read. */
    private static <T> List<T> roomFor(int size) {
        return new ArrayList<>(Math.min(size, MOST_EXPECTED));
    }

    private static boolean has(int flags, int flag) {
        return (flags & flag) != 0;
    }

    private static void write(Touch touch, @Nullable Touch before, DataOutput out) throws IOException {
        String session = touch.session();
        boolean sameSession = session != null && before != null && session.equals(before.session());
        List<Fact> facts = touch.facts();
        Fact last = facts.get(facts.size() - 1);
        boolean once = facts.size() == 1 && last.net() == 1;
        boolean published = touch.publishedSequence() >= 0;
        boolean publishedOnce = touch.publishedSequence() == last.sequence() && touch.publications() == 0;
        out.writeByte((touch.starts() ? STARTS : 0)
                | (touch.issueOver() ? ISSUE_OVER : 0)
                | (session != null && !sameSession ? IN_SESSION : 0)
                | (sameSession ? SAME_SESSION : 0)
                | (session != null && !touch.counted() ? UNCOUNTED : 0)
                | (once ? ONCE : 0)
                | (published ? PUBLISHED : 0)
                | (publishedOnce ? PUBLISHED_ONCE : 0));
        write(touch.hash(), out);
        if (!once) {
            Packed.writeSize(facts.size(), out);
        }
        Touchpoint known = before == null ? null : lastOf(before);
        for (Fact fact : facts) {
            Packed.writeNumber(fact.sequence(), out);
            if (!once) {
                Packed.writeNumber(fact.net(), out);
            }
            TouchpointLayout.writeAfter(known, fact.touchpoint(), out);
            known = fact.touchpoint();
        }
        if (session != null && !sameSession) {
            Packed.writeText(session, out);
        }
        if (published && !publishedOnce) {
            Packed.writeNumber(touch.publishedSequence(), out);
            Packed.writeSize(touch.publications(), out);
        }
    }

    /** The one that what follows is written after. */
    private static Touchpoint lastOf(Touch touch) {
        return touch.facts().get(touch.facts().size() - 1).touchpoint();
    }

    private static Touch readTouch(@Nullable Touch before, DataInput in) throws IOException {
        int flags = in.readByte();
        Hash128 hash = readHash(in);
        Touchpoint known = before == null ? null : lastOf(before);
        List<Fact> facts;
        if (has(flags, ONCE)) {
            facts = List.of(new Fact(Packed.readNumber(in), TouchpointLayout.readAfter(known, in), 1));
        } else {
            facts = new ArrayList<>();
            for (int i = Packed.readSize(in); i > 0; i--) {
                long sequence = Packed.readNumber(in);
                int net = (int) Packed.readNumber(in);
                known = TouchpointLayout.readAfter(known, in);
                facts.add(new Fact(sequence, known, net));
            }
        }
        if (facts.isEmpty()) {
            throw new IOException("nothing was heard of a touchpoint that is held");
        }
        Fact last = facts.get(facts.size() - 1);
        String session = has(flags, SAME_SESSION) && before != null ? before.session() : null;
        if (has(flags, IN_SESSION)) {
            session = Packed.readText(in);
        }
        boolean once = has(flags, PUBLISHED_ONCE);
        boolean published = has(flags, PUBLISHED);
        return new Touch(
                last.touchpoint().touchpointId(),
                hash,
                facts,
                has(flags, STARTS),
                has(flags, ISSUE_OVER),
                session,
                session != null && !has(flags, UNCOUNTED),
                once ? last.sequence() : published ? Packed.readNumber(in) : -1,
                once || !published ? 0 : Packed.readSize(in));
    }

    private static Touch readTouchAlone(@Nullable String sessionBefore, DataInput in, int version) throws IOException {
        int flags = in.readByte();
        Hash128 hash = readHash(in);
        int size = Packed.readSize(in);
        List<Fact> facts;
        if (size == 1) {
            facts = List.of(readFact(in, version));
        } else {
            facts = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                facts.add(readFact(in, version));
            }
        }
        String session = has(flags, SAME_SESSION) ? sessionBefore : null;
        if (has(flags, IN_SESSION)) {
            session = Packed.readText(in);
        }
        boolean published = has(flags, PUBLISHED);
        long publishedSequence = published ? Packed.readNumber(in) : -1;
        if (published) {
            // The highest ever published, which nobody asked for.
            Packed.readNumber(in);
        }
        return new Touch(
                facts.get(0).touchpoint().touchpointId(),
                hash,
                facts,
                has(flags, STARTS),
                has(flags, ISSUE_OVER),
                session,
                session != null && !has(flags, UNCOUNTED),
                publishedSequence,
                published ? Packed.readSize(in) : 0);
    }

    /**
     * The place of the touchpoint a step stands for, or {@link #SPELLED_OUT}.
     *
     * @param guess where it is if nothing was in between
     */
    private static int placeOf(Step step, int guess, List<Touch> touches) {
        if (guess < touches.size() && stands(touches.get(guess), step)) {
            return guess;
        }
        int low = 0;
        int high = touches.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (isBefore(touches.get(middle), step)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < touches.size() && stands(touches.get(low), step) ? low : SPELLED_OUT;
    }

    /** In the order of touches, of which those that do not count come last. */
    private static boolean isBefore(Touch touch, Step step) {
        Touchpoint counting = touch.counting();
        if (counting == null) {
            return false;
        }
        int byTime = Long.compare(counting.eventTime(), step.eventTime());
        return byTime != 0 ? byTime < 0 : counting.touchpointId().compareTo(step.touchpointId()) < 0;
    }

    private static Fact readFact(DataInput in, int version) throws IOException {
        long sequence = Packed.readNumber(in);
        int net = (int) Packed.readNumber(in);
        return new Fact(sequence, TouchpointLayout.INSTANCE.read(in, version), net);
    }

    /** Sessions, which are in order, and so are their touchpoints: each is looked for behind the ones before. */
    private static void writeSessions(List<Known> sessions, List<Touch> touches, DataOutput out) throws IOException {
        Packed.writeSize(sessions.size(), out);
        int next = 0;
        for (Known known : sessions) {
            next = writePath(known.session().path(), next, touches, out);
            SessionLayout.writeRest(known.session(), out);
            Packed.writeNumber(known.closesAt() - known.session().end(), out);
            out.writeByte(SessionLayout.code(known.cause()));
            out.writeBoolean(known.closedBefore());
        }
    }

    private static int writePath(List<Step> path, int expected, List<Touch> touches, DataOutput out)
            throws IOException {
        Packed.writeSize(path.size(), out);
        int next = expected;
        int written = 0;
        while (written < path.size()) {
            if (written == 0 && path instanceof RememberedPath remembered && remembered.isOf(touches, next)) {
                writeRun(next, path.size(), out);
                return next + path.size();
            }
            int place = placeOf(path.get(written), next, touches);
            if (place == SPELLED_OUT) {
                Packed.writeSize(SPELLED_OUT + 1, out);
                SessionLayout.writeStep(path.get(written++), 0, out);
                continue;
            }
            int run = runOf(path, written, place, touches);
            writeRun(place, run, out);
            written += run;
            next = place + run;
        }
        return next;
    }

    private static void writeRun(int place, int size, DataOutput out) throws IOException {
        Packed.writeSize(place + 1, out);
        Packed.writeSize(size - 1, out);
    }

    /** How many steps from this one on stand for touchpoints one behind the other. */
    private static int runOf(List<Step> path, int index, int place, List<Touch> touches) {
        if (index == 0 && path instanceof RememberedPath remembered && remembered.isOf(touches, place)) {
            return path.size();
        }
        int run = 1;
        while (index + run < path.size()
                && place + run < touches.size()
                && stands(touches.get(place + run), path.get(index + run))) {
            run++;
        }
        return run;
    }

    private static List<Known> readSessions(List<Touch> touches, DataInput in, int version) throws IOException {
        int size = Packed.readSize(in);
        List<Known> sessions = roomFor(size);
        for (int i = 0; i < size; i++) {
            List<Step> path = version < 6 ? readSteps(touches, in) : readPath(touches, in);
            Session session = SessionLayout.readRest(path, in, version);
            long closesAt = session.end() + Packed.readNumber(in);
            CutCause cause = SessionLayout.cutCause(in.readByte());
            sessions.add(new Known(session, closesAt, cause, in.readBoolean()));
        }
        return sessions;
    }

    private static List<Step> readPath(List<Touch> touches, DataInput in) throws IOException {
        int size = Packed.readSize(in);
        if (size < 0) {
            throw new IOException("no path has " + size + " steps");
        }
        List<Step> path = null;
        int read = 0;
        while (read < size) {
            int place = Packed.readSize(in) - 1;
            int run = place == SPELLED_OUT ? 1 : Packed.readSize(in) + 1;
            if (place < SPELLED_OUT || run < 1 || run > size - read || (place >= 0 && run > touches.size() - place)) {
                throw new IOException("a path of " + size + " steps over " + touches.size() + " touchpoints has no "
                        + run + " from place " + place + " on");
            }
            List<Step> steps = place == SPELLED_OUT
                    ? List.of(SessionLayout.readStep(0, in))
                    : new RememberedPath(counting(touches, place, run));
            if (run == size) {
                return steps;
            }
            path = path == null ? roomFor(size) : path;
            path.addAll(steps);
            read += run;
        }
        return path == null ? List.of() : path;
    }

    private static List<Touch> counting(List<Touch> touches, int place, int run) throws IOException {
        List<Touch> members = touches.subList(place, place + run);
        for (int i = 0; i < run; i++) {
            if (members.get(i).counting() == null) {
                throw doesNotCount(place + i);
            }
        }
        return members;
    }

    private static IOException doesNotCount(int place) {
        return new IOException("a step of a session stands for touchpoint " + place + ", which does not count");
    }

    /** Before version 6: each step by its distance from the one before. */
    private static List<Step> readSteps(List<Touch> touches, DataInput in) throws IOException {
        int size = Packed.readSize(in);
        List<Step> path = roomFor(size);
        int next = 0;
        for (int i = 0; i < size; i++) {
            int distance = (int) Packed.readNumber(in);
            if (distance == 0) {
                path.add(SessionLayout.readStep(0, in));
                continue;
            }
            int place = distance < 0 ? next + distance : next + distance - 1;
            Touchpoint counting = touches.get(place).counting();
            if (counting == null) {
                throw doesNotCount(place);
            }
            path.add(Step.of(counting));
            next = place + 1;
        }
        return path;
    }

    private static boolean stands(Touch touch, Step step) {
        Touchpoint counting = touch.counting();
        return counting != null && step.isOf(counting);
    }

    private static List<Travelled> readJourneys(DataInput in, int version) throws IOException {
        int size = Packed.readSize(in);
        List<Travelled> journeys = roomFor(size);
        for (int i = 0; i < size; i++) {
            Journey journey = JourneyLayout.INSTANCE.read(in, version);
            long endsAt = journey.end() + Packed.readNumber(in);
            journeys.add(new Travelled(journey, endsAt, JourneyLayout.endCause(in.readByte())));
        }
        return journeys;
    }

    private static void write(Begun begun, DataOutput out) throws IOException {
        out.writeLong(begun.hash());
        out.writeLong(begun.start());
        Packed.writeText(begun.firstChannel(), out);
        Packed.writeNumber(begun.lastInbound() - begun.start(), out);
        Packed.writeNumber(begun.end() - begun.start(), out);
        Present.writeText(begun.product(), out);
        Present.writeText(begun.convertedProduct(), out);
        Present.writeText(begun.topic(), out);
        Present.writeText(begun.stage(), out);
        Packed.writeNumber(begun.stageSince() - begun.start(), out);
        Packed.writeNumber(begun.stageTouchpoints(), out);
        Packed.writeSize(begun.stepsBack(), out);
        JourneyLayout.writeVisits(begun.visits(), begun.start(), out);
        Present.writeTimes(begun.dwellMs(), out);
        Present.writeList(begun.channels(), out);
        Present.writeNumber(begun.convertedAt(), out);
        Present.writeText(begun.conversionChannel(), out);
        Packed.writeSize(begun.conversionCount(), out);
        Present.writeNumber(begun.churnedAt(), out);
        Packed.writeNumber(begun.touchpoints(), out);
        Packed.writeNumber(begun.sessions(), out);
        Present.writeMoney(begun.value(), out);
        out.writeBoolean(begun.reversed());
    }

    private static Customer readProfile(DataInput in, int version) throws IOException {
        return version < 5
                ? CustomerLayout.INSTANCE.read(in, version)
                : CustomerDocumentLayout.INSTANCE.read(in, version);
    }

    private static Begun readBegun(DataInput in) throws IOException {
        long hash = in.readLong();
        long start = in.readLong();
        return new Begun(
                hash,
                start,
                Packed.readText(in),
                start + Packed.readNumber(in),
                start + Packed.readNumber(in),
                Present.readText(in),
                Present.readText(in),
                Present.readText(in),
                Present.readText(in),
                start + Packed.readNumber(in),
                Packed.readNumber(in),
                Packed.readSize(in),
                JourneyLayout.readVisits(start, in),
                Present.readTimes(in),
                Present.readList(in),
                Present.readNumber(in),
                Present.readText(in),
                Packed.readSize(in),
                Present.readNumber(in),
                Packed.readNumber(in),
                Packed.readNumber(in),
                Present.readMoney(in),
                in.readBoolean());
    }

    private static void write(Sums sums, DataOutput out) throws IOException {
        Packed.writeNumber(sums.touchpoints(), out);
        Packed.writeNumber(sums.sessions(), out);
        Packed.writeNumber(sums.firstSeen(), out);
        Packed.writeNumber(sums.lastSeen(), out);
        Present.writeList(sums.channels(), out);
        Present.writeMoney(sums.value(), out);
        Present.writeText(sums.segment(), out);
        Packed.writeNumber(sums.segmentAt(), out);
        Present.writeConsents(sums.consents(), out);
        Packed.writeSize(sums.sightings().size(), out);
        for (Map.Entry<Identifier, Sighting> seen : sums.sightings().entrySet()) {
            Packed.writeText(seen.getKey().type(), out);
            Packed.writeText(seen.getKey().value(), out);
            Packed.writeNumber(seen.getValue().first(), out);
            Packed.writeNumber(seen.getValue().last() - seen.getValue().first(), out);
        }
    }

    private static Sums readSums(DataInput in, int version) throws IOException {
        return new Sums(
                Packed.readNumber(in),
                Packed.readNumber(in),
                Packed.readNumber(in),
                Packed.readNumber(in),
                Present.readList(in),
                Present.readMoney(in),
                Present.readText(in),
                Packed.readNumber(in),
                version < 3 ? List.of() : Present.readConsents(in),
                version < 4 ? Collections.emptySortedMap() : readSightings(in));
    }

    private static SortedMap<Identifier, Sighting> readSightings(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        if (size == 0) {
            return Collections.emptySortedMap();
        }
        SortedMap<Identifier, Sighting> sightings = new TreeMap<>();
        for (int i = size; i > 0; i--) {
            Identifier identifier = Packed.readIdentifier(in);
            long first = Packed.readNumber(in);
            sightings.put(identifier, new Sighting(first, first + Packed.readNumber(in)));
        }
        return sightings;
    }

    private static void write(At at, DataOutput out) throws IOException {
        Packed.writeNumber(at.eventTime(), out);
        Packed.writeText(at.touchpointId(), out);
    }

    private static At readAt(DataInput in) throws IOException {
        return new At(Packed.readNumber(in), Packed.readText(in));
    }

    private static void write(Hash128 hash, DataOutput out) throws IOException {
        out.writeLong(hash.high());
        out.writeLong(hash.low());
    }

    private static Hash128 readHash(DataInput in) throws IOException {
        return new Hash128(in.readLong(), in.readLong());
    }
}
