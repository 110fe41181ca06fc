package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The specification of stitching: links, people's decisions and rules in, customers out. A pure function of the set of
 * links: their order, repetition and grouping into calls cannot matter.
 *
 * <ol>
 *   <li>Super-nodes link nothing.
 *   <li>Evidence is accepted in one fixed order, each piece only if the union it makes breaks no unique type, no limit
 *       and no {@code never} decision: {@code always} decisions; links between person identifiers by (strength of the
 *       two types, first event time, hashes); device groups by (strength, first event time, hash), each as one piece
 *       that joins the devices and all persons seen on them.
 *   <li>A device group that was not accepted is shared: it joins nobody.
 *   <li>A customer's id is derived from its strongest identifier, ties by first event time, then hash.
 * </ol>
 */
public final class Stitching {

    /** One accepted piece of evidence. */
    public record Accepted(String rule, Link link) {}

    /**
     * @param assignments what each identifier can be used for
     * @param members customer id to its identifiers, strongest first; shared devices are their own anonymous customer
     * @param accepted customer id to the evidence that made it one, in the order of acceptance
     */
    public record Outcome(
            Map<Identifier, Assignment> assignments,
            Map<String, List<Identifier>> members,
            Map<String, List<Accepted>> accepted) {}

    /** Decides one set of links. Identifiers of different connected components never influence each other. */
    public static Outcome decide(Collection<Link> links, Collection<Decision> decisions, StitchConfig config) {
        return new Stitching(config).run(links, decisions);
    }

    private final StitchConfig config;
    private final Map<Identifier, Node> nodes = new HashMap<>();
    private final List<Node[]> never = new ArrayList<>();

    private Stitching(StitchConfig config) {
        this.config = config;
    }

    private Outcome run(Collection<Link> links, Collection<Decision> decisions) {
        Map<Set<Identifier>, Link> earliest = new HashMap<>();
        for (Link link : links) {
            earliest.merge(Set.of(link.left(), link.right()), link, (a, b) -> b.before(a) ? b : a);
        }
        List<Edge> edges = new ArrayList<>();
        for (Link link : earliest.values()) {
            Edge edge = new Edge(link, node(link.left()), node(link.right()));
            edge.left.saw(edge.right, link.eventTime());
            edge.right.saw(edge.left, link.eventTime());
            edges.add(edge);
        }
        nodes.values().forEach(Node::quarantineIfSuper);
        edges.removeIf(e -> e.left.quarantined || e.right.quarantined);
        edges.sort(Edge.IN_ORDER);

        acceptDecisions(decisions);
        for (Edge edge : edges) {
            if (edge.left.person() && edge.right.person()) {
                accept(List.of(edge.left, edge.right), "person-link", List.of(edge.link));
            }
        }
        List<DeviceGroup> shared = acceptDevices(edges);
        return outcome(shared);
    }

    private void acceptDecisions(Collection<Decision> decisions) {
        List<Decision> inOrder = new ArrayList<>(decisions);
        inOrder.sort(Comparator.comparingLong(Decision::effectiveFrom)
                .thenComparing(d -> node(d.one()).hash)
                .thenComparing(d -> node(d.other()).hash));
        for (Decision decision : inOrder) {
            if (!decision.always()) {
                never.add(new Node[] {node(decision.one()), node(decision.other())});
            }
        }
        for (Decision decision : inOrder) {
            Node one = node(decision.one());
            Node other = node(decision.other());
            if (decision.always() && !one.quarantined && !other.quarantined) {
                accept(List.of(one, other), "decision-always", List.of());
            }
        }
    }

    /** Joins device groups where they break nothing; returns those that must be shared. */
    private List<DeviceGroup> acceptDevices(List<Edge> edges) {
        Map<Node, Node> parent = new HashMap<>();
        for (Node node : nodes.values()) {
            if (node.device() && !node.quarantined) {
                parent.put(node, node);
            }
        }
        for (Edge edge : edges) {
            if (edge.left.device() && edge.right.device()) {
                Node left = representative(parent, edge.left);
                Node right = representative(parent, edge.right);
                if (left != right) {
                    parent.put(left, right);
                }
            }
        }
        Map<Node, DeviceGroup> groups = new HashMap<>();
        for (Node device : parent.keySet()) {
            groups.computeIfAbsent(representative(parent, device), k -> new DeviceGroup())
                    .add(device);
        }
        for (Edge edge : edges) {
            Node device = edge.left.device() ? edge.left : edge.right.device() ? edge.right : null;
            if (device != null) {
                DeviceGroup group = groups.get(representative(parent, device));
                if (group != null) {
                    group.saw(edge);
                }
            }
        }
        List<DeviceGroup> inOrder = new ArrayList<>(groups.values());
        inOrder.sort(DeviceGroup.IN_ORDER);
        List<DeviceGroup> shared = new ArrayList<>();
        for (DeviceGroup group : inOrder) {
            List<Node> piece = new ArrayList<>(group.devices);
            piece.addAll(group.persons);
            if (!accept(piece, "device-group", group.links)) {
                // The devices are still one thing, with a customer of its own.
                accept(group.devices, "device-group", List.of());
                shared.add(group);
            }
        }
        return shared;
    }

    private static Node representative(Map<Node, Node> parent, Node node) {
        Node at = node;
        while (true) {
            Node next = parent.get(at);
            if (next == null || next == at) {
                return at;
            }
            at = next;
        }
    }

    /** Unites the piece if the union breaks nothing. */
    private boolean accept(List<Node> piece, String rule, List<Link> because) {
        Set<Group> groups = new HashSet<>();
        for (Node node : piece) {
            groups.add(node.group);
        }
        if (groups.size() > 1) {
            if (breaksLimit(groups) || breaksDecision(groups)) {
                return false;
            }
            Group into = groups.stream()
                    .max(Comparator.comparingInt((Group g) -> g.members.size())
                            .thenComparing(g -> g.members.get(0).hash))
                    .orElseThrow();
            for (Group other : groups) {
                if (other != into) {
                    into.absorb(other);
                }
            }
            Group united = into;
            because.forEach(link -> united.accepted.add(new Accepted(rule, link)));
        }
        return true;
    }

    private static boolean breaksLimit(Set<Group> groups) {
        Map<IdentifierType, List<Node>> limited = new HashMap<>();
        for (Group group : groups) {
            group.limited.forEach((type, values) ->
                    limited.computeIfAbsent(type, t -> new ArrayList<>()).addAll(values));
        }
        for (Map.Entry<IdentifierType, List<Node>> entry : limited.entrySet()) {
            if (exceeds(entry.getKey(), entry.getValue())) {
                return true;
            }
        }
        return false;
    }

    private static boolean exceeds(IdentifierType type, List<Node> values) {
        int limit = type.limit();
        if (values.size() <= limit) {
            return false;
        }
        if (type.unique() || type.windowMs() == 0) {
            return true;
        }
        long[] firstSeen = values.stream().mapToLong(n -> n.firstSeen).sorted().toArray();
        for (int i = 0; i + limit < firstSeen.length; i++) {
            if (firstSeen[i + limit] - firstSeen[i] < type.windowMs()) {
                return true;
            }
        }
        return false;
    }

    private boolean breaksDecision(Set<Group> groups) {
        for (Node[] pair : never) {
            if (pair[0].group != pair[1].group && groups.contains(pair[0].group) && groups.contains(pair[1].group)) {
                return true;
            }
        }
        return false;
    }

    private Outcome outcome(List<DeviceGroup> shared) {
        Map<Identifier, Assignment> assignments = new HashMap<>();
        Map<String, List<Identifier>> members = new TreeMap<>();
        Map<String, List<Accepted>> accepted = new TreeMap<>();
        Set<Group> done = new HashSet<>();
        for (Node node : nodes.values()) {
            if (node.quarantined) {
                assignments.put(node.identifier, Assignment.QUARANTINED);
            } else if (done.add(node.group)) {
                node.group.name();
                members.put(
                        node.group.id(),
                        node.group.members.stream().map(n -> n.identifier).toList());
                accepted.put(node.group.id(), node.group.accepted);
            }
        }
        for (Node node : nodes.values()) {
            if (!node.quarantined) {
                assignments.put(node.identifier, Assignment.joined(node.group.id()));
            }
        }
        for (DeviceGroup group : shared) {
            Map<Identifier, String> persons = new LinkedHashMap<>();
            group.persons.forEach(p -> persons.put(p.identifier, p.group.id()));
            for (Node device : group.devices) {
                assignments.put(
                        device.identifier,
                        new Assignment(
                                Assignment.Kind.SHARED,
                                device.group.id(),
                                persons,
                                device.group.members.get(0).identifier));
            }
        }
        return new Outcome(assignments, members, accepted);
    }

    private Node node(Identifier identifier) {
        return nodes.computeIfAbsent(identifier, i -> new Node(i, config));
    }

    private static final class Node {
        /** Strongest first: type, then first event time, then hash. */
        static final Comparator<Node> STRONGEST = Comparator.<Node>comparingInt(n -> n.type.priority())
                .thenComparing(n -> n.type.name())
                .thenComparingLong(n -> n.firstSeen)
                .thenComparing(n -> n.hash);

        final Identifier identifier;
        final IdentifierType type;
        final Hash128 hash;
        final int maxLinks;
        final Set<Node> uniqueNeighbours = new HashSet<>();
        final Set<Node> personNeighbours = new HashSet<>();
        long firstSeen = Long.MAX_VALUE;
        boolean quarantined;
        Group group;

        Node(Identifier identifier, StitchConfig config) {
            this.identifier = identifier;
            this.type = config.typeOf(identifier);
            this.hash = CustomerIds.hash(identifier);
            this.maxLinks = config.maxLinks();
            this.group = new Group(this);
        }

        boolean person() {
            return type.scope() == Scope.PERSON;
        }

        boolean device() {
            return type.scope() == Scope.DEVICE;
        }

        void saw(Node other, long at) {
            firstSeen = Math.min(firstSeen, at);
            if (other.type.unique()) {
                uniqueNeighbours.add(other);
            }
            if (other.person()) {
                personNeighbours.add(other);
            }
        }

        void quarantineIfSuper() {
            quarantined = uniqueNeighbours.size() > type.maxCustomers() || personNeighbours.size() > maxLinks;
        }
    }

    private static final class Group {
        final List<Node> members = new ArrayList<>();
        final Map<IdentifierType, List<Node>> limited = new HashMap<>();
        final List<Accepted> accepted = new ArrayList<>();
        private @Nullable String id;

        Group(Node only) {
            members.add(only);
            if (only.type.limit() != Integer.MAX_VALUE) {
                limited.put(only.type, new ArrayList<>(List.of(only)));
            }
        }

        void absorb(Group other) {
            for (Node node : other.members) {
                node.group = this;
            }
            members.addAll(other.members);
            other.limited.forEach((type, values) ->
                    limited.computeIfAbsent(type, t -> new ArrayList<>()).addAll(values));
            accepted.addAll(other.accepted);
        }

        void name() {
            members.sort(Node.STRONGEST);
            id = CustomerIds.of(members.get(0).identifier);
        }

        String id() {
            if (id == null) {
                throw new IllegalStateException("groups are named before they are read");
            }
            return id;
        }
    }

    private record Edge(Link link, Node left, Node right) {
        static final Comparator<Edge> IN_ORDER = Comparator.<Edge>comparingInt(
                        e -> Math.min(e.left.type.priority(), e.right.type.priority()))
                .thenComparingInt(e -> Math.max(e.left.type.priority(), e.right.type.priority()))
                .thenComparingLong(e -> e.link.eventTime())
                .thenComparing(e -> e.smaller())
                .thenComparing(e -> e.larger());

        private Hash128 smaller() {
            return left.hash.compareTo(right.hash) <= 0 ? left.hash : right.hash;
        }

        private Hash128 larger() {
            return left.hash.compareTo(right.hash) <= 0 ? right.hash : left.hash;
        }
    }

    /** Device identifiers that occur together: one physical device. */
    private static final class DeviceGroup {
        static final Comparator<DeviceGroup> IN_ORDER = Comparator.<DeviceGroup>comparingInt(g -> g.strength)
                .thenComparingLong(g -> g.firstSeen)
                .thenComparing(g -> g.hash());

        final List<Node> devices = new ArrayList<>();
        final Set<Node> persons = new java.util.LinkedHashSet<>();
        final List<Link> links = new ArrayList<>();
        int strength = Integer.MAX_VALUE;
        long firstSeen = Long.MAX_VALUE;

        void add(Node device) {
            devices.add(device);
            strength = Math.min(strength, device.type.priority());
            firstSeen = Math.min(firstSeen, device.firstSeen);
        }

        void saw(Edge edge) {
            for (Node node : Arrays.asList(edge.left, edge.right)) {
                if (node.person()) {
                    persons.add(node);
                }
            }
            links.add(edge.link);
        }

        Hash128 hash() {
            return devices.stream()
                    .map(d -> d.hash)
                    .min(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }
}
