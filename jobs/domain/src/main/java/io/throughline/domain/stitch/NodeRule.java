package io.throughline.domain.stitch;

import io.throughline.domain.stage.Step;
import io.throughline.domain.stitch.LoginIntervals.DeviceEvent;
import io.throughline.domain.stitch.NodeState.HostKey;
import io.throughline.domain.stitch.NodeState.Hosted;
import io.throughline.domain.stitch.NodeState.SeenEvent;
import io.throughline.domain.stitch.NodeState.SeenKey;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CanonicalForm;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One identifier among many: brings the facts of its component together at one root (Rem's union-find as messages,
 * safe under messages that come again or late), lets the root decide by {@link Stitching}, and places the touchpoints
 * whose strongest identifier it is.
 *
 * <p>At quiescence every touchpoint is attributed as {@link Stitching} says for the set of touchpoints, whatever the
 * order, repetition or loss-and-replay of messages.
 */
public final class NodeRule implements Serializable {
    private static final long serialVersionUID = 1;

    /** Sequences of one generation; far more than a touchpoint can move within its horizon. */
    private static final int GENERATION_BITS = 28;
    /** Sequences a node leaves to the node it hands a touchpoint to. */
    private static final long HAND_OVER = 1L << 16;

    private final StitchConfig config;

    public NodeRule(StitchConfig config) {
        this.config = config;
    }

    /** The node a touchpoint goes to first: that of its strongest identifier, else one of its own. */
    public static Hash128 homeOf(Touchpoint touchpoint, StitchConfig config) {
        Identifier strongest = null;
        for (Identifier identifier : touchpoint.identifiers()) {
            if (config.typeOf(identifier).scope() != Scope.SESSION
                    && (strongest == null || config.byStrength().compare(identifier, strongest) < 0)) {
                strongest = identifier;
            }
        }
        return strongest == null ? Hash128.of("touchpoint", touchpoint.touchpointId()) : CustomerIds.hash(strongest);
    }

    /**
     * Takes one input.
     *
     * @param self the node's key
     * @param attempt grows with every restart of the job; makes a root repeat itself once after each
     */
    public Step<NodeState, StitchOutput> on(Hash128 self, @Nullable NodeState state, StitchInput input, long attempt) {
        Turn turn = new Turn(self, state == null ? new NodeState() : state, attempt);
        if (input instanceof StitchInput.Touched touched) {
            turn.touched(touched.change());
        } else if (input instanceof StitchInput.Received received) {
            turn.received(received.message());
        }
        return turn.done();
    }

    /** Forgets touchpoints and sightings beyond the re-attribution horizon. */
    public Step<NodeState, StitchOutput> wake(Hash128 self, @Nullable NodeState state, long now) {
        if (state == null) {
            return Step.of(null, List.of(), Step.NEVER);
        }
        long oldest = now - config.reattributionHorizonMs();
        state.nextExpiry = Long.MAX_VALUE;
        for (Iterator<Hosted> all = state.hosted.values().iterator(); all.hasNext(); ) {
            long time = all.next().touchpoint.eventTime();
            if (time < oldest) {
                all.remove();
            } else {
                expireAfter(state, time);
            }
        }
        for (Iterator<SeenEvent> all = state.seen.values().iterator(); all.hasNext(); ) {
            long time = all.next().event().eventTime();
            if (time < oldest) {
                all.remove();
            } else {
                expireAfter(state, time);
            }
        }
        boolean nothingLeft = state.hosted.isEmpty()
                && state.seen.isEmpty()
                && state.parent == null
                && state.assignment == null
                && state.owned.isEmpty()
                && state.component.isEmpty()
                && state.announced.isEmpty();
        return Step.of(nothingLeft ? null : state, List.of(), state.nextExpiry);
    }

    private void expireAfter(NodeState state, long eventTime) {
        state.nextExpiry = Math.min(state.nextExpiry, eventTime + config.reattributionHorizonMs() + 1);
    }

    /** One input's worth of thinking. */
    private final class Turn {
        private final Hash128 self;
        private final NodeState state;
        private final long attempt;
        private final List<StitchOutput> out = new ArrayList<>();
        private @Nullable Map<String, String> logins;

        Turn(Hash128 self, NodeState state, long attempt) {
            this.self = self;
            this.state = state;
            this.attempt = attempt;
        }

        Step<NodeState, StitchOutput> done() {
            return Step.of(state, out, state.nextExpiry);
        }

        // ---- touchpoints at home

        void touched(TouchpointChange change) {
            Touchpoint touchpoint = change.touchpoint();
            List<Identifier> linkable = config.linkable(touchpoint.identifiers());
            if (!linkable.isEmpty()) {
                state.identifier = linkable.get(0);
            }
            HostKey key = new HostKey(touchpoint.touchpointId(), self);
            Hosted before = state.hosted.get(key);
            if (change.sign() > 0) {
                Hosted hosted = new Hosted(touchpoint, false, 0, true, (long) change.generation() << GENERATION_BITS);
                state.hosted.put(key, hosted);
                expireAfter(state, touchpoint.eventTime());
                place(hosted);
                announce(linkable, touchpoint);
                tellDevices(linkable, change);
            } else if (before != null && before.sequence >> GENERATION_BITS == change.generation()) {
                withdraw(before);
                state.hosted.remove(key);
                retractAnnouncements(linkable, touchpoint);
                tellDevices(linkable, change);
            }
        }

        private void announce(List<Identifier> linkable, Touchpoint touchpoint) {
            if (linkable.size() < 2) {
                return;
            }
            Identifier home = linkable.get(0);
            Fact.Support support = null;
            for (int right = 1; right < linkable.size(); right++) {
                List<Fact> facts = new ArrayList<>(0);
                for (int left = 0; left < right; left++) {
                    if (left == 0 && quarantined()) {
                        continue;
                    }
                    Fact.Key key = new Fact.Key(linkable.get(left), linkable.get(right), home);
                    Fact.Support known = state.announced.get(key);
                    if (known != null
                            && (known.eventTime() < touchpoint.eventTime()
                                    || (known.eventTime() == touchpoint.eventTime()
                                            && known.touchpointId().compareTo(touchpoint.touchpointId()) < 0))) {
                        continue;
                    }
                    if (support == null) {
                        support = supportOf(touchpoint);
                    }
                    if (!support.equals(known)) {
                        state.announced.put(key, support);
                        facts.add(new Fact(key, support));
                    }
                }
                if (!facts.isEmpty()) {
                    send(new StitchMessage.Announce(linkable.get(right), facts, List.of()));
                }
            }
        }

        private void retractAnnouncements(List<Identifier> linkable, Touchpoint touchpoint) {
            Fact.Support gone = supportOf(touchpoint);
            for (int right = 1; right < linkable.size(); right++) {
                List<Fact> facts = new ArrayList<>();
                List<Fact.Withdrawn> withdrawn = new ArrayList<>();
                for (int left = 0; left < right; left++) {
                    Fact.Key key = new Fact.Key(linkable.get(left), linkable.get(right), linkable.get(0));
                    if (gone.equals(state.announced.get(key))) {
                        state.announced.remove(key);
                        withdrawn.add(new Fact.Withdrawn(key, gone));
                        Fact.Support next = nextBest(key);
                        if (next != null) {
                            state.announced.put(key, next);
                            facts.add(new Fact(key, next));
                        }
                    }
                }
                if (!withdrawn.isEmpty()) {
                    send(new StitchMessage.Announce(linkable.get(right), facts, withdrawn));
                }
            }
        }

        private Fact.@Nullable Support nextBest(Fact.Key key) {
            Fact.Support best = null;
            for (Map.Entry<HostKey, Hosted> entry : state.hosted.entrySet()) {
                Touchpoint touchpoint = entry.getValue().touchpoint;
                if (entry.getKey().from().equals(self)
                        && touchpoint.identifiers().contains(key.left())
                        && touchpoint.identifiers().contains(key.right())) {
                    Fact.Support support = supportOf(touchpoint);
                    if (best == null || support.compareTo(best) < 0) {
                        best = support;
                    }
                }
            }
            return best;
        }

        private void tellDevices(List<Identifier> linkable, TouchpointChange change) {
            List<Identifier> persons = new ArrayList<>();
            for (Identifier identifier : linkable) {
                if (config.typeOf(identifier).scope() == Scope.PERSON) {
                    persons.add(identifier);
                }
            }
            if (persons.isEmpty()) {
                return;
            }
            DeviceEvent event = deviceEvent(change.touchpoint(), persons);
            long step = 2L * change.generation() + (change.sign() > 0 ? 0 : 1);
            for (Identifier identifier : linkable) {
                if (config.typeOf(identifier).scope() == Scope.DEVICE) {
                    send(new StitchMessage.Seen(identifier, identifier, event, change.sign() > 0, 0, step));
                }
            }
        }

        private DeviceEvent deviceEvent(Touchpoint touchpoint, List<Identifier> persons) {
            return new DeviceEvent(
                    touchpoint.touchpointId(),
                    touchpoint.eventTime(),
                    config.gapOf(touchpoint.channel()),
                    touchpoint.kind().equals("logout"),
                    persons);
        }

        // ---- placing

        private boolean quarantined() {
            return state.assignment != null && state.assignment.kind() == Assignment.Kind.QUARANTINED;
        }

        private void placeAll() {
            logins = null;
            for (Hosted hosted : state.hosted.values()) {
                place(hosted);
            }
        }

        private void place(Hosted hosted) {
            if (!hosted.present) {
                return;
            }
            Identifier own = state.identifier;
            if (own == null) {
                attribute(hosted, CustomerIds.ofTouchpoint(hosted.touchpoint.touchpointId()));
                return;
            }
            Assignment assignment = state.assignment == null ? Assignment.alone(own) : state.assignment;
            switch (assignment.kind()) {
                case JOINED -> attribute(hosted, assignment.customerId());
                case SHARED -> {
                    Identifier keeper = assignment.keeper();
                    if (hosted.keeper || keeper == null || keeper.equals(own)) {
                        String customer = logins(assignment).get(hosted.touchpoint.touchpointId());
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
            for (Identifier identifier : config.linkable(touchpoint.identifiers())) {
                if (config.byStrength().compare(identifier, than) > 0) {
                    return identifier;
                }
            }
            return null;
        }

        private Map<String, String> logins(Assignment assignment) {
            if (logins == null) {
                List<DeviceEvent> events = new ArrayList<>();
                for (SeenEvent seen : state.seen.values()) {
                    if (seen.present()) {
                        events.add(seen.event());
                    }
                }
                for (Hosted hosted : state.hosted.values()) {
                    if (hosted.present) {
                        events.add(deviceEvent(hosted.touchpoint, List.of()));
                    }
                }
                logins = LoginIntervals.attribute(events, assignment.persons());
            }
            return logins;
        }

        private void attribute(Hosted hosted, String customer) {
            if (customer.equals(hosted.customer)) {
                return;
            }
            withdraw(hosted);
            hosted.sequence++;
            hosted.attributedAt = hosted.sequence;
            hosted.customer = customer;
            out.add(new StitchOutput.Attributed(new Attribution(customer, hosted.touchpoint, +1, hosted.attributedAt)));
        }

        private void forward(Hosted hosted, Identifier to, boolean toKeeper) {
            if (to.equals(hosted.forwardedTo) && toKeeper == hosted.forwardedToKeeper) {
                return;
            }
            withdraw(hosted);
            hosted.sequence += HAND_OVER;
            hosted.forwardedTo = to;
            hosted.forwardedToKeeper = toKeeper;
            sendHosted(hosted, to, true);
        }

        /** Undoes wherever it stands. */
        private void withdraw(Hosted hosted) {
            if (hosted.customer != null) {
                out.add(new StitchOutput.Attributed(
                        new Attribution(hosted.customer, hosted.touchpoint, -1, hosted.attributedAt)));
                hosted.customer = null;
            }
            Identifier forwardedTo = hosted.forwardedTo;
            if (forwardedTo != null) {
                hosted.sequence += HAND_OVER;
                hosted.forwardedTo = null;
                sendHosted(hosted, forwardedTo, false);
            }
        }

        private void sendHosted(Hosted hosted, Identifier to, boolean present) {
            send(new StitchMessage.Host(
                    to,
                    self,
                    hosted.touchpoint,
                    present,
                    state.assignmentVersion,
                    hosted.forwardedToKeeper,
                    hosted.sequence));
        }

        // ---- messages

        void received(StitchMessage message) {
            if (message instanceof StitchMessage.Announce announce) {
                announced(announce);
            } else if (message instanceof StitchMessage.Union union) {
                united(union.smaller());
            } else if (message instanceof StitchMessage.Deliver deliver) {
                delivered(deliver);
            } else if (message instanceof StitchMessage.Assigned assigned) {
                state.identifier = assigned.member();
                pointAt(assigned.root());
                accept(assigned.version(), assigned.assignment());
            } else if (message instanceof StitchMessage.Host host) {
                hosted(host);
            } else if (message instanceof StitchMessage.Seen seen) {
                seen(seen);
            }
        }

        private void hosted(StitchMessage.Host host) {
            state.identifier = host.host();
            HostKey key = new HostKey(host.touchpoint().touchpointId(), host.from());
            Hosted before = state.hosted.get(key);
            if (before != null
                    && (host.version() < before.version
                            || (host.version() == before.version && host.sequence() <= before.sequence))) {
                return;
            }
            if (before != null) {
                withdraw(before);
            }
            Hosted hosted =
                    new Hosted(host.touchpoint(), host.keeper(), host.version(), host.present(), host.sequence());
            state.hosted.put(key, hosted);
            expireAfter(state, host.touchpoint().eventTime());
            if (state.assignment != null && state.assignment.kind() == Assignment.Kind.SHARED) {
                placeAll();
            } else {
                place(hosted);
            }
        }

        private void seen(StitchMessage.Seen seen) {
            state.identifier = seen.device();
            SeenKey key = new SeenKey(seen.event().touchpointId(), seen.via());
            SeenEvent before = state.seen.get(key);
            if (before != null
                    && (seen.version() < before.version()
                            || (seen.version() == before.version() && seen.step() <= before.step()))) {
                return;
            }
            state.seen.put(key, new SeenEvent(seen.event(), seen.present(), seen.version(), seen.step()));
            expireAfter(state, seen.event().eventTime());
            Identifier keeper = otherKeeper(state.assignment);
            if (keeper != null && seen.via().equals(state.identifier)) {
                passOn(seen.event(), keeper, seen.present(), seen.step());
            } else if (state.assignment != null && state.assignment.kind() == Assignment.Kind.SHARED) {
                placeAll();
            }
        }

        private void passOn(DeviceEvent event, Identifier keeper, boolean present, long step) {
            Identifier own = state.identifier;
            if (own != null) {
                send(new StitchMessage.Seen(keeper, own, event, present, state.assignmentVersion, step));
            }
        }

        /** The other identifier that keeps this device's login intervals; null: this one, or none are kept. */
        private @Nullable Identifier otherKeeper(@Nullable Assignment assignment) {
            if (assignment == null || assignment.kind() != Assignment.Kind.SHARED) {
                return null;
            }
            Identifier keeper = assignment.keeper();
            return keeper == null || keeper.equals(state.identifier) ? null : keeper;
        }

        // ---- bringing facts together

        private void announced(StitchMessage.Announce announce) {
            state.identifier = announce.right();
            List<Fact> facts = new ArrayList<>();
            List<Fact.Withdrawn> withdrawn = new ArrayList<>();
            for (Fact.Withdrawn gone : announce.withdrawn()) {
                if (state.owned.withdraw(gone)) {
                    withdrawn.add(gone);
                    Fact next = state.owned.get(gone.key());
                    if (next == null) {
                        state.forwarded.remove(gone.key());
                    } else if (state.forwarded.contains(gone.key())) {
                        facts.add(next);
                    }
                }
            }
            for (Fact fact : announce.facts()) {
                if (state.owned.add(fact) && admit(fact.key())) {
                    facts.add(fact);
                }
            }
            if (!withdrawn.isEmpty() && state.forwarded.size() < state.owned.size()) {
                readmit(facts);
            }
            if (!facts.isEmpty() || !withdrawn.isEmpty()) {
                deliver(facts, withdrawn);
            }
            for (Fact fact : facts) {
                unite(self, CustomerIds.hash(fact.key().left()));
            }
        }

        /** Whether the root shall know a fact: all of them, up to one more than makes a super-node. */
        private boolean admit(Fact.Key key) {
            if (state.forwarded.contains(key)) {
                return true;
            }
            if (isSuperNode()) {
                return false;
            }
            state.forwarded.add(key);
            return true;
        }

        private boolean isSuperNode() {
            Identifier own = state.identifier;
            if (own == null) {
                return false;
            }
            IdentifierType type = config.typeOf(own);
            if (state.forwarded.size() <= Math.min(type.maxCustomers(), config.maxLinks())) {
                return false;
            }
            Set<Identifier> unique = new HashSet<>();
            Set<Identifier> persons = new HashSet<>();
            for (Fact.Key key : state.forwarded) {
                IdentifierType left = config.typeOf(key.left());
                if (left.unique()) {
                    unique.add(key.left());
                }
                if (left.scope() == Scope.PERSON) {
                    persons.add(key.left());
                }
            }
            return unique.size() > type.maxCustomers() || persons.size() > config.maxLinks();
        }

        private void readmit(List<Fact> facts) {
            List<Fact> waiting = new ArrayList<>(state.owned.facts());
            waiting.removeIf(f -> state.forwarded.contains(f.key()));
            waiting.sort((a, b) -> CustomerIds.hash(a.key().left())
                    .compareTo(CustomerIds.hash(b.key().left())));
            for (Fact fact : waiting) {
                if (admit(fact.key())) {
                    facts.add(fact);
                }
            }
        }

        private void deliver(List<Fact> facts, List<Fact.Withdrawn> withdrawn) {
            Hash128 parent = state.parent;
            if (parent == null) {
                absorb(facts, withdrawn, Map.of(), Map.of());
            } else {
                send(new StitchMessage.Deliver(parent, facts, withdrawn, Map.of(), Map.of()));
            }
        }

        private void delivered(StitchMessage.Deliver deliver) {
            Hash128 parent = state.parent;
            if (parent == null) {
                absorb(deliver.facts(), deliver.withdrawn(), deliver.assigned(), deliver.stated());
            } else {
                send(new StitchMessage.Deliver(
                        parent, deliver.facts(), deliver.withdrawn(), deliver.assigned(), deliver.stated()));
            }
        }

        private void unite(Hash128 one, Hash128 other) {
            int order = one.compareTo(other);
            if (order == 0) {
                return;
            }
            Hash128 larger = order > 0 ? one : other;
            Hash128 smaller = order > 0 ? other : one;
            if (larger.equals(self)) {
                united(smaller);
            } else {
                send(new StitchMessage.Union(larger, smaller));
            }
        }

        /** Rem's step at the larger end of an edge. */
        private void united(Hash128 smaller) {
            Hash128 parent = state.parent;
            if (parent == null) {
                state.parent = smaller;
                handOver(smaller);
            } else {
                int order = smaller.compareTo(parent);
                if (order < 0) {
                    state.parent = smaller;
                    // The dropped edge is sent again: it may be the only one left after a crash.
                    unite(parent, smaller);
                } else if (order > 0) {
                    unite(smaller, parent);
                }
            }
        }

        private void handOver(Hash128 root) {
            if (!state.component.isEmpty()) {
                send(new StitchMessage.Deliver(
                        root,
                        state.component.facts(),
                        List.copyOf(state.component.withdrawn()),
                        Map.copyOf(state.assigned),
                        Map.copyOf(state.stated)));
                state.component = new FactSet();
                state.assigned = new HashMap<>();
                state.stated = new HashMap<>();
            }
        }

        private void pointAt(Hash128 root) {
            if (root.compareTo(self) < 0 && !root.equals(state.parent)) {
                Hash128 parent = state.parent;
                if (parent == null || root.compareTo(parent) < 0) {
                    united(root);
                }
            }
        }

        // ---- the root decides

        private void absorb(
                Collection<Fact> facts,
                Collection<Fact.Withdrawn> withdrawn,
                Map<Identifier, Assignment> assigned,
                Map<String, Hash128> stated) {
            boolean changed = false;
            Fact trigger = null;
            for (Fact.Withdrawn gone : withdrawn) {
                changed |= state.component.withdraw(gone);
            }
            for (Fact fact : facts) {
                if (state.component.add(fact)) {
                    changed = true;
                    trigger = fact;
                }
            }
            Set<Identifier> toldOtherwise = new HashSet<>();
            for (Map.Entry<Identifier, Assignment> entry : assigned.entrySet()) {
                Assignment told = state.assigned.putIfAbsent(entry.getKey(), entry.getValue());
                if (!entry.getValue().equals(told)) {
                    changed = true;
                    if (told != null) {
                        // Two roots told it different things; which of them it holds cannot be known here.
                        toldOtherwise.add(entry.getKey());
                    }
                }
            }
            stated.forEach(state.stated::putIfAbsent);
            if (changed) {
                decide(trigger, toldOtherwise);
            }
        }

        private void decide(@Nullable Fact trigger, Set<Identifier> toldOtherwise) {
            Stitching.Outcome outcome = Stitching.decide(state.component.links(), List.of(), config);
            long version = state.component.version();
            boolean tellAll = state.attempt != attempt;
            state.attempt = attempt;
            Map<Identifier, Assignment> now = new HashMap<>(outcome.assignments());
            for (Identifier former : state.assigned.keySet()) {
                now.putIfAbsent(former, Assignment.alone(former));
            }
            IdentityChanges.between(state.assigned, now, outcome, trigger == null ? null : trigger.support(), version)
                    .forEach(change -> out.add(new StitchOutput.Changed(change)));
            Map<Identifier, Assignment> before = state.assigned;
            state.assigned = now;
            CustomerStatements statements = CustomerStatements.of(now, state.component.links(), config);
            statements.since(state.stated, before.keySet(), version).forEach(s -> out.add(new StitchOutput.Stated(s)));
            state.stated = statements.hashes();
            Assignment own = null;
            for (Map.Entry<Identifier, Assignment> entry : now.entrySet()) {
                Identifier member = entry.getKey();
                if (CustomerIds.hash(member).equals(self)) {
                    state.identifier = member;
                    own = entry.getValue();
                } else if (tellAll
                        || toldOtherwise.contains(member)
                        || !entry.getValue().equals(before.get(member))) {
                    send(new StitchMessage.Assigned(member, self, version, entry.getValue()));
                }
            }
            if (own != null) {
                accept(version, own);
            }
        }

        private void accept(long version, Assignment assignment) {
            if (version < state.assignmentVersion) {
                return;
            }
            Assignment before = state.assignment;
            state.assignmentVersion = version;
            if (assignment.equals(before)) {
                return;
            }
            boolean released = quarantined();
            Identifier oldKeeper = otherKeeper(before);
            state.assignment = assignment;
            Identifier newKeeper = otherKeeper(assignment);
            for (Map.Entry<SeenKey, SeenEvent> entry : state.seen.entrySet()) {
                SeenEvent seen = entry.getValue();
                if (entry.getKey().via().equals(state.identifier) && seen.present()) {
                    if (oldKeeper != null && !oldKeeper.equals(newKeeper)) {
                        passOn(seen.event(), oldKeeper, false, seen.step());
                    }
                    if (newKeeper != null && !newKeeper.equals(oldKeeper)) {
                        passOn(seen.event(), newKeeper, true, seen.step());
                    }
                }
            }
            placeAll();
            if (released && !quarantined()) {
                for (Hosted hosted : new ArrayList<>(state.hosted.values())) {
                    List<Identifier> linkable = config.linkable(hosted.touchpoint.identifiers());
                    if (hosted.present && !linkable.isEmpty() && linkable.get(0).equals(state.identifier)) {
                        announce(linkable, hosted.touchpoint);
                    }
                }
            }
        }

        private void send(StitchMessage message) {
            if (message.to().equals(self)) {
                received(message);
            } else {
                out.add(new StitchOutput.Sent(message));
            }
        }
    }

    private static Fact.Support supportOf(Touchpoint touchpoint) {
        return new Fact.Support(touchpoint.eventTime(), touchpoint.touchpointId(), CanonicalForm.hash(touchpoint));
    }
}
