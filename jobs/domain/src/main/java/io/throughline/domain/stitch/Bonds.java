package io.throughline.domain.stitch;

import io.throughline.domain.stitch.NodeState.Bond;
import io.throughline.domain.stitch.StitchMessage.Part;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings what nodes know of one component together at one node: Rem's union-find, with messages instead of pointers into
 * shared memory (Patwary, Blair, Manne 2010). At rest every node of a component leads to one root, whatever the order in
 * which messages came.
 */
final class Bonds {
    /** Facts in one message; a record of the feedback topic must stay well below the broker's limit. */
    private static final int MOST_FACTS_IN_A_MESSAGE = 500;
    /** How far a root lets its facts grow beyond those that are looked at, which it cannot tell apart by hash alone. */
    private static final int ROOM = 4;

    private final NodeTurn turn;
    private final NodeState state;
    private final StitchConfig config;
    private final Hash128 self;
    /** Nodes that a decision of this turn may tell in passing that they are of this component of the persons' layer. */
    private Set<Hash128> joining = Set.of();
    /** The customer this identifier, so far seen with nobody, takes itself to be once it is brought to the persons. */
    private @Nullable String presumable;

    Bonds(NodeTurn turn) {
        this.turn = turn;
        this.state = turn.state;
        this.config = turn.config;
        this.self = turn.self;
    }

    private Bond bond(Layer layer) {
        if (layer == Layer.PERSONS) {
            return state.persons;
        }
        Bond devices = state.devices;
        if (devices == null) {
            devices = new Bond();
            state.devices = devices;
        }
        return devices;
    }

    // ---- union-find

    void unite(Layer layer, Hash128 one, Hash128 other) {
        int order = one.compareTo(other);
        if (order == 0) {
            return;
        }
        Hash128 larger = order > 0 ? one : other;
        Hash128 smaller = order > 0 ? other : one;
        if (larger.equals(self)) {
            united(layer, smaller);
        } else {
            turn.send(new StitchMessage.Union(layer, larger, smaller));
        }
    }

    /** Rem's step at the larger end of an edge. */
    void united(Layer layer, Hash128 smaller) {
        Bond bond = bond(layer);
        Hash128 parent = bond.parent;
        if (parent == null) {
            bond.parent = smaller;
            handOver(layer, bond, null);
        } else {
            int order = smaller.compareTo(parent);
            if (order < 0) {
                bond.parent = smaller;
                // The dropped edge is sent again: it may be the only one between the two.
                unite(layer, parent, smaller);
            } else if (order > 0) {
                unite(layer, smaller, parent);
            }
        }
    }

    /** What a root held goes to the node it now points at, with something more where there is more. */
    private void handOver(Layer layer, Bond bond, @Nullable Part more) {
        Hash128 parent = Objects.requireNonNull(bond.parent, "handed over to the node now pointed at");
        Holding holding = bond.holding();
        bond.hold((Holding) null);
        if (holding == null || (layer == Layer.PERSONS && holding.saysNothingBut(turn.own()))) {
            if (more != null) {
                send(layer, parent, more, null);
            }
            return;
        }
        Map<Identifier, String> presumed = Map.of();
        if (more != null) {
            take(holding, more);
            presumed = more.presumed();
        }
        // Nobody holds it any more, so its maps go as they are.
        send(
                layer,
                parent,
                new Part(
                        holding.facts.facts(),
                        List.copyOf(holding.facts.withdrawn()),
                        holding.standings,
                        List.copyOf(holding.decisions.values()),
                        holding.notes,
                        holding.assigned,
                        holding.stated.byCustomer(),
                        holding.statements,
                        layer == Layer.DEVICES && (holding.active || !holding.assigned.isEmpty())
                                ? pointedAt(Layer.PERSONS)
                                : null,
                        presumed),
                null);
        if (layer == Layer.DEVICES) {
            state.brought = Map.of();
            state.broughtStandings = Map.of();
            state.broughtNotes = Map.of();
        }
    }

    /** Facts come before the rest, which makes sense of them. */
    private void send(Layer layer, Hash128 to, Part part, @Nullable Hash128 with) {
        List<Fact> facts = part.facts();
        int from = 0;
        while (facts.size() - from > MOST_FACTS_IN_A_MESSAGE) {
            List<Fact> some = List.copyOf(facts.subList(from, from + MOST_FACTS_IN_A_MESSAGE));
            turn.send(new StitchMessage.Deliver(layer, to, Part.of(some, List.of(), Map.of()), null));
            from += MOST_FACTS_IN_A_MESSAGE;
        }
        Part rest = from == 0
                ? part
                : new Part(
                        List.copyOf(facts.subList(from, facts.size())),
                        part.withdrawn(),
                        part.standings(),
                        part.decisions(),
                        part.notes(),
                        part.assigned(),
                        part.stated(),
                        part.statements(),
                        part.broughtBy(),
                        part.presumed());
        turn.send(new StitchMessage.Deliver(layer, to, rest, with));
    }

    /** Brings something to the root. */
    void deliver(Layer layer, Part part) {
        Bond bond = bond(layer);
        if (bond.parent == null) {
            absorb(layer, part);
        } else {
            send(layer, bond.way(), part, null);
        }
    }

    /** The same, and makes this node's component and another's one. */
    void delivered(Layer layer, Part part, @Nullable Hash128 with) {
        Bond bond = bond(layer);
        becomeRootIfPointedAt(layer, bond);
        if (with == null || with.equals(self) || (bond.parent != null && with.equals(bond.way()))) {
            deliver(layer, part);
        } else if (bond.parent == null) {
            if (with.compareTo(self) < 0) {
                bond.parent = with;
                handOver(layer, bond, part);
            } else {
                absorbAndUnite(layer, part, with);
            }
        } else {
            sendToTheLarger(layer, bond.way(), with, part);
        }
    }

    /**
     * Somebody points at a node that itself points at a larger one, as only those do that had nothing to hand over when they
     * were first met. By way of the larger one that may be in a circle: so this becomes a root, and the larger one points at it.
     */
    private void becomeRootIfPointedAt(Layer layer, Bond bond) {
        Hash128 parent = bond.parent;
        if (parent != null && parent.compareTo(self) > 0) {
            bond.parent = null;
            bond.shortCut = null;
            unite(layer, self, parent);
        }
    }

    /** The larger of two nodes is about to point at the smaller; until it does, the message holds the two together. */
    private void sendToTheLarger(Layer layer, Hash128 one, Hash128 other, Part part) {
        boolean larger = one.compareTo(other) > 0;
        send(layer, larger ? one : other, part, larger ? other : one);
    }

    /**
     * Brings something to the root and makes this node and a partner one component, with as few messages as that takes:
     * it goes to where both will be.
     */
    void bring(Layer layer, Part brought, @Nullable Identifier partner) {
        if (partner == null) {
            deliver(layer, brought);
            return;
        }
        Bond bond = bond(layer);
        StitchMessage.Place place = turn.placeOf(partner.hash());
        Hash128 other = place.root();
        boolean isNew = bond.parent == null && bond.holdsNothing() && !other.equals(self);
        if (!isNew && bond.parent == null && place.alone() && other.compareTo(self) > 0) {
            absorbAndUnite(layer, brought, other);
            return;
        }
        Part part = layer == Layer.PERSONS ? presuming(bond, brought) : brought;
        if (isNew) {
            // Nobody points here, so it may point at a larger one: no root need hand over to it.
            bond.parent = other;
            send(layer, other, part, null);
            return;
        }
        if (bond.parent == null) {
            if (other.compareTo(self) < 0) {
                bond.parent = other;
                handOver(layer, bond, part);
            } else {
                send(layer, other, part, self);
            }
        } else if (other.equals(bond.way())) {
            send(layer, other, part, null);
        } else if (place.alone()) {
            send(layer, bond.way(), part, other);
        } else {
            sendToTheLarger(layer, bond.way(), other, part);
            if (other.compareTo(bond.way()) < 0) {
                bond.shortCut = other;
            }
        }
    }

    /** The node nearest to the root that this one is certainly of one component with. */
    private Hash128 pointedAt(Layer layer) {
        Hash128 parent = bond(layer).parent;
        return parent == null ? self : parent;
    }

    /** Makes this node's component and another's one. */
    void uniteWith(Layer layer, Hash128 other) {
        unite(layer, pointedAt(layer), other);
    }

    private void absorbAndUnite(Layer layer, Part part, Hash128 other) {
        if (layer == Layer.PERSONS) {
            joining = NodeTurn.grown(joining);
            joining.add(other);
        }
        absorb(layer, part);
        if (layer == Layer.DEVICES || joins(other)) {
            unite(layer, self, other);
        }
    }

    /** Where this node is in its own layer, for those it announces something to. */
    StitchMessage.Place place() {
        Bond bond = turn.layer() == Layer.PERSONS ? state.persons : state.devices;
        Hash128 parent = bond == null ? null : bond.parent;
        boolean alone = bond == null
                || (parent == null && bond.assignment == null && (bond.holdsNothing() || holdsNothingBut(bond)));
        Assignment used = turn.usedFor();
        return new StitchMessage.Place(
                bond == null || parent == null ? self : bond.way(),
                alone,
                used.kind() == Assignment.Kind.JOINED ? used.customerId() : null);
    }

    private boolean holdsNothingBut(Bond bond) {
        Holding holding = bond.holding();
        return holding == null || holding.saysNothingBut(turn.own());
    }

    /** This identifier was seen with nobody so far; it may take itself to be of a customer before it is told. */
    void mayPresume(String customer) {
        presumable = customer;
    }

    /**
     * Takes this identifier to be of the customer of whoever it was first seen with. It mostly is, so that nobody need
     * tell it; the root hears what it presumed. Whatever a root says is a newer word.
     */
    private Part presuming(Bond bond, Part part) {
        String customer = presumable;
        Identifier own = turn.own();
        if (customer == null
                || own == null
                || bond.parent != null
                || !bond.holdsNothing()
                || bond.assignment != null
                || bond.version != 0) {
            return part;
        }
        presumable = null;
        bond.assignment = Assignment.joined(customer);
        return part.presuming(own, customer);
    }

    private boolean joins(Hash128 node) {
        return joining.contains(node) && joining.remove(node);
    }

    // ---- the root

    private void absorb(Layer layer, Part part) {
        Bond bond = bond(layer);
        Holding holding = bond.holding();
        if (holding == null) {
            holding = new Holding();
            bond.hold(holding);
        }
        Taken taken = take(holding, part);
        if (part.broughtBy() != null) {
            // What that node brought to the persons' layer is corrected by this one from now on.
            uniteWith(Layer.PERSONS, part.broughtBy());
            state.broughtStandings = Map.of();
            state.broughtNotes = Map.of();
        }
        holding.facts.keepSmallest(ROOM * config.maxComponentLinks());
        if (taken.changed) {
            if (layer == Layer.PERSONS) {
                decide(holding, taken);
            } else {
                new DeviceGroups(turn, holding).regroup(part, taken.toldOtherwise);
            }
        } else if (taken.noted) {
            state(holding, holding.evidence());
        }
    }

    /** What taking something in came to. */
    private static final class Taken {
        boolean changed;
        boolean noted;

        @Nullable
        Fact trigger;
        /** What somebody has newly decided, unless it took back nothing known here. */
        List<Decision> decisions = List.of();
        /** Of these what took back a decision known here. */
        List<Decision> takenBack = List.of();
        /** Evidence that counted here and was withdrawn. */
        List<Fact.Withdrawn> gone = List.of();
        /** Event time of what else was news. */
        long at;

        /** Members that two roots told different things: which of them they hold cannot be known here. */
        Set<Identifier> toldOtherwise = Set.of();
        /** What members took themselves for that nobody had told anything. */
        Map<Identifier, Assignment> presumed = Map.of();

        void toldOtherwise(Identifier member) {
            toldOtherwise = NodeTurn.grown(toldOtherwise);
            toldOtherwise.add(member);
        }
    }

    private static Taken take(Holding holding, Part part) {
        Taken taken = new Taken();
        for (Fact.Withdrawn gone : part.withdrawn()) {
            boolean counted = gone.support().equals(holding.facts.support(gone.key()));
            if (holding.facts.withdraw(gone)) {
                taken.changed = true;
                taken.at = Math.max(taken.at, gone.support().eventTime());
                if (counted) {
                    taken.gone = added(taken.gone, gone);
                }
            }
        }
        for (Fact fact : part.facts()) {
            if (holding.facts.add(fact)) {
                taken.changed = true;
                taken.trigger = fact;
            }
        }
        part.standings().forEach((identifier, standing) -> taken.changed |= holding.add(identifier, standing));
        for (Decision decision : part.decisions()) {
            Decision overruled = holding.decisions.get(decision.pair());
            if (holding.add(decision)) {
                taken.changed = true;
                taken.at = Math.max(taken.at, decision.effectiveFrom());
                if (decision.verdict() != Decision.Verdict.WITHDRAWN) {
                    taken.decisions = added(taken.decisions, decision);
                } else if (overruled != null && overruled.verdict() != Decision.Verdict.WITHDRAWN) {
                    taken.decisions = added(taken.decisions, decision);
                    taken.takenBack = added(taken.takenBack, decision);
                }
            }
        }
        part.notes().forEach((key, note) -> taken.noted |= holding.add(key, note));
        if (!part.assigned().isEmpty()) {
            holding.assigned = Holding.grown(holding.assigned);
            part.assigned().forEach((identifier, assignment) -> {
                Assignment told = holding.assigned.putIfAbsent(identifier, assignment);
                if (!assignment.equals(told)) {
                    taken.changed = true;
                    if (told != null) {
                        taken.toldOtherwise(identifier);
                    }
                }
            });
        }
        part.presumed().forEach((identifier, customer) -> {
            Assignment assignment = Assignment.joined(customer);
            Assignment told = holding.assigned.get(identifier);
            taken.changed |= !assignment.equals(told);
            if (told == null) {
                taken.presumed = Holding.grown(taken.presumed);
                taken.presumed.put(identifier, assignment);
            } else if (!told.equals(assignment)) {
                taken.toldOtherwise(identifier);
            }
        });
        if (!part.stated().isEmpty()) {
            Map<String, Hash128> stated = Holding.grown(holding.stated.byCustomer());
            part.stated().forEach((customer, hash) -> {
                Hash128 here = stated.putIfAbsent(customer, hash);
                if (here != null && !here.equals(hash)) {
                    // Two roots said different things of it: it is said once more, under a version above both.
                    stated.remove(customer);
                    taken.noted = true;
                }
            });
            holding.stated = Stated.of(stated);
        }
        holding.statements = Math.max(holding.statements, part.statements());
        if (part.broughtBy() != null) {
            holding.active = true;
            taken.changed = true;
        }
        return taken;
    }

    private static <T> List<T> added(List<T> some, T another) {
        List<T> more = some.isEmpty() ? new ArrayList<>(1) : some;
        more.add(another);
        return more;
    }

    private void decide(Holding holding, Taken taken) {
        Collection<Link> evidence = holding.evidence();
        List<Decision> decisions = holding.usableDecisions();
        Stitching.Outcome outcome = Stitching.decideUsable(evidence, decisions, config);
        long version = holding.version();
        Map<Identifier, Assignment> now = outcome.assignments();
        Map<Identifier, Assignment> before = holding.assigned;
        Map<Identifier, Assignment> held = before;
        if (!taken.presumed.isEmpty()) {
            held = new HashMap<>(before);
            held.putAll(taken.presumed);
        }
        for (Identifier former : held.keySet()) {
            if (!now.containsKey(former)) {
                Standing standing = holding.standings.get(former);
                now.put(
                        former,
                        standing != null && standing.kind() == Standing.Kind.QUARANTINED
                                ? Assignment.QUARANTINED
                                : Assignment.alone(former));
            }
        }
        IdentityChanges.Cause cause = causeOf(taken, holding, decisions);
        Reasons reasons = new Reasons(before, now, decisions, taken.takenBack, evidence, taken.gone, cause);
        IdentityChanges.between(outcome, reasons, version)
                .forEach(change -> turn.say(new StitchOutput.Changed(change)));
        int dropped = outcome.dropped() + holding.facts.dropped();
        if (dropped > holding.dropped) {
            turn.say(new StitchOutput.Capped(StitchOutput.Cap.COMPONENT, dropped - holding.dropped));
            if (Integer.highestOneBit(dropped) > Integer.highestOneBit(holding.dropped)) {
                turn.say(new StitchOutput.Changed(
                        IdentityChanges.ofCap(customerOf(taken, now), dropped, cause, version)));
            }
            holding.dropped = dropped;
        }
        holding.assigned = now;
        state(holding, evidence);
        tell(Layer.PERSONS, now, held, version, taken.toldOtherwise);
    }

    /** What brought a decision about: evidence, somebody's word, or something without a time of its own. */
    private static IdentityChanges.Cause causeOf(Taken taken, Holding holding, List<Decision> usable) {
        if (taken.trigger != null) {
            return IdentityChanges.Cause.of(taken.trigger.support());
        }
        Decision decided = null;
        for (Decision decision : taken.decisions) {
            if (usable.contains(decision) && (decided == null || Decision.IN_ORDER.compare(decided, decision) < 0)) {
                decided = decision;
            }
        }
        if (decided != null) {
            return IdentityChanges.Cause.of(decided);
        }
        if (taken.at != 0) {
            return IdentityChanges.Cause.at(taken.at);
        }
        long latest = 0;
        for (Fact.Key key : holding.facts.keys()) {
            latest = Math.max(latest, holding.link(key).eventTime());
        }
        for (Decision decision : holding.decisions.values()) {
            latest = Math.max(latest, decision.effectiveFrom());
        }
        return IdentityChanges.Cause.at(latest);
    }

    private static String customerOf(Taken taken, Map<Identifier, Assignment> now) {
        Fact trigger = taken.trigger;
        Assignment assignment = trigger == null ? null : now.get(trigger.key().left());
        if (assignment == null || assignment.customerId().isEmpty()) {
            return now.values().stream()
                    .map(Assignment::customerId)
                    .filter(id -> !id.isEmpty())
                    .min(Comparator.naturalOrder())
                    .orElse("");
        }
        return assignment.customerId();
    }

    /** Tells members what is new to them; one that was told nothing takes itself to be alone. */
    void tell(
            Layer layer,
            Map<Identifier, Assignment> now,
            Map<Identifier, Assignment> before,
            long version,
            Set<Identifier> toldOtherwise) {
        List<Map.Entry<Identifier, Assignment>> news = new ArrayList<>();
        for (Map.Entry<Identifier, Assignment> entry : now.entrySet()) {
            Identifier member = entry.getKey();
            Assignment told = before.get(member);
            boolean same = told == null ? entry.getValue().isAlone(member) : told.equals(entry.getValue());
            if (!same || toldOtherwise.contains(member) || member.hash().equals(self)) {
                news.add(entry);
            }
        }
        for (Map.Entry<Identifier, Assignment> entry : news) {
            Identifier member = entry.getKey();
            if (member.hash().equals(self)) {
                state.identifier = member;
                accept(layer, version, entry.getValue());
            } else {
                turn.send(new StitchMessage.Assigned(
                        layer,
                        member,
                        self,
                        version,
                        entry.getValue(),
                        layer == Layer.PERSONS && joins(member.hash())));
            }
        }
    }

    private void state(Holding holding, Collection<Link> evidence) {
        for (CustomerIdentity statement : CustomerStatements.news(holding, evidence, config)) {
            turn.say(new StitchOutput.Stated(statement));
        }
    }

    // ---- the member

    void assigned(StitchMessage.Assigned assigned) {
        Bond bond = bond(assigned.layer());
        Hash128 root = assigned.root();
        if (assigned.joins() || (bond.parent == null && root.compareTo(self) < 0)) {
            united(assigned.layer(), root);
        } else if (bond.parent != null && root.compareTo(bond.way()) < 0) {
            // A short cut: the edge to the parent may be the only one between the two, and would have to be sent again.
            bond.shortCut = root;
        }
        accept(assigned.layer(), assigned.version(), assigned.assignment());
    }

    private void accept(Layer layer, long version, Assignment assignment) {
        Bond bond = bond(layer);
        if (version >= bond.version) {
            bond.version = version;
            if (!assignment.equals(bond.assignment)) {
                bond.assignment = assignment;
            }
        }
    }
}
