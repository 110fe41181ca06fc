package io.throughline.domain.stitch;

import io.throughline.domain.stitch.LoginIntervals.DeviceEvent;
import io.throughline.domain.stitch.NodeState.Belonging;
import io.throughline.domain.stitch.NodeState.Flag;
import io.throughline.domain.stitch.NodeState.HostKey;
import io.throughline.domain.stitch.NodeState.Hosted;
import io.throughline.domain.stitch.NodeState.SeenEvent;
import io.throughline.domain.stitch.NodeState.SeenKey;
import io.throughline.domain.stitch.StitchMessage.Part;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Places the touchpoints a node hosts: with its customer, with another node where its own identifier cannot say whose
 * they are, or by the login intervals of a shared device.
 */
final class Placing {
    /** Sequences a home leaves to the nodes it hands a touchpoint to, and one of those to the next. */
    private static final long HAND_OVER = 1L << 16;

    private static final long HAND_ON = 1L << 8;

    private final NodeTurn turn;
    private final NodeState state;
    private final StitchConfig config;
    /** Hosted in this turn and not yet placed. */
    private final List<Hosted> unplaced = new ArrayList<>(1);

    /** Homes seen with this identifier in this turn. */
    private Set<Identifier> met = Set.of();

    private boolean intervalsChanged;
    private @Nullable Map<String, String> logins;

    Placing(NodeTurn turn) {
        this.turn = turn;
        this.state = turn.state;
        this.config = turn.config;
    }

    // ---- hosting

    void touched(TouchpointChange change) {
        Touchpoint touchpoint = change.touchpoint();
        HostKey key = new HostKey(touchpoint.touchpointId(), turn.self);
        boolean erased = turn.erases(touchpoint);
        // At its home a touchpoint is hosted or not: only where it was handed over is it remembered as taken back.
        Hosted before = state.hosted.get(key);
        if (change.sign() > 0) {
            if (erased) {
                sayErased(change, +1);
                return;
            }
            if (before != null) {
                // De-duplication forgets an id long before it is forgotten here, and lets a late record of it that is
                // read again pass as the first.
                turn.say(new StitchOutput.Duplicate(change.source(), +1));
                return;
            }
            Hosted hosted = new Hosted(touchpoint, false, 0, true, Attribution.firstSequence(change.generation()));
            hosted.source = change.source();
            host(key, hosted);
            return;
        }
        if (erased) {
            // It was counted as erased when it came, or when that was asked for.
            sayErased(change, -1);
            if (change.sign() == 0) {
                sayErased(change, +1);
            }
            return;
        }
        if (before == null) {
            return;
        }
        if (!isOf(before, change)) {
            // De-duplication takes back or reads again what was a duplicate here.
            turn.say(new StitchOutput.Duplicate(change.formerSource(), -1));
            if (change.sign() == 0) {
                turn.say(new StitchOutput.Duplicate(change.source(), +1));
            }
            return;
        }
        if (change.sign() == 0) {
            before.source = change.source();
            return;
        }
        state.hosted.remove(key);
        takeBack(before, true);
        turn.retract(List.of(before));
    }

    /** Whether a change is of what is hosted, not of another record of its id that was left out as a duplicate. */
    private static boolean isOf(Hosted hosted, TouchpointChange change) {
        return generation(hosted) == change.generation()
                && (hosted.source.isEmpty() || hosted.source.equals(change.formerSource()))
                && hosted.touchpoint.equals(change.touchpoint());
    }

    /** Lets go of the touchpoints that are erased by what this node knows now, and returns them. */
    List<Hosted> erase() {
        List<Hosted> gone = new ArrayList<>();
        for (Hosted hosted : new ArrayList<>(state.hosted.values())) {
            Touchpoint touchpoint = hosted.touchpoint;
            HostKey key = new HostKey(touchpoint.touchpointId(), turn.self);
            if (!turn.erases(touchpoint)) {
                continue;
            }
            if (hosted == state.hosted.get(key)) {
                state.hosted.remove(key);
                takeBack(hosted, true);
                gone.add(hosted);
                sayErased(new TouchpointChange(touchpoint, +1, generation(hosted), hosted.source), +1);
            }
        }
        // Told once, however many touchpoints say it.
        Set<StitchMessage.Erased> words = new LinkedHashSet<>();
        for (Map.Entry<HostKey, Hosted> entry : state.hosted.entries()) {
            Hosted hosted = entry.getValue();
            if (hosted.present && !hosted.keeper) {
                words.addAll(
                        forWhoHandedItOver(hosted.touchpoint, entry.getKey().from()));
            }
        }
        words.forEach(turn::send);
        return gone;
    }

    /** A super-node may have handed it over whom the erased identifier does not know: those announce no more. */
    private List<StitchMessage.Erased> forWhoHandedItOver(Touchpoint touchpoint, Hash128 from) {
        if (!turn.erases(touchpoint)) {
            return List.of();
        }
        List<StitchMessage.Erased> words = new ArrayList<>();
        for (Identifier asking : turn.linkable(touchpoint)) {
            if (asking.hash().equals(from)) {
                for (Identifier erased : touchpoint.identifiers()) {
                    Long until = state.erased.get(erased);
                    if (until != null && touchpoint.eventTime() <= until) {
                        words.add(new StitchMessage.Erased(asking, erased, until));
                    }
                }
            }
        }
        return words;
    }

    private void sayErased(TouchpointChange change, int sign) {
        TouchpointChange erased = new TouchpointChange(
                change.touchpoint(), sign, change.generation(), sign > 0 ? change.source() : change.formerSource());
        turn.say(new StitchOutput.Erased(erased, Attribution.lastSequence(change.generation())));
    }

    void hosted(StitchMessage.Host host) {
        HostKey key = new HostKey(host.touchpoint().touchpointId(), host.from());
        Hosted before = state.hosted.get(key);
        if (before != null && !isLater(host, before)) {
            return;
        }
        Hosted hosted = new Hosted(host.touchpoint(), host.keeper(), host.version(), host.present(), host.sequence());
        if (before != null) {
            hosted.passedOn = before.passedOn;
            takeBack(before, host.gone());
            // What it said to others meanwhile may have been higher than what it hears now.
            hosted.sequence = Math.max(hosted.sequence, before.sequence);
        }
        if (hosted.present) {
            host(key, hosted);
            if (!hosted.keeper) {
                forWhoHandedItOver(hosted.touchpoint, host.from()).forEach(turn::send);
                takeBackAnnounced(before, hosted);
            }
            return;
        }
        state.hosted.put(key, hosted);
        expireAfter(hosted.touchpoint.eventTime());
        intervalsChanged = true;
        if (!host.keeper()) {
            takeBackAnnounced(before, hosted);
            if (host.gone() && hosted.passedOn && (before == null || before.forwardedTo == null)) {
                tellGone(hosted);
            }
        }
        if (host.gone() || host.keeper()) {
            // Who is erased must not live on in what is only remembered so that a stale word is told from a new one; a
            // former
            // keeper is never told of it.
            state.hosted.put(key, emptied(hosted));
        }
    }

    /**
     * Whether a word on a touchpoint is later than the one known from the same node. A better duplicate may be at home where
     * what it replaces was handed over to, which counts in versions of its own.
     */
    private static boolean isLater(StitchMessage.Host host, Hosted known) {
        int byGeneration =
                Integer.compare(Attribution.generation(host.sequence()), Attribution.generation(known.received));
        if (byGeneration != 0) {
            return byGeneration > 0;
        }
        return host.version() > known.version || (host.version() == known.version && host.sequence() > known.received);
    }

    /**
     * Takes back what was announced of a touchpoint that another word of it follows, as if it had never been here: what it is
     * evidence of is announced by who has it now. The same hand-over said again changes nothing.
     */
    private void takeBackAnnounced(@Nullable Hosted before, Hosted now) {
        if (before == null || !before.present) {
            // Of state in which hand-backs left behind what had been announced.
            turn.retract(now.present ? List.of() : List.of(now));
        } else if (!now.present || !NodeTurn.supportOf(before).equals(NodeTurn.supportOf(now))) {
            turn.retract(List.of(before));
        }
    }

    private static Hosted emptied(Hosted hosted) {
        Touchpoint touchpoint = hosted.touchpoint;
        Hosted emptied = new Hosted(
                Touchpoint.of(touchpoint.touchpointId(), touchpoint.eventTime(), "", "")
                        .build(),
                hosted.keeper,
                hosted.version,
                hosted.present,
                hosted.sequence);
        emptied.received = hosted.received;
        emptied.passedOn = hosted.passedOn;
        return emptied;
    }

    private void host(HostKey key, Hosted hosted) {
        state.hosted.put(key, hosted);
        expireAfter(hosted.touchpoint.eventTime());
        unplaced.add(hosted);
        intervalsChanged = true;
        if (!hosted.keeper) {
            turn.announce(hosted);
            tellKeepers(hosted, Presence.HERE);
        }
    }

    private void expireAfter(long eventTime) {
        state.nextExpiry = Math.min(state.nextExpiry, config.forgottenAt(eventTime, turn.self));
    }

    void announceAll() {
        for (Hosted hosted : new ArrayList<>(state.hosted.values())) {
            if (hosted.present && !hosted.keeper) {
                turn.announce(hosted);
            }
        }
    }

    /**
     * The best support this node still has for a fact; null: none. What was handed over and is erased is still here until who
     * handed it over takes it back, and supports nothing any more.
     */
    Fact.@Nullable Support nextBest(Fact.Key key) {
        Fact.Support best = null;
        for (Hosted hosted : state.hosted.values()) {
            Touchpoint touchpoint = hosted.touchpoint;
            if (hosted.present
                    && !hosted.keeper
                    && touchpoint.identifiers().contains(key.left())
                    && touchpoint.identifiers().contains(key.right())
                    && !turn.erases(touchpoint)) {
                Fact.Support support = NodeTurn.supportOf(hosted);
                if (best == null || support.compareTo(best) < 0) {
                    best = support;
                }
            }
        }
        return best;
    }

    private static int generation(Hosted hosted) {
        return Attribution.generation(hosted.sequence);
    }

    /** Undoes wherever a touchpoint stands, because it leaves this node. */
    private void takeBack(Hosted hosted, boolean gone) {
        if (hosted.present && !hosted.keeper) {
            tellKeepers(hosted, Presence.LEAVES);
        }
        unplaced.remove(hosted);
        intervalsChanged = true;
        boolean told = hosted.forwardedTo != null;
        withdraw(hosted, gone);
        if (gone && hosted.passedOn && !told) {
            tellGone(hosted);
        }
    }

    /** A weaker node that once placed the touchpoint may have announced it, and must take that back. */
    private void tellGone(Hosted hosted) {
        Identifier own = turn.own();
        Identifier next = own == null ? null : nextWeaker(hosted.touchpoint, own);
        if (next != null) {
            hosted.sequence += handOver(hosted);
            send(hosted, next, false, true, false);
        }
    }

    // ---- placing

    /** Places what is new, and everything anew where this identifier can now be used for something else. */
    void settle() {
        placeAll();
        unplaced.clear();
        intervalsChanged = false;
        met = Set.of();
    }

    private void placeAll() {
        Identifier own = turn.own();
        if (own == null) {
            for (Hosted hosted : unplaced) {
                attribute(hosted, CustomerIds.ofTouchpoint(hosted.touchpoint.touchpointId()));
            }
            return;
        }
        Assignment now = turn.usedFor();
        while (state.settled == null ? !now.isAlone(own) : !now.equals(state.settled)) {
            Assignment alone = Assignment.alone(own);
            Assignment before = state.settled == null ? alone : state.settled;
            if (now.equals(before)) {
                break;
            }
            state.settled = now.equals(alone) ? null : now;
            becameOtherwise(own, before, now);
            logins = null;
            for (Hosted hosted : new ArrayList<>(state.hosted.values())) {
                place(hosted, own, now);
            }
            unplaced.clear();
            intervalsChanged = false;
            now = turn.usedFor();
        }
        if (state.settled != null) {
            // Equal, and one object for all touchpoints.
            now = state.settled;
        }
        if (state.toldOfItself) {
            for (Identifier home : met) {
                tellWhatItBecame(own, home, now);
            }
        }
        if (intervalsChanged && keeps(own, now)) {
            logins = null;
            for (Hosted hosted : state.hosted.values()) {
                place(hosted, own, now);
            }
        } else {
            for (Hosted hosted : unplaced) {
                place(hosted, own, now);
            }
        }
    }

    private static boolean keeps(Identifier own, Assignment assignment) {
        return assignment.kind() == Assignment.Kind.SHARED && own.equals(assignment.keeper());
    }

    private void place(Hosted hosted, Identifier own, Assignment assignment) {
        if (!hosted.present) {
            return;
        }
        switch (assignment.kind()) {
            case JOINED -> attribute(hosted, assignment.customerId());
            case SHARED -> {
                Identifier keeper = assignment.keeper();
                if (hosted.keeper || keeper == null || keeper.equals(own)) {
                    String customer = logins().get(hosted.touchpoint.touchpointId());
                    attribute(hosted, customer == null ? assignment.customerId() : customer);
                } else {
                    forward(hosted, keeper, true);
                }
            }
            case QUARANTINED -> {
                Identifier next = hosted.keeper ? null : nextWeaker(hosted.touchpoint, own);
                if (next == null) {
                    attribute(hosted, CustomerIds.ofTouchpoint(hosted.touchpoint.touchpointId()));
                } else {
                    forward(hosted, next, false);
                }
            }
        }
    }

    private @Nullable Identifier nextWeaker(Touchpoint touchpoint, Identifier than) {
        for (Identifier identifier : turn.linkable(touchpoint)) {
            if (config.byStrength().compare(identifier, than) > 0) {
                return identifier;
            }
        }
        return null;
    }

    private Map<String, String> logins() {
        if (logins == null) {
            List<DeviceEvent> events = new ArrayList<>();
            state.seen.forEach((key, seen) -> {
                Belonging belonging = state.belongings.get(key.by());
                if (seen.present() && belonging != null) {
                    events.add(new DeviceEvent(
                            key.touchpointId(), seen.eventTime(), seen.gapMs(), seen.logout(), belonging.customer()));
                }
            });
            for (Hosted hosted : state.hosted.values()) {
                if (hosted.present) {
                    Touchpoint touchpoint = hosted.touchpoint;
                    events.add(new DeviceEvent(
                            touchpoint.touchpointId(),
                            touchpoint.eventTime(),
                            config.gapOf(touchpoint.channel()),
                            isLogout(touchpoint),
                            null));
                }
            }
            logins = LoginIntervals.attribute(events);
        }
        return logins;
    }

    private static boolean isLogout(Touchpoint touchpoint) {
        return touchpoint.kind().equals("logout");
    }

    private void attribute(Hosted hosted, String customer) {
        if (customer.equals(hosted.customer)) {
            return;
        }
        withdraw(hosted, false);
        hosted.sequence++;
        hosted.attributedAt = hosted.sequence;
        hosted.customer = customer;
        turn.say(new StitchOutput.Attributed(new Attribution(customer, hosted.touchpoint, +1, hosted.attributedAt)));
    }

    private void forward(Hosted hosted, Identifier to, boolean toKeeper) {
        if (to.equals(hosted.forwardedTo) && toKeeper == hosted.forwardedToKeeper) {
            return;
        }
        withdraw(hosted, false);
        hosted.sequence += handOver(hosted);
        hosted.forwardedTo = to;
        hosted.forwardedToKeeper = toKeeper;
        hosted.passedOn |= !toKeeper;
        send(hosted, to, true, false, toKeeper);
    }

    /** Undoes wherever it stands. */
    private void withdraw(Hosted hosted, boolean gone) {
        if (hosted.customer != null) {
            turn.say(new StitchOutput.Attributed(
                    new Attribution(hosted.customer, hosted.touchpoint, -1, hosted.attributedAt)));
            hosted.customer = null;
        }
        Identifier forwardedTo = hosted.forwardedTo;
        if (forwardedTo != null) {
            hosted.sequence += handOver(hosted);
            hosted.forwardedTo = null;
            send(hosted, forwardedTo, false, gone, hosted.forwardedToKeeper);
        }
    }

    private static long handOver(Hosted hosted) {
        return hosted.version == 0 ? HAND_OVER : HAND_ON;
    }

    private void send(Hosted hosted, Identifier to, boolean present, boolean gone, boolean keeper) {
        turn.send(new StitchMessage.Host(
                to,
                turn.self,
                hosted.touchpoint,
                present,
                gone,
                hosted.version + turn.version(),
                keeper,
                hosted.sequence));
    }

    // ---- what others must know of this identifier

    private void becameOtherwise(Identifier own, Assignment before, Assignment now) {
        if (before.kind() != now.kind() || !Objects.equals(before.keeper(), now.keeper())) {
            state.toldOfItself = true;
            Set<Identifier> homes = new LinkedHashSet<>();
            for (Fact.Key key : state.near.keys()) {
                if (key.right().equals(own)) {
                    homes.add(key.home());
                }
            }
            homes.forEach(home -> tellWhatItBecame(own, home, now));
            if (!met.isEmpty()) {
                met.removeAll(homes);
            }
        }
        if (now.kind() != Assignment.Kind.QUARANTINED && !before.customerId().equals(now.customerId())) {
            Set<Identifier> keepers = new LinkedHashSet<>();
            for (Flag flag : state.flags.values()) {
                if (flag.keeper() != null) {
                    keepers.add(flag.keeper());
                }
            }
            for (Identifier keeper : keepers) {
                turn.send(new StitchMessage.Belongs(keeper, own, now.customerId(), turn.version()));
            }
        }
    }

    /**
     * This became a super-node, or is none any more. Told with that and not with what the root makes of it, which comes later and
     * may come to the same after two such turns.
     */
    void standsOtherwise() {
        for (Hosted hosted : state.hosted.values()) {
            if (hosted.present && !hosted.keeper) {
                tellKeepers(hosted, Presence.HERE);
            }
        }
    }

    /** A home was just seen with this identifier; once it is settled what that is, the home hears of it. */
    void tellWhatItBecame(Identifier home) {
        met = met.isEmpty() ? new LinkedHashSet<>(2) : met;
        met.add(home);
    }

    private void tellWhatItBecame(Identifier own, Identifier home, Assignment assignment) {
        turn.send(new StitchMessage.Became(home, own, assignment.kind(), assignment.keeper(), turn.version()));
    }

    // ---- shared devices: the person's side

    void became(StitchMessage.Became became) {
        Identifier device = became.of();
        Flag before = state.flags.get(device);
        if (before == null ? became.kind() == Assignment.Kind.JOINED : became.version() <= before.version()) {
            return;
        }
        Flag now = new Flag(became.kind(), became.keeper(), became.version());
        Identifier oldKeeper = before == null ? null : before.keeper();
        boolean moves = !Objects.equals(oldKeeper, now.keeper());
        if (moves && oldKeeper != null) {
            tellOfAll(device, oldKeeper, now.version(), Presence.ELSEWHERE);
        }
        state.flags = Holding.grown(state.flags);
        state.flags.put(device, now);
        if (moves && now.keeper() != null) {
            tellOfAll(device, now.keeper(), now.version(), Presence.HERE);
        }
        note(device);
    }

    /** Says anew what readers of this person's customer should know of a device that joins nobody. */
    void note(Identifier device) {
        Identifier own = turn.own();
        Flag flag = state.flags.get(device);
        if (own == null || flag == null || turn.isDevice()) {
            return;
        }
        // A person who is not seen with it any more has nothing to do with it.
        Fact.Support support = state.near.support(new Fact.Key(own, device, own));
        String text = support == null || flag.kind() == Assignment.Kind.JOINED
                ? ""
                : flag.kind() == Assignment.Kind.SHARED ? "shared" : "quarantined";
        long firstSeen = support == null ? 0 : support.eventTime();
        // Both only grow: whatever of the two a note did not know of yet, it is the older one.
        long version = flag.version() + state.near.version();
        turn.bonds.deliver(
                Layer.PERSONS,
                Part.of(Map.of(new Note.Key(own, device), new Note(text, "", firstSeen, firstSeen, version))));
    }

    /** Where a touchpoint is, for the keeper of a shared device it bore. */
    private enum Presence {
        HERE,
        /** Still hosted here, but no longer for that keeper to know. */
        ELSEWHERE,
        /** No longer hosted here; a later word than that it was. */
        LEAVES
    }

    private void tellOfAll(Identifier device, Identifier keeper, long flagVersion, Presence presence) {
        for (Hosted hosted : state.hosted.values()) {
            if (hosted.present
                    && !hosted.keeper
                    && hosted.touchpoint.identifiers().contains(device)) {
                tellKeeper(hosted, device, keeper, flagVersion, presence);
            }
        }
    }

    private void tellKeepers(Hosted hosted, Presence presence) {
        if (state.flags.isEmpty()) {
            return;
        }
        for (Identifier device : new LinkedHashSet<>(hosted.touchpoint.identifiers())) {
            Flag flag = state.flags.get(device);
            if (flag != null && flag.keeper() != null) {
                tellKeeper(hosted, device, flag.keeper(), flag.version(), presence);
            }
        }
    }

    /** Of touchpoints without a person the devices' own nodes tell, and a super-node knows nobody. */
    private void tellKeeper(Hosted hosted, Identifier device, Identifier keeper, long flagVersion, Presence presence) {
        Identifier own = turn.own();
        if (own == null || turn.isDevice()) {
            return;
        }
        boolean here = presence == Presence.HERE && state.standing.usable();
        Touchpoint touchpoint = hosted.touchpoint;
        long version = 2 * (flagVersion + state.standing.version() + hosted.version + generation(hosted))
                + (here ? 1 : presence == Presence.LEAVES ? 2 : 0);
        String customer = turn.usedFor().customerId();
        turn.send(new StitchMessage.Seen(
                keeper,
                device,
                own,
                touchpoint.touchpointId(),
                touchpoint.eventTime(),
                config.gapOf(touchpoint.channel()),
                isLogout(touchpoint),
                here,
                generation(hosted),
                version,
                customer,
                turn.version()));
    }

    // ---- shared devices: the keeper's side

    void seen(StitchMessage.Seen seen) {
        SeenKey key = new SeenKey(seen.touchpointId(), seen.via(), seen.by());
        SeenEvent before = state.seen.get(key);
        if (before == null || isLater(seen, before)) {
            state.seen = Holding.grown(state.seen);
            state.seen.put(
                    key,
                    new SeenEvent(
                            seen.eventTime(),
                            seen.gapMs(),
                            seen.logout(),
                            seen.present(),
                            seen.generation(),
                            seen.version()));
            expireAfter(seen.eventTime());
            intervalsChanged = true;
        }
        if (!seen.customer().isEmpty()) {
            belongs(seen.by(), seen.customer(), seen.customerVersion());
        }
    }

    private static boolean isLater(StitchMessage.Seen seen, SeenEvent known) {
        return seen.generation() == known.generation()
                ? seen.version() > known.version()
                : seen.generation() > known.generation();
    }

    void belongs(Identifier person, String customer, long version) {
        Belonging before = state.belongings.get(person);
        if (before == null || version > before.version()) {
            state.belongings = Holding.grown(state.belongings);
            state.belongings.put(person, new Belonging(customer, version));
            intervalsChanged |= before == null || !before.customer().equals(customer);
        }
    }
}
