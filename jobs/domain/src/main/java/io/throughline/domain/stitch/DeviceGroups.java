package io.throughline.domain.stitch;

import io.throughline.domain.stitch.StitchMessage.Part;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * At the root of the devices' layer: which devices are one thing, and whether it can join anybody. A group that was seen
 * with two values of a unique type cannot, so its persons are never brought together; any other is brought to the
 * persons' layer, where it is decided. This keeps a tablet in a shop from making one component of all its visitors.
 */
final class DeviceGroups {
    private final NodeTurn turn;
    private final NodeState state;
    private final StitchConfig config;
    private final Holding holding;

    DeviceGroups(NodeTurn turn, Holding holding) {
        this.turn = turn;
        this.state = turn.state;
        this.config = turn.config;
        this.holding = holding;
    }

    /** Devices that occur together, and what was seen of them. */
    private static final class Group {
        final Set<Identifier> devices = new LinkedHashSet<>(2);
        final List<Fact.Key> facts = new ArrayList<>(4);
        final Map<String, Set<Identifier>> uniqueValues = new HashMap<>(2);
        boolean contradicted;

        void meet(IdentifierType type, Identifier value) {
            Set<Identifier> values = uniqueValues.computeIfAbsent(type.name(), t -> new LinkedHashSet<>(2));
            values.add(value);
            contradicted |= values.size() > 1;
        }
    }

    /** @param news what was just taken in */
    void regroup(Part news, Set<Identifier> toldOtherwise) {
        Map<Identifier, Assignment> now = new HashMap<>();
        Map<Identifier, Standing> standings = new HashMap<>();
        List<Fact> facts = new ArrayList<>();
        Set<Identifier> homes = new LinkedHashSet<>();
        long rank = holding.rank();
        // An earlier support of a known key changes a note, but not the rank.
        long version = holding.version();
        if (news.broughtBy() != null) {
            // Its notes may differ from those this root brought before: all are said once more.
            state.broughtNotes = Map.of();
        }
        Map<Note.Key, Note> notes = new HashMap<>();
        for (Group group : groups()) {
            if (group.contradicted) {
                share(group, now, notes, version);
                group.uniqueValues.values().forEach(this::watch);
                stand(group.devices, Standing.Kind.CONTRADICTED, rank, standings);
            } else {
                bring(group, facts, homes, news, standings);
                holding.active |= !group.facts.isEmpty();
                stand(group.devices, Standing.Kind.USABLE, rank, standings);
                group.devices.forEach(device -> takeBack(device, notes, version));
            }
        }
        holding.standings.forEach((identifier, standing) -> {
            if (!standing.usable() && isDevice(identifier)) {
                stand(Set.of(identifier), Standing.Kind.QUARANTINED, rank, standings);
                takeBack(identifier, notes, version);
            }
        });
        tell(now, version, toldOtherwise);
        if (!notes.isEmpty()) {
            turn.bonds.deliver(Layer.PERSONS, Part.of(notes));
        }
        if (holding.active) {
            // What another root brought there may have been withdrawn here before this one heard of it.
            List<Fact.Withdrawn> withdrawn =
                    news.broughtBy() == null ? news.withdrawn() : List.copyOf(holding.facts.withdrawn());
            bringToPersons(facts, withdrawn, standings, homes);
        }
    }

    private void bringToPersons(
            List<Fact> facts,
            List<Fact.Withdrawn> withdrawn,
            Map<Identifier, Standing> standings,
            Set<Identifier> homes) {
        Identifier partner = homes.isEmpty() ? null : homes.iterator().next();
        if (!facts.isEmpty() || !withdrawn.isEmpty() || !standings.isEmpty()) {
            turn.bonds.bring(Layer.PERSONS, Part.of(facts, withdrawn, standings), partner);
            homes.remove(partner);
        }
        for (Identifier home : homes) {
            turn.bonds.uniteWith(Layer.PERSONS, home.hash());
        }
    }

    private List<Group> groups() {
        Map<Identifier, Group> groupOf = new TreeMap<>();
        holding.standings.forEach((identifier, standing) -> {
            if (standing.usable() && isDevice(identifier)) {
                Group alone = new Group();
                alone.devices.add(identifier);
                groupOf.put(identifier, alone);
            }
        });
        List<Fact.Key> usable = new ArrayList<>();
        for (Fact.Key key : holding.facts.keys()) {
            Group right = groupOf.get(key.right());
            if (right == null) {
                continue;
            }
            if (!isDevice(key.left())) {
                usable.add(key);
                continue;
            }
            Group left = groupOf.get(key.left());
            if (left != null) {
                usable.add(key);
                if (left != right) {
                    Group larger = left.devices.size() >= right.devices.size() ? left : right;
                    Group smaller = larger == left ? right : left;
                    larger.devices.addAll(smaller.devices);
                    smaller.devices.forEach(d -> groupOf.put(d, larger));
                }
            }
        }
        for (Fact.Key key : usable) {
            Group group = groupOf.get(key.right());
            if (group != null) {
                group.facts.add(key);
                IdentifierType type = config.typeOf(key.left());
                if (type.unique() && type.scope() == Scope.PERSON && mayBeUsable(key.left())) {
                    group.meet(type, key.left());
                }
            }
        }
        return new ArrayList<>(new LinkedHashSet<>(groupOf.values()));
    }

    private boolean isDevice(Identifier identifier) {
        return config.typeOf(identifier).scope() == Scope.DEVICE;
    }

    /** A person whose node has not said so is taken for usable; where it matters the node is asked. */
    private boolean mayBeUsable(Identifier person) {
        Standing standing = holding.standings.get(person);
        return standing == null || standing.usable();
    }

    /** A contradicted group is a customer of its own; its strongest device keeps the login intervals. */
    private void share(Group group, Map<Identifier, Assignment> now, Map<Note.Key, Note> notes, long version) {
        List<Link> links = new ArrayList<>();
        for (Fact.Key key : group.facts) {
            if (isDevice(key.left())) {
                links.add(holding.link(key));
            }
        }
        Stitching.Outcome outcome = Stitching.decideUsable(Link.earliestOfPairs(links), List.of(), config);
        for (Identifier device : group.devices) {
            Assignment joined = outcome.assignments().getOrDefault(device, Assignment.alone(device));
            List<Identifier> members = outcome.members().get(joined.customerId());
            Identifier keeper = joined.keeper() != null ? joined.keeper() : members == null ? device : members.get(0);
            now.put(device, Assignment.shared(joined.customerId(), keeper));
            List<Link> seen = new ArrayList<>();
            for (Fact.Key key : group.facts) {
                if (key.left().equals(device) || key.right().equals(device)) {
                    seen.add(holding.link(key));
                }
            }
            long first = Long.MAX_VALUE;
            long last = 0;
            for (Link link : Link.earliestOfPairs(seen)) {
                first = Math.min(first, link.eventTime());
                last = Math.max(last, link.eventTime());
            }
            note(device, new Note("joined", joined.customerId(), first, last, version), notes);
        }
    }

    /** A device that was a customer of its own is none any more. */
    private void takeBack(Identifier device, Map<Note.Key, Note> notes, long version) {
        if (holding.assigned.containsKey(device)) {
            note(device, new Note("", "", Long.MAX_VALUE, 0, version), notes);
        }
    }

    private void note(Identifier device, Note note, Map<Note.Key, Note> notes) {
        Note.Key key = new Note.Key(device, device);
        if (!note.saysTheSameAs(state.broughtNotes.get(key))) {
            state.broughtNotes = Holding.grown(state.broughtNotes);
            state.broughtNotes.put(key, note);
            notes.put(key, note);
        }
    }

    /** Two usable values contradict a group, so two are watched: once one of them cannot be used, another. */
    private void watch(Set<Identifier> values) {
        if (values.size() < 2) {
            return;
        }
        int watched = 0;
        for (Identifier value : values) {
            watched += state.watched.contains(value) ? 1 : 0;
        }
        for (Identifier value : values) {
            if (watched < 2 && !state.watched.contains(value)) {
                watched++;
                state.watched = NodeTurn.grown(state.watched);
                state.watched.add(value);
                turn.send(new StitchMessage.Watch(value, turn.self));
            }
        }
    }

    /** Collects what of a group the persons' layer does not know yet, and the persons to become one component with. */
    private void bring(
            Group group, List<Fact> facts, Set<Identifier> homes, Part news, Map<Identifier, Standing> standings) {
        for (Fact.Key key : group.facts) {
            Fact.Support support = holding.facts.support(key);
            boolean unknown = support != null && !support.equals(state.brought.get(key));
            if (support != null && unknown) {
                state.brought = Holding.grown(state.brought);
                state.brought.put(key, support);
                facts.add(new Fact(key, support));
                // A home that is a root may have told nobody else what it is.
                Standing home = holding.standings.get(key.home());
                if (home != null && !isDevice(key.home())) {
                    standings.put(key.home(), home);
                }
            }
            Identifier home = key.home();
            if (!isDevice(home)
                    && mayBeUsable(home)
                    && (unknown || news.standings().containsKey(home))) {
                homes.add(home);
            }
        }
    }

    /** Notes what the persons' layer shall know of devices, where that is news to it. */
    private void stand(Set<Identifier> devices, Standing.Kind kind, long rank, Map<Identifier, Standing> standings) {
        for (Identifier device : devices) {
            Standing before = state.broughtStandings.get(device);
            if (holding.active && (before == null || before.kind() != kind)) {
                Standing standing = new Standing(kind, rank);
                state.broughtStandings = Holding.grown(state.broughtStandings);
                state.broughtStandings.put(device, standing);
                standings.put(device, standing);
            }
        }
    }

    private void tell(Map<Identifier, Assignment> now, long version, Set<Identifier> toldOtherwise) {
        Map<Identifier, Assignment> before = holding.assigned;
        for (Identifier former : before.keySet()) {
            if (!now.containsKey(former)) {
                now.put(former, Assignment.alone(former));
            }
        }
        if (now.isEmpty()) {
            return;
        }
        holding.assigned = now;
        turn.bonds.tell(Layer.DEVICES, now, before, version, toldOtherwise);
    }
}
