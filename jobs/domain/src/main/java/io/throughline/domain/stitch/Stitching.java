package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The specification of stitching: links, people's decisions and rules in, customers out. A pure function of the set of
 * links: their order, repetition and grouping into calls cannot matter.
 *
 * <ol>
 *   <li>Super-nodes link nothing.
 *   <li>A device group seen with two values of one unique type is contradicted: its links to persons are no evidence.
 *   <li>A connected component keeps at most {@code max_component_links} links, those with the smallest hashes.
 *   <li>Evidence is accepted in one fixed order, each piece only if the union it makes breaks no unique type, no limit
 *       and no {@code never} decision: {@code always} decisions; links between person identifiers by (strength of the
 *       two types, first event time, hashes); device groups by (strength, first event time, hash), each as one piece
 *       that joins the devices and all persons seen on them.
 *   <li>A device group that was contradicted or not accepted is shared: it joins nobody.
 *   <li>A customer's id is derived from its strongest identifier, ties by first event time, then hash.
 * </ol>
 */
public final class Stitching {

    /** One accepted piece of evidence. A decision has no touchpoint; its link's id is empty. */
    public record Accepted(String rule, Link link) {}

    /**
     * A piece of evidence that would have broken a rule.
     *
     * @param links the piece, its strongest link first; for a decision one link without touchpoint
     * @param because what it would have broken, for example {@code two values of customer_number: K1, K2}
     */
    public record Refused(String rule, List<Link> links, String because) {}

    /**
     * @param assignments what each identifier can be used for
     * @param members customer id to its identifiers, strongest first; shared devices are their own anonymous customer
     * @param accepted customer id to the evidence that made it one, in the order of acceptance
     * @param refused evidence that joins nobody, in the order of judgement; only where asked for
     * @param dropped links beyond {@code max_component_links}
     */
    public record Outcome(
            Map<Identifier, Assignment> assignments,
            Map<String, List<Identifier>> members,
            Map<String, List<Accepted>> accepted,
            List<Refused> refused,
            int dropped) {}

    /** Decides one set of links. Identifiers of different connected components never influence each other. */
    public static Outcome decide(Collection<Link> links, Collection<Decision> decisions, StitchConfig config) {
        return new Stitching(config, false, false).run(links, decisions);
    }

    /**
     * The same for links that are all evidence: super-nodes have been taken out by nodes that see all their neighbours.
     *
     * @param links {@link Link#earliestOfPairs}
     */
    static Outcome decideUsable(Collection<Link> links, Collection<Decision> decisions, StitchConfig config) {
        return new Stitching(config, true, false).run(links, decisions);
    }

    /**
     * The same, and says what was refused and why. Evidence for what was one customer already is among the accepted
     * too, and so are the links between devices of a shared group: each is a reason in its own right.
     */
    public static Outcome explain(Collection<Link> links, Collection<Decision> decisions, StitchConfig config) {
        return new Stitching(config, false, true).run(links, decisions);
    }

    /** So many are looked through quicker than they are found in a map; most components have no more links. */
    private static final int FEW = 16;

    private final StitchConfig config;
    /** Super-nodes have been taken out already, by nodes that see all of their neighbours. */
    private final boolean withoutSuperNodes;

    private final boolean explained;
    private final List<Refused> refused = new ArrayList<>(0);
    private final Map<Identifier, Node> nodes = new HashMap<>();
    private final List<Node[]> never = new ArrayList<>(0);
    /** Grows with every {@link #groupsOf}. */
    private int asked;

    private Stitching(StitchConfig config, boolean withoutSuperNodes, boolean explained) {
        this.config = config;
        this.withoutSuperNodes = withoutSuperNodes;
        this.explained = explained;
    }

    private Outcome run(Collection<Link> links, Collection<Decision> decisions) {
        List<Edge> edges = edges(links);
        if (!withoutSuperNodes) {
            edges.forEach(Edge::introduce);
            nodes.values().forEach(Node::quarantineIfSuper);
            edges.removeIf(e -> e.left.quarantined || e.right.quarantined);
        }
        List<DeviceGroup> groups = deviceGroups(edges);
        List<Decision> holding = Decision.holding(decisions);
        holding.removeIf(d -> !config.decidable(d));
        int all = edges.size();
        edges = capped(edges, holding);
        edges.forEach(Edge::date);
        edges.sort(Edge.IN_ORDER);

        acceptDecisions(holding);
        for (Edge edge : edges) {
            boolean isNews = explained || edge.left.group != edge.right.group;
            if (isNews && edge.left.person() && edge.right.person()) {
                accept(List.of(edge.left, edge.right), "person-link", List.of(edge.link));
            }
        }
        return outcome(acceptDevices(groups, edges), all - edges.size());
    }

    /** Two nodes, whichever is named first; there is one node per identifier. */
    private record Ends(Node smaller, Node larger) {
        static Ends of(Node one, Node other) {
            return one.hash.compareTo(other.hash) <= 0 ? new Ends(one, other) : new Ends(other, one);
        }
    }

    /** The earliest link of each pair. */
    private List<Edge> edges(Collection<Link> links) {
        List<Edge> edges = new ArrayList<>(links.size());
        if (withoutSuperNodes) {
            for (Link link : links) {
                edges.add(new Edge(link, node(link.left()), node(link.right())));
            }
            return edges;
        }
        Map<Ends, Edge> index = links.size() > FEW ? new HashMap<>() : null;
        for (Link link : links) {
            Edge edge = new Edge(link, node(link.left()), node(link.right()));
            Edge known = index == null ? between(edges, edge) : index.putIfAbsent(Ends.of(edge.left, edge.right), edge);
            if (known == null) {
                edges.add(edge);
            } else if (link.before(known.link)) {
                known.link = link;
            }
        }
        return edges;
    }

    /** The one of the edges that is between the same two; null: there is none. */
    private static @Nullable Edge between(List<Edge> edges, Edge edge) {
        for (int i = 0; i < edges.size(); i++) {
            Edge other = edges.get(i);
            if ((other.left == edge.left && other.right == edge.right)
                    || (other.left == edge.right && other.right == edge.left)) {
                return other;
            }
        }
        return null;
    }

    /**
     * Devices that occur together. A group seen with two values of one unique type is contradicted: whatever else is
     * true, it joins nobody, so its links to persons are no evidence of anything and leave {@code edges}.
     */
    private List<DeviceGroup> deviceGroups(List<Edge> edges) {
        List<DeviceGroup> groups = new ArrayList<>();
        for (Edge edge : edges) {
            if (edge.left.device() && edge.right.device()) {
                edge.left.connect(edge.right);
            }
        }
        for (Node device : nodes.values()) {
            if (device.device() && !device.quarantined) {
                Node representative = device.representative();
                DeviceGroup group = representative.deviceGroup;
                if (group == null) {
                    group = new DeviceGroup();
                    representative.deviceGroup = group;
                    groups.add(group);
                }
                device.deviceGroup = group;
                group.devices.add(device);
            }
        }
        if (groups.isEmpty()) {
            return groups;
        }
        boolean contradicted = false;
        for (Edge edge : edges) {
            DeviceGroup group = edge.deviceGroup();
            if (group != null) {
                group.meet(edge.left);
                group.meet(edge.right);
                contradicted |= group.contradicted;
            }
        }
        if (contradicted) {
            edges.removeIf(this::isContradicted);
        }
        return groups;
    }

    private boolean isContradicted(Edge edge) {
        DeviceGroup group = edge.deviceGroup();
        if (group == null || !group.contradicted || !(edge.left.person() || edge.right.person())) {
            return false;
        }
        if (explained) {
            group.contradicting.add(edge);
        }
        return true;
    }

    /** Of each connected component's links the {@code max_component_links} with the smallest hashes. */
    private List<Edge> capped(List<Edge> edges, List<Decision> holding) {
        if (edges.size() <= config.maxComponentLinks()) {
            return edges;
        }
        nodes.values().forEach(Node::disconnect);
        for (Edge edge : edges) {
            edge.left.connect(edge.right);
        }
        for (Decision decision : holding) {
            Node one = nodes.get(decision.one());
            Node other = nodes.get(decision.other());
            if (one != null && other != null) {
                one.connect(other);
            }
        }
        Map<Node, List<Edge>> components = new HashMap<>();
        for (Edge edge : edges) {
            components
                    .computeIfAbsent(edge.left.representative(), k -> new ArrayList<>())
                    .add(edge);
        }
        List<Edge> kept = new ArrayList<>();
        for (List<Edge> component : components.values()) {
            if (component.size() > config.maxComponentLinks()) {
                component.sort(Comparator.comparing((Edge e) -> e.link.hash()));
                kept.addAll(component.subList(0, config.maxComponentLinks()));
            } else {
                kept.addAll(component);
            }
        }
        return kept;
    }

    private void acceptDecisions(List<Decision> holding) {
        for (Decision decision : holding) {
            if (decision.verdict() == Decision.Verdict.NEVER) {
                never.add(new Node[] {node(decision.one()), node(decision.other())});
            }
        }
        for (Decision decision : holding) {
            Node one = node(decision.one());
            Node other = node(decision.other());
            if (decision.verdict() == Decision.Verdict.ALWAYS && !one.quarantined && !other.quarantined) {
                Link word = Link.of(one.identifier, other.identifier, decision.effectiveFrom(), "", config);
                accept(List.of(one, other), "decision-always", List.of(word));
            }
        }
    }

    /** Joins device groups where they break nothing; returns those that must be shared. */
    private List<DeviceGroup> acceptDevices(List<DeviceGroup> groups, List<Edge> edges) {
        for (Edge edge : edges) {
            DeviceGroup group = edge.deviceGroup();
            if (group != null) {
                group.saw(edge);
            }
        }
        groups.forEach(DeviceGroup::complete);
        groups.sort(DeviceGroup.IN_ORDER);
        List<DeviceGroup> shared = new ArrayList<>();
        for (DeviceGroup group : groups) {
            List<Node> piece = new ArrayList<>(group.devices.size() + group.persons.size());
            piece.addAll(group.devices);
            piece.addAll(group.persons);
            if (group.contradicted && explained) {
                group.contradicting.sort(Edge.IN_ORDER);
                refused.add(new Refused(
                        "device-group",
                        group.contradicting.stream().map(e -> e.link).toList(),
                        group.contradiction()));
            }
            if (group.contradicted || !accept(piece, "device-group", group.links)) {
                // The devices are still one thing, with a customer of its own.
                accept(group.devices, "device-group", explained ? group.betweenDevices() : List.of());
                shared.add(group);
            }
        }
        return shared;
    }

    /** Unites the piece if the union breaks nothing. */
    private boolean accept(List<Node> piece, String rule, List<Link> because) {
        List<Group> groups = groupsOf(piece);
        if (groups.size() > 1) {
            IdentifierType limit = brokenLimit(groups);
            if (limit != null) {
                refuse(rule, because, explained ? inWords(limit, groups) : "");
                return false;
            }
            Node[] decided = brokenDecision();
            if (decided != null) {
                refuse(
                        rule,
                        because,
                        "somebody decided: never " + decided[0].identifier + " with " + decided[1].identifier);
                return false;
            }
            Group into = piece.get(0).group;
            for (Group other : groups) {
                if (other.largerThan(into)) {
                    into = other;
                }
            }
            for (Group other : groups) {
                if (other != into) {
                    into.absorb(other);
                }
            }
            into.accept(rule, because);
        } else if (explained) {
            groups.get(0).accept(rule, because);
        }
        return true;
    }

    private void refuse(String rule, List<Link> piece, String because) {
        if (explained) {
            refused.add(new Refused(rule, piece, because));
        }
    }

    /** Each once; {@link #isAsked} of these and no others until the next call. */
    private List<Group> groupsOf(List<Node> piece) {
        asked++;
        List<Group> groups = new ArrayList<>(Math.min(piece.size(), FEW));
        for (int i = 0; i < piece.size(); i++) {
            Group group = piece.get(i).group;
            if (!isAsked(group)) {
                group.asked = asked;
                groups.add(group);
            }
        }
        return groups;
    }

    private boolean isAsked(Group group) {
        return group.asked == asked;
    }

    /** The strongest type of which the groups together would have too many; null: none. */
    private static @Nullable IdentifierType brokenLimit(List<Group> groups) {
        int withLimits = 0;
        for (Group group : groups) {
            withLimits += group.limited.isEmpty() ? 0 : 1;
        }
        if (withLimits < 2) {
            // No group breaks anything by itself.
            return null;
        }
        IdentifierType broken = null;
        List<IdentifierType> looked = new ArrayList<>(4);
        for (Group group : groups) {
            for (Values values : group.limited) {
                IdentifierType type = values.type;
                if (!looked.contains(type)) {
                    looked.add(type);
                    if ((broken == null || type.priority() < broken.priority()) && exceeds(type, groups)) {
                        broken = type;
                    }
                }
            }
        }
        return broken;
    }

    private static String inWords(IdentifierType broken, List<Group> groups) {
        return broken.unique()
                ? twoValues(broken, valuesOf(broken, groups))
                : "more than " + broken.limit() + (broken.limit() == 1 ? " value of " : " values of ") + broken.name();
    }

    private static List<Node> valuesOf(IdentifierType type, List<Group> groups) {
        List<Node> all = new ArrayList<>();
        for (Group group : groups) {
            all.addAll(group.valuesOf(type));
        }
        return all;
    }

    private static String twoValues(IdentifierType type, Collection<Node> values) {
        return values.stream()
                .sorted(Comparator.comparing(n -> n.hash))
                .limit(2)
                .map(n -> n.identifier.value())
                .collect(Collectors.joining(", ", "two values of " + type.name() + ": ", ""));
    }

    private static boolean exceeds(IdentifierType type, List<Group> groups) {
        int limit = type.limit();
        int count = 0;
        for (Group group : groups) {
            count += group.valuesOf(type).size();
        }
        if (count <= limit) {
            return false;
        }
        if (type.unique() || type.windowMs() == 0) {
            return true;
        }
        long[] firstSeen = valuesOf(type, groups).stream()
                .mapToLong(n -> n.firstSeen)
                .sorted()
                .toArray();
        for (int i = 0; i + limit < firstSeen.length; i++) {
            if (firstSeen[i + limit] - firstSeen[i] < type.windowMs()) {
                return true;
            }
        }
        return false;
    }

    /** Of the groups that were asked for last. */
    private Node @Nullable [] brokenDecision() {
        for (Node[] pair : never) {
            if (pair[0].group != pair[1].group && isAsked(pair[0].group) && isAsked(pair[1].group)) {
                return pair;
            }
        }
        return null;
    }

    private Outcome outcome(List<DeviceGroup> shared, int dropped) {
        Map<Identifier, Assignment> assignments = new HashMap<>(2 * nodes.size());
        Map<String, List<Identifier>> members = new TreeMap<>();
        Map<String, List<Accepted>> accepted = new TreeMap<>();
        for (Node node : nodes.values()) {
            Group group = node.group;
            if (node.quarantined) {
                assignments.put(node.identifier, Assignment.QUARANTINED);
                continue;
            }
            if (group.joined == null) {
                members.put(group.name(), group.identifiers());
                accepted.put(group.id(), group.accepted);
            }
            assignments.put(node.identifier, group.joined());
        }
        for (DeviceGroup group : shared) {
            for (Node device : group.devices) {
                assignments.put(
                        device.identifier, Assignment.shared(device.group.id(), device.group.strongest().identifier));
            }
        }
        return new Outcome(assignments, members, accepted, refused, dropped);
    }

    private Node node(Identifier identifier) {
        return nodes.computeIfAbsent(identifier, i -> new Node(i, config));
    }

    private static final class Node {
        /** Strongest first: type, then first event time, then hash. */
        static final Comparator<Node> STRONGEST = Node::compareStrength;

        final Identifier identifier;
        final IdentifierType type;
        final Hash128 hash;
        final int maxLinks;
        /** Counted only where super-nodes are looked for. */
        Set<Node> uniqueNeighbours = Set.of();

        Set<Node> personNeighbours = Set.of();
        /** Earliest event time among the links that are evidence. */
        long firstSeen = Long.MAX_VALUE;

        boolean quarantined;
        /** Nearer to the representative of what it is connected with; itself: it is that. */
        private Node nearer = this;

        Group group;
        /** Of the same group; null: this is the last. */
        @Nullable
        Node next;

        @Nullable
        DeviceGroup deviceGroup;

        Node(Identifier identifier, StitchConfig config) {
            this.identifier = identifier;
            this.type = config.typeOf(identifier);
            this.hash = CustomerIds.hash(identifier);
            this.maxLinks = config.maxLinks();
            this.group = new Group(this);
        }

        private int compareStrength(Node other) {
            if (type != other.type) {
                int byPriority = Integer.compare(type.priority(), other.type.priority());
                if (byPriority != 0) {
                    return byPriority;
                }
                int byName = type.name().compareTo(other.type.name());
                if (byName != 0) {
                    return byName;
                }
            }
            return firstSeen != other.firstSeen ? Long.compare(firstSeen, other.firstSeen) : hash.compareTo(other.hash);
        }

        /** There is one node per identifier; asked for at every step of a union. */
        @Override
        public int hashCode() {
            return hash.hashCode();
        }

        void disconnect() {
            nearer = this;
        }

        void connect(Node other) {
            representative().nearer = other.representative();
        }

        Node representative() {
            Node at = this;
            while (at.nearer != at) {
                // Halves the way for the next who asks: a chain would otherwise cost its length at every step.
                at.nearer = at.nearer.nearer;
                at = at.nearer;
            }
            return at;
        }

        boolean person() {
            return type.scope() == Scope.PERSON;
        }

        boolean device() {
            return type.scope() == Scope.DEVICE;
        }

        void meet(Node other) {
            if (other.type.unique()) {
                uniqueNeighbours = NodeTurn.grown(uniqueNeighbours);
                uniqueNeighbours.add(other);
            }
            if (other.person()) {
                personNeighbours = NodeTurn.grown(personNeighbours);
                personNeighbours.add(other);
            }
        }

        void quarantineIfSuper() {
            quarantined = uniqueNeighbours.size() > type.maxCustomers() || personNeighbours.size() > maxLinks;
        }
    }

    /** What one group has of a type that has a limit. */
    private static final class Values {
        final IdentifierType type;
        final List<Node> all = new ArrayList<>(2);

        Values(IdentifierType type) {
            this.type = type;
        }
    }

    private static final class Group {
        /** The members hang together by {@link Node#next}: most groups are of one until they are absorbed. */
        private final Node first;

        private Node last;
        private int size = 1;
        /** Of few types; most members' have none. */
        List<Values> limited = List.of();

        List<Accepted> accepted = List.of();
        /** See {@link Stitching#isAsked}. */
        int asked;

        /** Strongest first, once it is named. */
        private List<Node> members = List.of();

        private @Nullable String id;
        /** null: it is not named yet. */
        private @Nullable Assignment joined;

        Group(Node only) {
            first = only;
            last = only;
            if (only.type.limit() != Integer.MAX_VALUE) {
                limited = new ArrayList<>(1);
                ofType(only.type).add(only);
            }
        }

        boolean largerThan(Group other) {
            int bySize = Integer.compare(size, other.size);
            return bySize != 0 ? bySize > 0 : first.hash.compareTo(other.first.hash) > 0;
        }

        List<Node> valuesOf(IdentifierType type) {
            for (int i = 0; i < limited.size(); i++) {
                Values values = limited.get(i);
                if (values.type.equals(type)) {
                    return values.all;
                }
            }
            return List.of();
        }

        private List<Node> ofType(IdentifierType type) {
            for (Values values : limited) {
                if (values.type.equals(type)) {
                    return values.all;
                }
            }
            Values values = new Values(type);
            limited.add(values);
            return values.all;
        }

        void absorb(Group other) {
            for (Node node = other.first; node != null; node = node.next) {
                node.group = this;
            }
            last.next = other.first;
            last = other.last;
            size += other.size;
            if (limited.isEmpty()) {
                // Nobody asks the other any more.
                limited = other.limited;
            } else {
                for (Values values : other.limited) {
                    ofType(values.type).addAll(values.all);
                }
            }
            if (accepted.isEmpty()) {
                accepted = other.accepted;
            } else {
                accepted.addAll(other.accepted);
            }
        }

        void accept(String rule, List<Link> because) {
            if (accepted.isEmpty()) {
                accepted = new ArrayList<>(because.size() + 2);
            }
            for (int i = 0; i < because.size(); i++) {
                accepted.add(new Accepted(rule, because.get(i)));
            }
        }

        String name() {
            List<Node> all = new ArrayList<>(size);
            for (Node node = first; node != null; node = node.next) {
                all.add(node);
            }
            if (size > 1) {
                all.sort(Node.STRONGEST);
            }
            members = all;
            String name = CustomerIds.of(strongest().identifier);
            id = name;
            joined = Assignment.joined(name);
            return name;
        }

        Node strongest() {
            return members.get(0);
        }

        List<Identifier> identifiers() {
            List<Identifier> all = new ArrayList<>(size);
            for (Node member : members) {
                all.add(member.identifier);
            }
            return all;
        }

        /** One for all members: they are kept for as long as the customer. */
        Assignment joined() {
            if (joined == null) {
                throw new IllegalStateException("groups are named before they are read");
            }
            return joined;
        }

        String id() {
            if (id == null) {
                throw new IllegalStateException("groups are named before they are read");
            }
            return id;
        }
    }

    private static final class Edge {
        static final Comparator<Edge> IN_ORDER = Edge::compare;

        Link link;
        final Node left;
        final Node right;

        Edge(Link link, Node left, Node right) {
            this.link = link;
            this.left = left;
            this.right = right;
        }

        private int compare(Edge other) {
            int one = left.type.priority();
            int another = right.type.priority();
            int otherOne = other.left.type.priority();
            int otherAnother = other.right.type.priority();
            int byStronger = Integer.compare(Math.min(one, another), Math.min(otherOne, otherAnother));
            if (byStronger != 0) {
                return byStronger;
            }
            int byWeaker = Integer.compare(Math.max(one, another), Math.max(otherOne, otherAnother));
            if (byWeaker != 0) {
                return byWeaker;
            }
            if (link.eventTime() != other.link.eventTime()) {
                return Long.compare(link.eventTime(), other.link.eventTime());
            }
            int bySmaller = smaller().compareTo(other.smaller());
            return bySmaller != 0 ? bySmaller : larger().compareTo(other.larger());
        }

        /** Each end counts the other, whatever becomes of the link. */
        void introduce() {
            left.meet(right);
            right.meet(left);
        }

        void date() {
            left.firstSeen = Math.min(left.firstSeen, link.eventTime());
            right.firstSeen = Math.min(right.firstSeen, link.eventTime());
        }

        @Nullable
        DeviceGroup deviceGroup() {
            return left.deviceGroup != null ? left.deviceGroup : right.deviceGroup;
        }

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
                .thenComparing(g -> g.hash);

        final List<Node> devices = new ArrayList<>(2);
        /** Those whose links to it are evidence, as often as there are such links. */
        final List<Node> persons = new ArrayList<>(4);

        final List<Link> links = new ArrayList<>(4);
        /** Where it is contradicted and somebody wants to know: the links to persons that are no evidence therefore. */
        final List<Edge> contradicting = new ArrayList<>(0);

        /** One of each unique type. */
        private final List<Node> uniqueValues = new ArrayList<>(2);

        boolean contradicted;
        int strength = Integer.MAX_VALUE;
        long firstSeen = Long.MAX_VALUE;
        Hash128 hash = new Hash128(-1, -1);

        void meet(Node node) {
            if (!node.type.unique() || !node.person()) {
                return;
            }
            for (int i = 0; i < uniqueValues.size(); i++) {
                Node before = uniqueValues.get(i);
                if (before.type.equals(node.type)) {
                    contradicted |= before != node;
                    return;
                }
            }
            uniqueValues.add(node);
        }

        /** What contradicts it, in words. */
        String contradiction() {
            Set<Node> seen = new LinkedHashSet<>();
            for (Edge edge : contradicting) {
                seen.add(edge.left.person() ? edge.left : edge.right);
            }
            Map<IdentifierType, List<Node>> values = new HashMap<>();
            for (Node person : seen) {
                if (person.type.unique()) {
                    values.computeIfAbsent(person.type, t -> new ArrayList<>()).add(person);
                }
            }
            values.values().removeIf(nodes -> nodes.size() < 2);
            IdentifierType strongest = values.keySet().stream()
                    .min(Comparator.comparingInt(IdentifierType::priority))
                    .orElseThrow();
            return twoValues(strongest, values.getOrDefault(strongest, List.of()));
        }

        List<Link> betweenDevices() {
            Set<Identifier> own = new HashSet<>();
            devices.forEach(d -> own.add(d.identifier));
            return links.stream()
                    .filter(link -> own.contains(link.left()) && own.contains(link.right()))
                    .toList();
        }

        void saw(Edge edge) {
            if (edge.left.person()) {
                persons.add(edge.left);
            }
            if (edge.right.person()) {
                persons.add(edge.right);
            }
            links.add(edge.link);
        }

        void complete() {
            if (devices.size() > 1) {
                devices.sort(Comparator.comparing(n -> n.hash));
            }
            for (Node device : devices) {
                strength = Math.min(strength, device.type.priority());
                firstSeen = Math.min(firstSeen, device.firstSeen);
                hash = device.hash.compareTo(hash) < 0 ? device.hash : hash;
            }
        }
    }
}
