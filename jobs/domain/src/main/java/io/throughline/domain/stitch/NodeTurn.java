package io.throughline.domain.stitch;

import io.throughline.domain.stage.Step;
import io.throughline.domain.stitch.StitchMessage.Part;
import io.throughline.domain.touchpoint.CanonicalForm;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One input's worth of a node's thinking: whom it is seen with, and what it can be used for. */
final class NodeTurn {
    /** Facts and askers a super-node remembers for the day it is released. */
    private static final int MOST_OF_A_SUPER_NODE = 1_000;

    /** Messages of a turn that are looked through for one to the same node. */
    private static final int MOST_LOOKED_AT = 16;

    private static final int MOST_AT_ONCE = 8;
    /** Facts and the like in a message that is sent with others. */
    private static final int MOST_OF_A_SHORT_ONE = 50;

    final StitchConfig config;
    final Hash128 self;
    final NodeState state;
    final Bonds bonds;

    private final Placing placing;
    private final List<StitchOutput> out = new ArrayList<>(2);
    /** Links that are no evidence because this is a super-node, as far as they are news. */
    private int withheld;
    /** The home that announced something in this turn, and where it is. */
    private @Nullable Hash128 announcer;

    private StitchMessage.@Nullable Place announcedFrom;

    /** The touchpoint whose identifiers were last asked for, and they: it is asked several times in a row. */
    private @Nullable Touchpoint lookedAt;

    private List<Identifier> linkable = List.of();

    /** Once asked for: what this identifier is used for as long as nobody has told it anything. */
    private @Nullable Assignment alone;

    NodeTurn(StitchConfig config, Hash128 self, NodeState state) {
        this.config = config;
        this.self = self;
        this.state = state;
        this.bonds = new Bonds(this);
        this.placing = new Placing(this);
    }

    Step<NodeState, StitchOutput> done() {
        placing.settle();
        if (withheld > 0) {
            say(new StitchOutput.Capped(StitchOutput.Cap.DEGREE, withheld));
        }
        return Step.of(state, out, state.nextExpiry);
    }

    void say(StitchOutput output) {
        out.add(output);
    }

    void send(StitchMessage message) {
        if (message.to().equals(self)) {
            received(message);
        } else {
            sendWithOthers(message);
        }
    }

    /** What is for a node that something was sent to in this turn goes with that: it is opened once for both. */
    private void sendWithOthers(StitchMessage message) {
        if (isShort(message)) {
            for (int i = out.size() - 1; i >= Math.max(0, out.size() - MOST_LOOKED_AT); i--) {
                if (out.get(i) instanceof StitchOutput.Sent sent
                        && sent.message().to().equals(message.to())) {
                    // The last that was sent there: joined to an earlier one it would overtake this.
                    StitchMessage before = sent.message();
                    if (before instanceof StitchMessage.Several several) {
                        if (several.all().size() < MOST_AT_ONCE) {
                            List<StitchMessage> all = new ArrayList<>(several.all());
                            all.add(message);
                            out.set(i, new StitchOutput.Sent(new StitchMessage.Several(all)));
                            return;
                        }
                    } else if (isShort(before)) {
                        out.set(i, new StitchOutput.Sent(new StitchMessage.Several(List.of(before, message))));
                        return;
                    }
                    break;
                }
            }
        }
        out.add(new StitchOutput.Sent(message));
    }

    /** Whether a few of its like make a record that stays well below the broker's limit. */
    private static boolean isShort(StitchMessage message) {
        if (message instanceof StitchMessage.Deliver deliver) {
            Part part = deliver.part();
            return part.facts().size()
                            + part.withdrawn().size()
                            + part.standings().size()
                            + part.decisions().size()
                            + part.notes().size()
                            + part.stated().size()
                    <= MOST_OF_A_SHORT_ONE;
        }
        if (message instanceof StitchMessage.Announce announce) {
            return announce.facts().size() + announce.withdrawn().size() <= MOST_OF_A_SHORT_ONE;
        }
        return !(message instanceof StitchMessage.Host);
    }

    void touched(TouchpointChange change) {
        List<Identifier> borne = linkable(change.touchpoint());
        if (!borne.isEmpty()) {
            state.identifier = borne.get(0);
        }
        placing.touched(change);
    }

    void received(StitchMessage message) {
        if (message instanceof StitchMessage.Announce announce) {
            state.identifier = announce.identifier();
            announced(announce);
        } else if (message instanceof StitchMessage.Union union) {
            bonds.united(union.layer(), union.smaller());
        } else if (message instanceof StitchMessage.Join join) {
            state.identifier = join.identifier();
            joined(join);
        } else if (message instanceof StitchMessage.Deliver deliver) {
            bonds.delivered(deliver.layer(), deliver.part(), deliver.with());
        } else if (message instanceof StitchMessage.Assigned assigned) {
            state.identifier = assigned.member();
            bonds.assigned(assigned);
        } else if (message instanceof StitchMessage.Became became) {
            state.identifier = became.home();
            placing.became(became);
        } else if (message instanceof StitchMessage.Watch watch) {
            state.identifier = watch.person();
            state.watchers = grown(state.watchers);
            state.watchers.add(watch.from());
            if (!state.standing.equals(Standing.INITIAL)) {
                // Whoever has not spoken is taken to have nothing else to say.
                send(new StitchMessage.Stands(watch.from(), watch.person(), state.standing));
            }
        } else if (message instanceof StitchMessage.Stands stands) {
            bonds.deliver(Layer.DEVICES, Part.of(Map.of(stands.of(), stands.standing()), List.of()));
        } else if (message instanceof StitchMessage.Host host) {
            state.identifier = host.host();
            placing.hosted(host);
        } else if (message instanceof StitchMessage.Seen seen) {
            state.identifier = seen.keeper();
            placing.seen(seen);
        } else if (message instanceof StitchMessage.Belongs belongs) {
            state.identifier = belongs.keeper();
            placing.belongs(belongs.person(), belongs.customer(), belongs.version());
        } else if (message instanceof StitchMessage.Decided decided) {
            state.identifier = decided.identifier();
            decided(decided);
        } else if (message instanceof StitchMessage.Erased erased) {
            state.identifier = erased.identifier();
            erased(erased);
        } else if (message instanceof StitchMessage.Several several) {
            for (StitchMessage each : several.all()) {
                received(each);
                // As if each had come by itself: what is said of one must not outlive what the next makes of it.
                placing.settle();
            }
        }
    }

    // ---- what this identifier is

    @Nullable
    Identifier own() {
        return state.identifier;
    }

    boolean isDevice() {
        Identifier own = state.identifier;
        return own != null && config.typeOf(own).scope() == Scope.DEVICE;
    }

    Layer layer() {
        return isDevice() ? Layer.DEVICES : Layer.PERSONS;
    }

    /** Grows whenever {@link #usedFor()} changes. */
    long version() {
        NodeState.Bond devices = state.devices;
        return state.persons.version + (devices == null ? 0 : devices.version) + state.standing.version();
    }

    /** What this identifier can be used for, by all that its node knows. */
    Assignment usedFor() {
        Identifier own = Objects.requireNonNull(own(), "asked of nodes that have an identifier");
        if (!state.standing.usable()) {
            return Assignment.QUARANTINED;
        }
        NodeState.Bond devices = state.devices;
        if (devices != null && devices.assignment != null && devices.assignment.kind() == Assignment.Kind.SHARED) {
            return devices.assignment;
        }
        Assignment told = state.persons.assignment;
        if (told != null) {
            return told;
        }
        Assignment unmet = alone;
        if (unmet == null) {
            unmet = Assignment.alone(own);
            alone = unmet;
        }
        return unmet;
    }

    // ---- whom it is seen with

    /** Tells the weaker identifiers of a touchpoint placed here whom they were seen with, as far as that is news. */
    void announce(NodeState.Hosted hosted) {
        Identifier own = own();
        if (own == null) {
            return;
        }
        Touchpoint touchpoint = hosted.touchpoint;
        List<Identifier> seen = from(own, touchpoint);
        Map<Identifier, List<Fact>> news = null;
        Fact.Support support = null;
        boolean counted = false;
        int lefts = state.standing.usable() ? seen.size() : 1;
        for (int right = 1; right < seen.size(); right++) {
            for (int left = 0; left < Math.min(right, lefts); left++) {
                Fact.Key key = new Fact.Key(seen.get(left), seen.get(right), own);
                Fact.Support known = left == 0 ? state.near.support(key) : state.announced.get(key);
                if (known != null && isAsEarly(known, touchpoint)) {
                    continue;
                }
                if (support == null) {
                    support = supportOf(hosted);
                }
                if (support.equals(known)) {
                    continue;
                }
                Fact fact = new Fact(key, support);
                if (left == 0) {
                    if (!state.near.add(fact)) {
                        continue;
                    }
                    counted |= known == null && counts(key.right());
                    placing.note(key.right());
                    withheld += known == null && !state.standing.usable() ? 1 : 0;
                } else {
                    List<Fact.Support> all = new ArrayList<>(announced(own, key));
                    all.add(0, support);
                    announced(key, all);
                }
                news = news == null ? new LinkedHashMap<>() : news;
                news.computeIfAbsent(key.right(), k -> new ArrayList<>(1)).add(fact);
                if (left != 0 && counts(key.right())) {
                    news.computeIfAbsent(key.left(), k -> new ArrayList<>(1)).add(fact);
                }
            }
        }
        if (counted) {
            reconsider(support);
        }
        if (news != null) {
            StitchMessage.Place place = bonds.place();
            news.forEach(
                    (to, facts) -> send(new StitchMessage.Announce(to, own, state.standing, place, facts, List.of())));
        }
    }

    private static boolean isAsEarly(Fact.Support known, Touchpoint touchpoint) {
        return known.eventTime() < touchpoint.eventTime()
                || (known.eventTime() == touchpoint.eventTime()
                        && known.touchpointId().compareTo(touchpoint.touchpointId()) < 0);
    }

    /** Takes back what was announced of touchpoints that no longer count; the next best takes its place. */
    void retract(Collection<NodeState.Hosted> leaving) {
        Identifier own = own();
        if (own == null) {
            return;
        }
        Map<Fact.Key, Set<Fact.Support>> gone = new LinkedHashMap<>();
        for (NodeState.Hosted hosted : leaving) {
            List<Identifier> seen = from(own, hosted.touchpoint);
            // What was handed over before hand-overs were told apart was announced like what is at home.
            Fact.Support plain = supportOf(hosted.touchpoint);
            Fact.Support support = ofHandOver(plain, hosted.version);
            for (int right = 1; right < seen.size(); right++) {
                for (int left = 0; left < right; left++) {
                    Set<Fact.Support> supports = gone.computeIfAbsent(
                            new Fact.Key(seen.get(left), seen.get(right), own), k -> new HashSet<>(2));
                    supports.add(support);
                    supports.add(plain);
                }
            }
        }
        retract(own, gone);
    }

    private void retract(Identifier own, Map<Fact.Key, Set<Fact.Support>> gone) {
        Map<Identifier, List<Fact>> next = new LinkedHashMap<>();
        Map<Identifier, List<Fact.Withdrawn>> withdrawn = new LinkedHashMap<>();
        gone.forEach((key, supports) -> {
            List<Fact.Support> known = announced(own, key);
            List<Fact.Withdrawn> taken = new ArrayList<>(1);
            for (Fact.Support support : known) {
                // What was never announced need not be taken back: everybody would remember it for ever.
                if (supports.contains(support)) {
                    taken.add(new Fact.Withdrawn(key, support));
                }
            }
            if (taken.isEmpty()) {
                return;
            }
            boolean theBest = supports.contains(known.get(0));
            forget(own, key, taken);
            Fact better = theBest ? nextBest(own, key) : null;
            if (key.left().equals(own)) {
                placing.note(key.right());
            }
            boolean both = !key.left().equals(own) && counts(key.right());
            for (Identifier to : both ? List.of(key.right(), key.left()) : List.of(key.right())) {
                withdrawn.computeIfAbsent(to, t -> new ArrayList<>(1)).addAll(taken);
                if (better != null) {
                    next.computeIfAbsent(to, t -> new ArrayList<>(1)).add(better);
                }
            }
        });
        withdrawn.forEach((to, all) -> send(new StitchMessage.Announce(
                to, own, state.standing, bonds.place(), next.getOrDefault(to, List.of()), all)));
        if (!withdrawn.isEmpty()) {
            reconsider(null);
        }
    }

    /** The supports of a fact that this node announced and did not take back, the earliest first. */
    private List<Fact.Support> announced(Identifier own, Fact.Key key) {
        if (key.left().equals(own)) {
            return state.near.supports(key);
        }
        Fact.Support earliest = state.announced.get(key);
        if (earliest == null) {
            return List.of();
        }
        List<Fact.Support> all = new ArrayList<>(state.announcedBefore.getOrDefault(key, Set.of()));
        all.add(earliest);
        Collections.sort(all);
        return all;
    }

    private void forget(Identifier own, Fact.Key key, List<Fact.Withdrawn> taken) {
        if (key.left().equals(own)) {
            taken.forEach(state.near::withdraw);
            return;
        }
        List<Fact.Support> left = new ArrayList<>(announced(own, key));
        taken.forEach(withdrawn -> left.remove(withdrawn.support()));
        announced(key, left);
    }

    /** @param supports all that were announced of the pair, the earliest first */
    private void announced(Fact.Key key, List<Fact.Support> supports) {
        if (supports.isEmpty()) {
            state.announced.remove(key);
        } else {
            state.announced = Holding.grown(state.announced);
            state.announced.put(key, supports.get(0));
        }
        if (supports.size() > 1) {
            state.announcedBefore = Holding.grown(state.announcedBefore);
            state.announcedBefore.put(key, new HashSet<>(supports.subList(1, supports.size())));
        } else if (!state.announcedBefore.isEmpty()) {
            state.announcedBefore.remove(key);
        }
    }

    /** The best support of a fact among what is left here, as far as that is to be announced; null: it is not. */
    private @Nullable Fact nextBest(Identifier own, Fact.Key key) {
        Fact.Support best = placing.nextBest(key);
        if (best == null) {
            return null;
        }
        Fact fact = new Fact(key, best);
        if (key.left().equals(own)) {
            return state.near.add(fact) ? fact : null;
        }
        List<Fact.Support> known = announced(own, key);
        if (!known.isEmpty() && known.get(0).compareTo(best) <= 0) {
            return null;
        }
        List<Fact.Support> all = new ArrayList<>(known);
        all.add(0, best);
        announced(key, all);
        return fact;
    }

    // ---- what is erased

    /** Whether a touchpoint does not count because somebody bore it who is erased, by what this node knows. */
    boolean erases(Touchpoint touchpoint) {
        return Erasure.erases(state.erased, touchpoint);
    }

    private void erased(StitchMessage.Erased erased) {
        Long before = state.erased.get(erased.of());
        if (before != null && before >= erased.until()) {
            return;
        }
        state.erased = Holding.grown(state.erased);
        state.erased.put(erased.of(), erased.until());
        Identifier own = erased.identifier();
        if (erased.of().equals(own)) {
            Set<Identifier> homes = new LinkedHashSet<>();
            for (Fact.Key key : state.near.keys()) {
                if (key.right().equals(own)) {
                    homes.add(key.home());
                }
            }
            homes.forEach(home -> send(new StitchMessage.Erased(home, own, erased.until())));
        }
        retract(placing.erase());
        retractForgotten(own, erased.of(), erased.until());
    }

    /** Takes back what touchpoints are behind that were forgotten since: that they bore the identifier the fact says. */
    private void retractForgotten(Identifier own, Identifier of, long until) {
        Map<Fact.Key, Set<Fact.Support>> gone = new LinkedHashMap<>();
        List<Fact.Key> keys = new ArrayList<>(state.near.keys());
        keys.addAll(state.announced.keySet());
        for (Fact.Key key : keys) {
            if (key.home().equals(own) && (key.left().equals(of) || key.right().equals(of))) {
                for (Fact.Support support : announced(own, key)) {
                    if (support.eventTime() <= until) {
                        gone.computeIfAbsent(key, k -> new HashSet<>(2)).add(support);
                    }
                }
            }
        }
        retract(own, gone);
    }

    /** A home that says it saw this identifier before it was erased has not heard of it. */
    private void answerIfErased(StitchMessage.Announce announce) {
        Identifier own = announce.identifier();
        Long until = state.erased.get(own);
        if (until == null) {
            return;
        }
        for (Fact fact : announce.facts()) {
            if (fact.key().right().equals(own) && fact.support().eventTime() <= until) {
                send(new StitchMessage.Erased(announce.home(), own, until));
                return;
            }
        }
    }

    /** The identifiers of a touchpoint from this node's own on, strongest first. */
    private List<Identifier> from(Identifier own, Touchpoint touchpoint) {
        List<Identifier> borne = linkable(touchpoint);
        int at = borne.indexOf(own);
        return at <= 0 ? borne : borne.subList(at, borne.size());
    }

    /** See {@link StitchConfig#linkable}. */
    List<Identifier> linkable(Touchpoint touchpoint) {
        if (touchpoint != lookedAt) {
            linkable = config.linkable(touchpoint.identifiers());
            lookedAt = touchpoint;
        }
        return linkable;
    }

    private void announced(StitchMessage.Announce announce) {
        Identifier own = announce.identifier();
        announcer = announce.home().hash();
        announcedFrom = announce.place();
        boolean metBefore = !state.near.isEmpty();
        boolean wasUsable = state.standing.usable();
        int known = state.near.size() + state.near.dropped();
        boolean standsAnew = announce.standing().newerThan(standingOf(announce.home()));
        if (standsAnew) {
            state.others = Holding.grown(state.others);
            state.others.put(announce.home(), announce.standing());
        }
        List<Fact> facts = new ArrayList<>();
        List<Fact.Withdrawn> withdrawn = new ArrayList<>();
        boolean counted = false;
        for (Fact.Withdrawn gone : announce.withdrawn()) {
            if (state.near.withdraw(gone)) {
                counted = true;
                if (gone.key().right().equals(own)) {
                    withdrawn.add(gone);
                    Fact next = state.near.get(gone.key());
                    if (next != null) {
                        facts.add(next);
                    }
                }
            }
        }
        for (Fact fact : announce.facts()) {
            boolean owned = fact.key().right().equals(own);
            if (state.near.add(fact)) {
                counted |= counts(owned ? fact.key().left() : fact.key().right());
                if (owned) {
                    facts.add(fact);
                }
            }
        }
        if (counted) {
            reconsider(facts.isEmpty() ? null : facts.get(facts.size() - 1).support());
        }
        if (!state.standing.usable()) {
            withheld += Math.max(0, wasUsable ? 0 : state.near.size() + state.near.dropped() - known);
            state.near.keepSmallest(MOST_OF_A_SUPER_NODE);
        } else if (!facts.isEmpty() || !withdrawn.isEmpty() || standsAnew) {
            String customer = announce.place().customer();
            passOn(
                    own,
                    announce.home(),
                    facts,
                    withdrawn,
                    metBefore || config.typeOf(own).limit() != Integer.MAX_VALUE ? null : customer);
        }
        if (!facts.isEmpty()) {
            placing.tellWhatItBecame(announce.home());
        }
        answerIfErased(announce);
    }

    /** @param customer what this identifier, so far seen with nobody, will most likely belong to; null: who knows */
    private void passOn(
            Identifier own,
            Identifier home,
            List<Fact> facts,
            List<Fact.Withdrawn> withdrawn,
            @Nullable String customer) {
        Standing homeStanding = standingOf(home);
        Part part = Part.of(facts, withdrawn, Map.of(own, state.standing, home, homeStanding));
        if (customer != null && homeStanding.usable()) {
            bonds.mayPresume(customer);
        }
        boolean sameLayer = config.typeOf(home).scope() == config.typeOf(own).scope();
        bonds.bring(layer(), part, sameLayer && homeStanding.usable() ? home : null);
        if (isDevice()) {
            for (Fact fact : facts) {
                Identifier other = fact.key().left();
                if (!other.equals(home) && config.typeOf(other).scope() == Scope.DEVICE) {
                    send(new StitchMessage.Join(Layer.DEVICES, other, self));
                }
            }
        }
    }

    /** Where a node is, if it said so in this turn. */
    StitchMessage.Place placeOf(Hash128 node) {
        StitchMessage.Place place = announcedFrom;
        return place != null && node.equals(announcer) ? place : new StitchMessage.Place(node, false, null);
    }

    Standing standingOf(Identifier other) {
        return state.others.getOrDefault(other, Standing.INITIAL);
    }

    private void joined(StitchMessage.Join join) {
        if (state.standing.usable()) {
            bonds.uniteWith(join.layer(), join.other());
        } else if (state.askers.size() < MOST_OF_A_SUPER_NODE) {
            state.askers = grown(state.askers);
            state.askers.add(join.other());
        }
    }

    private void decided(StitchMessage.Decided decided) {
        Decision decision = decided.decision();
        if (isDevice() || !config.decidable(decision)) {
            return;
        }
        bonds.deliver(Layer.PERSONS, Part.of(Map.of(decided.identifier(), state.standing), List.of(decision)));
        if (decision.one().equals(decided.identifier())) {
            send(new StitchMessage.Join(Layer.PERSONS, decision.other(), self));
        }
    }

    // ---- whether it is a super-node

    /** Whether being seen with it can make a super-node. */
    private boolean counts(Identifier other) {
        IdentifierType type = config.typeOf(other);
        return type.unique() || type.scope() == Scope.PERSON;
    }

    private boolean isSuperNode(Identifier own) {
        IdentifierType type = config.typeOf(own);
        if (state.near.size() <= Math.min(type.maxCustomers(), config.maxLinks())) {
            return false;
        }
        if (!state.standing.usable() && state.near.withdrawn().isEmpty()) {
            return true;
        }
        Set<Identifier> unique = new HashSet<>();
        Set<Identifier> persons = new HashSet<>();
        for (Fact.Key key : state.near.keys()) {
            Identifier other = key.left().equals(own) ? key.right() : key.left();
            IdentifierType otherType = config.typeOf(other);
            if (otherType.unique()) {
                unique.add(other);
            }
            if (otherType.scope() == Scope.PERSON) {
                persons.add(other);
            }
        }
        return unique.size() > type.maxCustomers() || persons.size() > config.maxLinks();
    }

    /** @param trigger the newest fact; null: something was withdrawn */
    private void reconsider(Fact.@Nullable Support trigger) {
        Identifier own = own();
        if (own == null || isSuperNode(own) == !state.standing.usable()) {
            return;
        }
        boolean released = !state.standing.usable();
        state.standing = new Standing(
                released ? Standing.Kind.USABLE : Standing.Kind.QUARANTINED,
                Math.max(state.near.rank(), state.standing.version() + 1));
        placing.standsOtherwise();
        IdentityChanges.Cause cause = trigger == null ? latestEvidence() : IdentityChanges.Cause.of(trigger);
        say(new StitchOutput.Changed(IdentityChanges.ofQuarantine(own, released, cause, state.standing.version())));
        if (released) {
            release(own);
        } else {
            withheld += state.near.size();
            // Held even where nothing was brought together yet: those it was announced to may be about to.
            bonds.deliver(layer(), Part.of(Map.of(own, state.standing), List.of()));
        }
        for (Hash128 watcher : state.watchers) {
            send(new StitchMessage.Stands(watcher, own, state.standing));
        }
    }

    private IdentityChanges.Cause latestEvidence() {
        long latest = 0;
        for (Fact.Key key : state.near.keys()) {
            Fact.Support support = state.near.support(key);
            latest = support == null ? latest : Math.max(latest, support.eventTime());
        }
        return IdentityChanges.Cause.at(latest);
    }

    /** Everything withheld as a super-node is brought together after all. */
    private void release(Identifier own) {
        Set<Identifier> homes = new LinkedHashSet<>();
        Set<Identifier> met = new LinkedHashSet<>();
        Map<Identifier, List<Fact>> owned = new LinkedHashMap<>();
        for (Fact.Key key : state.near.keys()) {
            if (key.right().equals(own)) {
                homes.add(key.home());
                Fact fact = state.near.get(key);
                if (fact != null) {
                    owned.computeIfAbsent(key.home(), k -> new ArrayList<>()).add(fact);
                }
            } else if (key.home().equals(own)) {
                met.add(key.right());
            }
        }
        // Also where no fact is left: the root may hold some from before this was a super-node.
        bonds.deliver(layer(), Part.of(List.of(), List.copyOf(state.near.withdrawn()), Map.of(own, state.standing)));
        owned.forEach((home, facts) -> passOn(own, home, facts, List.copyOf(state.near.withdrawn()), null));
        for (Hash128 asker : state.askers) {
            bonds.uniteWith(layer(), asker);
        }
        state.askers = Set.of();
        placing.announceAll();
        for (Identifier other : met) {
            send(new StitchMessage.Announce(other, own, state.standing, bonds.place(), List.of(), List.of()));
        }
    }

    /**
     * Each time a touchpoint is handed over is another support: one that was taken back when the touchpoint was handed back
     * stays taken back, and it may be handed over again.
     */
    static Fact.Support supportOf(NodeState.Hosted hosted) {
        return ofHandOver(supportOf(hosted.touchpoint), hosted.version);
    }

    /** @param version 0 at home */
    private static Fact.Support ofHandOver(Fact.Support plain, long version) {
        if (version == 0) {
            return plain;
        }
        Hash128 content = plain.content();
        return new Fact.Support(
                plain.eventTime(),
                plain.touchpointId(),
                new Hash128(content.high() + version * 0x9E3779B97F4A7C15L, content.low()));
    }

    private static Fact.Support supportOf(Touchpoint touchpoint) {
        return new Fact.Support(touchpoint.eventTime(), touchpoint.touchpointId(), CanonicalForm.hash(touchpoint));
    }

    static <T> Set<T> grown(Set<T> set) {
        if (set instanceof HashSet) {
            return set;
        }
        return set.isEmpty() ? new HashSet<>(2) : new HashSet<>(set);
    }
}
