package io.throughline.domain.stitch;

import io.throughline.domain.stitch.LoginIntervals.DeviceEvent;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Why two touchpoints or identifiers are one customer, or why they are not.
 *
 * @param path the evidence from the one to the other, shortest first choice; where they are not one customer, the evidence
 *     with the fewest refused pieces that would have joined them; empty where there is none or where one identifier is all
 *     it takes
 * @param meeting the identifier both bear, where that is all it takes
 * @param never decisions that keep the two customers apart, whatever evidence comes
 */
public record Explanation(
        Answer answer, Party a, Party b, List<Step> path, @Nullable Identifier meeting, List<Decision> never) {

    /** What it comes to. */
    public enum Answer {
        /** They are one customer: by the path, by the identifier both bear, or because they are the same thing. */
        ONE_CUSTOMER,
        /** Evidence connects them, but a piece of it was refused. */
        EVIDENCE_REFUSED,
        /** They meet on a device that joins nobody. */
        SHARED_DEVICE,
        /** Only super-nodes connect them, or one of them is one. */
        QUARANTINED,
        /** Nothing connects them. */
        NO_EVIDENCE,
        /** One of them never links: its type names a visit, or its value names nobody. */
        NEVER_LINKS,
        /** One of them is not among the touchpoints. */
        UNKNOWN
    }

    /** How a party came to its customer. */
    public enum Standing {
        /** Its strongest usable identifier belongs to the customer. */
        JOINED,
        /** It happened on a shared device while somebody was logged in. */
        LOGGED_IN,
        /** It is, or happened on, a shared device on which nobody was logged in: the device's own customer. */
        SHARED_DEVICE,
        /** It is a super-node and says nothing about anybody. */
        QUARANTINED,
        /** A touchpoint that bears no usable identifier: a customer of its own. */
        ANONYMOUS,
        /** An identifier whose type names a visit. */
        VISIT,
        /** A value that ingest leaves out. */
        NOBODY,
        /** Not among the touchpoints. */
        UNKNOWN
    }

    /**
     * One of the two things asked about.
     *
     * @param customerId null where it has none
     * @param identifier the identifier that decides; null where none does
     * @param superNodes super-nodes it is or bears
     * @param login the login that covers it; where none does, the last one before it; null where there is neither
     */
    public record Party(
            Subject subject,
            Standing standing,
            @Nullable String customerId,
            @Nullable Identifier identifier,
            List<SuperNode> superNodes,
            @Nullable Login login) {}

    /**
     * A login on a shared device.
     *
     * @param openedBy touchpoint that bore both the device and the person
     * @param endedBy touchpoint that ended it; null where silence did
     */
    public record Login(
            Identifier device,
            Identifier person,
            String openedBy,
            long openedAt,
            Ending ending,
            long endedAt,
            @Nullable String endedBy) {

        /** What ends a login. */
        public enum Ending {
            LOGOUT,
            NEXT_PERSON,
            SILENCE
        }
    }

    /**
     * One piece of evidence.
     *
     * @param touchpointId the earliest touchpoint that bore both; empty for a decision
     * @param eventTime epoch milliseconds; of a decision the time from which it holds
     * @param decision what somebody decided, where that is the evidence
     * @param refused why it counts for nothing; null where it was accepted
     */
    public record Step(
            Identifier from,
            Identifier to,
            String rule,
            String touchpointId,
            long eventTime,
            @Nullable Decision decision,
            @Nullable String refused) {}

    /** Answers from all touchpoints of the components of both; {@link Neighbourhood} finds these. */
    public static Explanation of(
            Collection<Touchpoint> touchpoints,
            Collection<Decision> decisions,
            StitchConfig config,
            Subject a,
            Subject b) {
        return new Explaining(touchpoints, decisions, config).explain(a, b);
    }

    /** Whether they are one customer. */
    public boolean oneCustomer() {
        return answer == Answer.ONE_CUSTOMER;
    }

    private static final class Explaining {
        private final StitchConfig config;
        private final Collection<Touchpoint> touchpoints;
        private final Stitched stitched;
        private final List<Decision> holding;
        private final Map<String, Touchpoint> byId = new HashMap<>();
        private final Set<Identifier> seen = new HashSet<>();

        Explaining(Collection<Touchpoint> touchpoints, Collection<Decision> decisions, StitchConfig config) {
            this.config = config;
            this.touchpoints = touchpoints;
            this.stitched = Stitched.of(touchpoints, decisions, config);
            this.holding = Decision.holding(decisions);
            for (Touchpoint touchpoint : touchpoints) {
                byId.put(touchpoint.touchpointId(), touchpoint);
                seen.addAll(touchpoint.identifiers());
            }
            holding.removeIf(d -> !config.decidable(d));
            for (Decision decision : holding) {
                seen.add(decision.one());
                seen.add(decision.other());
            }
        }

        Explanation explain(Subject subjectA, Subject subjectB) {
            Party a = party(subjectA);
            Party b = party(subjectB);
            EvidencePaths evidence = new EvidencePaths(touchpoints, stitched, holding, config);
            EvidencePaths.Found found = evidence.shortest(ends(a), ends(b));
            List<Step> path = found == null ? List.of() : found.steps();
            Identifier meeting = found == null || !path.isEmpty() ? null : found.from();
            return new Explanation(answer(a, b, found), a, b, path, meeting, keepingApart(a, b));
        }

        private static Answer answer(Party a, Party b, EvidencePaths.@Nullable Found found) {
            if (either(a, b, Standing.UNKNOWN)) {
                return Answer.UNKNOWN;
            }
            if (either(a, b, Standing.NOBODY) || either(a, b, Standing.VISIT)) {
                return Answer.NEVER_LINKS;
            }
            boolean one = a.customerId() != null && a.customerId().equals(b.customerId());
            if (one || a.subject().equals(b.subject())) {
                return Answer.ONE_CUSTOMER;
            }
            if (either(a, b, Standing.QUARANTINED)) {
                return Answer.QUARANTINED;
            }
            if (found == null) {
                boolean onlySuperNodes =
                        (a.standing() == Standing.ANONYMOUS && !a.superNodes().isEmpty())
                                || (b.standing() == Standing.ANONYMOUS
                                        && !b.superNodes().isEmpty());
                return onlySuperNodes ? Answer.QUARANTINED : Answer.NO_EVIDENCE;
            }
            List<Step> refused =
                    found.steps().stream().filter(s -> s.refused() != null).toList();
            if (refused.stream().anyMatch(s -> s.rule().equals(EvidencePaths.SUPER_NODE))
                    || either(a, b, Standing.ANONYMOUS)) {
                return Answer.QUARANTINED;
            }
            boolean onDevice = refused.stream().anyMatch(s -> s.rule().equals("device-group"));
            return onDevice || either(a, b, Standing.LOGGED_IN) || either(a, b, Standing.SHARED_DEVICE)
                    ? Answer.SHARED_DEVICE
                    : Answer.EVIDENCE_REFUSED;
        }

        private static boolean either(Party a, Party b, Standing standing) {
            return a.standing() == standing || b.standing() == standing;
        }

        private List<Decision> keepingApart(Party a, Party b) {
            List<Decision> result = new ArrayList<>(holding);
            result.removeIf(d -> {
                String one = stitched.assignmentOf(d.one()).customerId();
                String other = stitched.assignmentOf(d.other()).customerId();
                boolean between = (one.equals(a.customerId()) && other.equals(b.customerId()))
                        || (one.equals(b.customerId()) && other.equals(a.customerId()));
                return d.verdict() != Decision.Verdict.NEVER || !between || one.equals(other);
            });
            return result;
        }

        private Party party(Subject subject) {
            if (subject instanceof Subject.TouchpointId asked) {
                Touchpoint touchpoint = byId.get(asked.id());
                return touchpoint == null ? nobody(subject, Standing.UNKNOWN) : party(subject, touchpoint);
            }
            if (subject instanceof Subject.Known asked) {
                return party(subject, asked.identifier());
            }
            return nobody(subject, Standing.NOBODY);
        }

        private static Party nobody(Subject subject, Standing standing) {
            return new Party(subject, standing, null, null, List.of(), null);
        }

        private Party party(Subject subject, Identifier identifier) {
            if (!seen.contains(identifier)) {
                return nobody(subject, Standing.UNKNOWN);
            }
            if (config.typeOf(identifier).scope() == Scope.SESSION) {
                return nobody(subject, Standing.VISIT);
            }
            Assignment assignment = stitched.assignmentOf(identifier);
            return switch (assignment.kind()) {
                case JOINED ->
                    new Party(subject, Standing.JOINED, assignment.customerId(), identifier, List.of(), null);
                case SHARED ->
                    new Party(subject, Standing.SHARED_DEVICE, assignment.customerId(), identifier, List.of(), null);
                case QUARANTINED ->
                    new Party(subject, Standing.QUARANTINED, null, identifier, superNodes(List.of(identifier)), null);
            };
        }

        private Party party(Subject subject, Touchpoint touchpoint) {
            String customer = stitched.customers().get(touchpoint.touchpointId());
            List<Identifier> usable = new ArrayList<>(config.linkable(touchpoint.identifiers()));
            List<SuperNode> superNodes = superNodes(usable);
            usable.removeIf(i -> stitched.assignmentOf(i).kind() == Assignment.Kind.QUARANTINED);
            if (usable.isEmpty()) {
                return new Party(subject, Standing.ANONYMOUS, customer, null, superNodes, null);
            }
            Identifier strongest = usable.get(0);
            Assignment assignment = stitched.assignmentOf(strongest);
            if (assignment.kind() != Assignment.Kind.SHARED) {
                return new Party(subject, Standing.JOINED, customer, strongest, superNodes, null);
            }
            Standing standing = assignment.customerId().equals(customer) ? Standing.SHARED_DEVICE : Standing.LOGGED_IN;
            return new Party(subject, standing, customer, strongest, superNodes, login(touchpoint, assignment));
        }

        private List<SuperNode> superNodes(List<Identifier> identifiers) {
            List<SuperNode> result = new ArrayList<>();
            for (Identifier identifier : identifiers) {
                SuperNode superNode = stitched.superNodes().get(identifier);
                if (superNode != null) {
                    result.add(superNode);
                }
            }
            return result;
        }

        /** Where a path of evidence can begin: what the party's customer is known by on it. */
        private List<Identifier> ends(Party party) {
            Login login = party.login();
            if (party.standing() == Standing.LOGGED_IN && login != null) {
                return List.of(login.person());
            }
            if (party.subject() instanceof Subject.Known asked) {
                return seen.contains(asked.identifier()) ? List.of(asked.identifier()) : List.of();
            }
            Touchpoint touchpoint = party.subject() instanceof Subject.TouchpointId asked ? byId.get(asked.id()) : null;
            if (touchpoint == null) {
                return List.of();
            }
            List<Identifier> result = new ArrayList<>(config.linkable(touchpoint.identifiers()));
            // With nothing usable, what it bears are super-nodes: the path then says what they would have joined.
            if (party.standing() != Standing.ANONYMOUS) {
                result.removeIf(i -> {
                    Assignment assignment = stitched.assignmentOf(i);
                    return assignment.kind() == Assignment.Kind.QUARANTINED
                            || !assignment.customerId().equals(party.customerId());
                });
            }
            return result;
        }

        /** The login that covers the touchpoint, otherwise the last before it. */
        private @Nullable Login login(Touchpoint touchpoint, Assignment device) {
            Identifier keeper = device.keeper();
            if (keeper == null) {
                return null;
            }
            List<DeviceEvent> events = new ArrayList<>();
            Map<String, Identifier> persons = new HashMap<>();
            for (Touchpoint other : touchpoints) {
                List<Identifier> linkable = config.linkable(other.identifiers());
                if (linkable.stream()
                        .noneMatch(i -> keeper.equals(stitched.assignmentOf(i).keeper()))) {
                    continue;
                }
                String id = other.touchpointId();
                linkable.stream()
                        .filter(i -> config.typeOf(i).scope() == Scope.PERSON)
                        .filter(i -> stitched.assignmentOf(i).kind() == Assignment.Kind.JOINED)
                        .findFirst()
                        .ifPresent(person -> persons.put(id, person));
                // Named by its touchpoint, not by its customer: what comes back is who opened the login.
                events.add(Customers.eventOf(other, persons.containsKey(id) ? id : null, config));
            }
            events.sort(DeviceEvent.IN_ORDER);
            Map<String, String> coveredBy = LoginIntervals.attribute(events);
            DeviceEvent asked = Customers.eventOf(touchpoint, null, config);
            String openedBy = coveredBy.get(touchpoint.touchpointId());
            DeviceEvent opening = null;
            for (DeviceEvent event : events) {
                boolean before = DeviceEvent.IN_ORDER.compare(event, asked) < 0;
                if (openedBy == null
                        ? before && event.customer() != null
                        : event.touchpointId().equals(openedBy)) {
                    opening = event;
                }
            }
            Identifier person = opening == null ? null : persons.get(opening.touchpointId());
            return opening == null || person == null ? null : login(keeper, person, opening, events, coveredBy);
        }

        private static Login login(
                Identifier device,
                Identifier person,
                DeviceEvent opening,
                List<DeviceEvent> events,
                Map<String, String> coveredBy) {
            String openedBy = opening.touchpointId();
            DeviceEvent last = opening;
            DeviceEvent next = null;
            for (DeviceEvent event : events.subList(events.indexOf(opening) + 1, events.size())) {
                if (last.logout()) {
                    break;
                }
                if (!openedBy.equals(coveredBy.get(event.touchpointId()))) {
                    next = event;
                    break;
                }
                last = event;
            }
            long silentAt = last.eventTime() + last.gapMs();
            if (last.logout()) {
                return new Login(
                        device,
                        person,
                        openedBy,
                        opening.eventTime(),
                        Login.Ending.LOGOUT,
                        last.eventTime(),
                        last.touchpointId());
            }
            if (next != null && next.eventTime() <= silentAt) {
                return new Login(
                        device,
                        person,
                        openedBy,
                        opening.eventTime(),
                        Login.Ending.NEXT_PERSON,
                        next.eventTime(),
                        next.touchpointId());
            }
            return new Login(device, person, openedBy, opening.eventTime(), Login.Ending.SILENCE, silentAt, null);
        }
    }

    /** All evidence about a set of touchpoints as a graph, what counts for nothing included, at a price. */
    private static final class EvidencePaths {
        static final String SUPER_NODE = "super-node";
        private static final String DROPPED = "dropped";

        /** A piece that counts for nothing is dearer than any number of accepted ones. */
        private static final long REFUSED_COST = 1_000_000;

        private static final long SUPER_NODE_COST = 4 * REFUSED_COST;

        private final Map<Identifier, Map<Identifier, Edge>> edges = new HashMap<>();
        private final Map<Decision.Pair, Decision> decisions = new HashMap<>();
        private final Comparator<Identifier> inOrder;

        record Found(Identifier from, List<Step> steps) {}

        private record Edge(Link link, String rule, @Nullable String refused, long cost) {}

        private record Reached(Identifier identifier, long cost) {}

        EvidencePaths(
                Collection<Touchpoint> touchpoints, Stitched stitched, List<Decision> holding, StitchConfig config) {
            this.inOrder = config.byStrength();
            holding.forEach(d -> decisions.put(d.pair(), d));
            stitched.outcome()
                    .accepted()
                    .values()
                    .forEach(accepted -> accepted.forEach(a -> add(new Edge(a.link(), a.rule(), null, 1))));
            stitched.outcome().refused().forEach(refused -> refused.links()
                    .forEach(link -> add(new Edge(link, refused.rule(), refused.because(), REFUSED_COST))));
            Set<Set<Identifier>> judged = new HashSet<>();
            edges.forEach((from, to) -> to.keySet().forEach(other -> judged.add(Set.of(from, other))));
            Map<Set<Identifier>, Link> others = new HashMap<>();
            for (Touchpoint touchpoint : touchpoints) {
                for (Link link : Customers.linksOf(touchpoint, config)) {
                    Set<Identifier> pair = Set.of(link.left(), link.right());
                    if (!judged.contains(pair)) {
                        others.merge(pair, link, (x, y) -> y.before(x) ? y : x);
                    }
                }
            }
            others.values().forEach(link -> add(notJudged(link, stitched, config)));
        }

        private static Edge notJudged(Link link, Stitched stitched, StitchConfig config) {
            SuperNode left = stitched.superNodes().get(link.left());
            SuperNode superNode = left != null ? left : stitched.superNodes().get(link.right());
            return superNode != null
                    ? new Edge(
                            link,
                            SUPER_NODE,
                            superNode.identifier() + " is a super-node: " + superNode.because(),
                            SUPER_NODE_COST)
                    : new Edge(
                            link,
                            DROPPED,
                            "beyond the " + config.maxComponentLinks()
                                    + " links of a component that are looked at (stitch.max_component_links)",
                            REFUSED_COST);
        }

        private void add(Edge edge) {
            add(edge, edge.link().left(), edge.link().right());
            add(edge, edge.link().right(), edge.link().left());
        }

        private void add(Edge edge, Identifier from, Identifier to) {
            edges.computeIfAbsent(from, i -> new TreeMap<>(inOrder))
                    .merge(to, edge, (x, y) -> y.cost() < x.cost() ? y : x);
        }

        /** Dijkstra's, over few identifiers; ties by strength, so that the answer is always the same one. */
        @Nullable
        Found shortest(List<Identifier> from, List<Identifier> to) {
            Set<Identifier> goals = new LinkedHashSet<>(to);
            Map<Identifier, Reached> via = new HashMap<>();
            Map<Identifier, Long> costs = new HashMap<>();
            Comparator<Reached> cheapest =
                    Comparator.comparingLong(Reached::cost).thenComparing(Reached::identifier, inOrder);
            PriorityQueue<Reached> open = new PriorityQueue<>(cheapest);
            for (Identifier start : from) {
                costs.put(start, 0L);
                open.add(new Reached(start, 0));
            }
            while (true) {
                Reached reached = open.poll();
                if (reached == null) {
                    return null;
                }
                if (goals.contains(reached.identifier())) {
                    return found(reached.identifier(), via);
                }
                if (reached.cost() > costs.getOrDefault(reached.identifier(), Long.MAX_VALUE)) {
                    continue;
                }
                edges.getOrDefault(reached.identifier(), Map.of()).forEach((next, edge) -> {
                    long cost = reached.cost() + edge.cost();
                    if (cost < costs.getOrDefault(next, Long.MAX_VALUE)) {
                        costs.put(next, cost);
                        via.put(next, reached);
                        open.add(new Reached(next, cost));
                    }
                });
            }
        }

        private Found found(Identifier goal, Map<Identifier, Reached> via) {
            List<Step> steps = new ArrayList<>();
            Identifier at = goal;
            for (Reached before = via.get(at); before != null; before = via.get(at)) {
                Edge edge = edges.getOrDefault(before.identifier(), Map.of()).get(at);
                if (edge == null) {
                    throw new IllegalStateException("a path goes along edges");
                }
                boolean decided = edge.link().touchpointId().isEmpty();
                steps.add(
                        0,
                        new Step(
                                before.identifier(),
                                at,
                                edge.rule(),
                                edge.link().touchpointId(),
                                edge.link().eventTime(),
                                decided ? decisions.get(pair(before.identifier(), at)) : null,
                                edge.refused()));
                at = before.identifier();
            }
            return new Found(at, steps);
        }

        private static Decision.Pair pair(Identifier one, Identifier other) {
            return one.hash().compareTo(other.hash()) <= 0
                    ? new Decision.Pair(one, other)
                    : new Decision.Pair(other, one);
        }
    }
}
