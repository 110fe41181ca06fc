package io.throughline.domain.stitch;

import io.throughline.domain.stitch.Stitching.Accepted;
import io.throughline.domain.stitch.Stitching.Refused;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What other rules would make of the same touchpoints. A customer counts where it has touchpoints; customers before and
 * after are compared by the touchpoints they share, so that new ids alone are no merge.
 *
 * @param merged customers that become fewer: those that would share a customer with another, and what they become
 * @param split customers that become more: those whose touchpoints would be told apart, and what they become
 * @param renamed customers that keep their touchpoints and get another id
 * @param merges examples, those with the most touchpoints first
 * @param splits examples, those with the most touchpoints first
 * @param quarantined identifiers that become super-nodes, most neighbours first
 * @param released identifiers that cease to be super-nodes, most neighbours first
 * @param shared devices that cease to join the persons seen on them
 * @param unshared devices that begin to
 */
public record Preview(
        Touchpoints touchpoints,
        int customersBefore,
        int customersAfter,
        Regrouped merged,
        Regrouped split,
        int renamed,
        List<Example> merges,
        List<Example> splits,
        List<SuperNode> quarantined,
        List<SuperNode> released,
        List<Identifier> shared,
        List<Identifier> unshared,
        List<Size> largestBefore,
        List<Size> largestAfter) {

    private static final int LARGEST = 5;
    private static final int IDENTIFIERS_SHOWN = 10;
    private static final int EVIDENCE_SHOWN = 5;

    /**
     * Touchpoints.
     *
     * @param lost those that would no longer count
     * @param gained those that would begin to
     * @param moved those that count both times and change customer
     */
    public record Touchpoints(int before, int after, int lost, int gained, int moved) {}

    /** So many customers become so many others. */
    public record Regrouped(int from, int to) {}

    /** A customer and what belongs to it. */
    public record Size(String customerId, int touchpoints, int identifiers) {}

    /**
     * One merge or split.
     *
     * @param survivor the customer that remains responsible
     * @param others a merge's absorbed customers; the customers that come out of a split
     * @param identifiers strongest first, not all where there are many
     * @param identifierCount how many there are
     * @param touchpoints how many touchpoints the merged, or not yet split, customer has
     * @param evidence what decides it, where links do
     * @param superNodes its identifiers that are super-nodes with the other rules, so that their touchpoints go elsewhere
     */
    public record Example(
            String survivor,
            List<String> others,
            List<Identifier> identifiers,
            int identifierCount,
            int touchpoints,
            List<Deciding> evidence,
            List<SuperNode> superNodes) {}

    /**
     * A piece of evidence that one of the two rules accepts.
     *
     * @param refused why the other one does not: for a merge the rules before, for a split those after
     */
    public record Deciding(Accepted accepted, String refused) {}

    /** @param examples most merges and most splits to describe */
    public static Preview of(Stitched before, Stitched after, int examples) {
        return new Comparing(before, after).preview(examples);
    }

    /** Whether nothing that anybody could see would be different. */
    public boolean changesNothing() {
        return touchpoints.moved() == 0
                && touchpoints.lost() == 0
                && touchpoints.gained() == 0
                && quarantined.isEmpty()
                && released.isEmpty()
                && shared.isEmpty()
                && unshared.isEmpty();
    }

    private static final class Comparing {
        private final Stitched before;
        private final Stitched after;
        private final Map<String, Integer> sizesBefore;
        private final Map<String, Integer> sizesAfter;
        /** Customer before to customers after it has touchpoints with, and the other way round. */
        private final Map<String, Set<String>> becomes = new HashMap<>();

        private final Map<String, Set<String>> comesFrom = new HashMap<>();

        Comparing(Stitched before, Stitched after) {
            this.before = before;
            this.after = after;
            this.sizesBefore = sizes(before);
            this.sizesAfter = sizes(after);
        }

        Preview preview(int examples) {
            Touchpoints touchpoints = compareTouchpoints();
            List<String> mergers = largestFirst(comesFrom, sizesAfter);
            List<String> splitters = largestFirst(becomes, sizesBefore);
            return new Preview(
                    touchpoints,
                    sizesBefore.size(),
                    sizesAfter.size(),
                    new Regrouped(union(mergers, comesFrom), mergers.size()),
                    new Regrouped(splitters.size(), union(splitters, becomes)),
                    renamed(),
                    examples(mergers, examples, comesFrom, sizesAfter, after, before, false),
                    examples(splitters, examples, becomes, sizesBefore, before, after, true),
                    superNodes(after, before),
                    superNodes(before, after),
                    shared(after, before),
                    shared(before, after),
                    largest(sizesBefore, before),
                    largest(sizesAfter, after));
        }

        private static Map<String, Integer> sizes(Stitched stitched) {
            Map<String, Integer> result = new HashMap<>();
            stitched.customers().values().forEach(customer -> result.merge(customer, 1, Integer::sum));
            return result;
        }

        private Touchpoints compareTouchpoints() {
            int lost = 0;
            int moved = 0;
            for (Map.Entry<String, String> entry : before.customers().entrySet()) {
                String was = entry.getValue();
                String is = after.customers().get(entry.getKey());
                if (is == null) {
                    lost++;
                    continue;
                }
                if (!was.equals(is)) {
                    moved++;
                }
                add(becomes, was, is);
                add(comesFrom, is, was);
            }
            int all = before.customers().size();
            int then = after.customers().size();
            return new Touchpoints(all, then, lost, then - (all - lost), moved);
        }

        /** Nearly all customers stay as they are: one other is held without a tree. */
        private static void add(Map<String, Set<String>> others, String customer, String other) {
            Set<String> known = others.get(customer);
            if (known == null) {
                others.put(customer, Set.of(other));
            } else if (!known.contains(other)) {
                Set<String> more = known.size() == 1 ? new TreeSet<>(known) : known;
                more.add(other);
                others.put(customer, more);
            }
        }

        private static List<String> largestFirst(Map<String, Set<String>> others, Map<String, Integer> sizes) {
            List<String> result = new ArrayList<>();
            others.forEach((customer, many) -> {
                if (many.size() > 1) {
                    result.add(customer);
                }
            });
            result.sort(Comparator.<String>comparingInt(c -> -sizes.getOrDefault(c, 0))
                    .thenComparing(Comparator.naturalOrder()));
            return result;
        }

        private static int union(List<String> customers, Map<String, Set<String>> others) {
            Set<String> all = new HashSet<>();
            customers.forEach(c -> all.addAll(others.getOrDefault(c, Set.of())));
            return all.size();
        }

        private int renamed() {
            int result = 0;
            for (Map.Entry<String, Set<String>> entry : becomes.entrySet()) {
                String only = entry.getValue().size() == 1
                        ? entry.getValue().iterator().next()
                        : entry.getKey();
                boolean alone = comesFrom.getOrDefault(only, Set.of()).size() == 1;
                result += alone && !only.equals(entry.getKey()) ? 1 : 0;
            }
            return result;
        }

        /** @param joining the rules under which it is one customer */
        private static List<Example> examples(
                List<String> customers,
                int most,
                Map<String, Set<String>> others,
                Map<String, Integer> sizes,
                Stitched joining,
                Stitched telling,
                boolean split) {
            Map<String, List<Accepted>> evidence = new LinkedHashMap<>();
            for (String customer : customers.subList(0, Math.min(most, customers.size()))) {
                evidence.put(customer, deciding(customer, joining, telling));
            }
            Map<Set<Identifier>, String> refused = refusals(evidence.values(), telling);
            List<Example> result = new ArrayList<>();
            evidence.forEach((customer, accepted) -> {
                List<Identifier> members = joining.outcome().members().getOrDefault(customer, List.of());
                Set<String> apart = new TreeSet<>(others.getOrDefault(customer, Set.of()));
                String survivor =
                        split && !apart.contains(customer) ? apart.iterator().next() : customer;
                apart.remove(survivor);
                result.add(new Example(
                        survivor,
                        List.copyOf(apart),
                        members.subList(0, Math.min(IDENTIFIERS_SHOWN, members.size())),
                        members.size(),
                        sizes.getOrDefault(customer, 0),
                        accepted.stream()
                                .map(a -> new Deciding(a, whyNot(a.link(), telling, refused)))
                                .toList(),
                        members.stream()
                                .map(telling.superNodes()::get)
                                .filter(Objects::nonNull)
                                .limit(EVIDENCE_SHOWN)
                                .toList()));
            });
            return result;
        }

        /** The first piece of evidence between each two parts that the other rules tell apart. */
        private static List<Accepted> deciding(String customer, Stitched joining, Stitched telling) {
            Map<Set<String>, Accepted> first = new LinkedHashMap<>();
            for (Accepted accepted : joining.outcome().accepted().getOrDefault(customer, List.of())) {
                String left = part(accepted.link().left(), telling);
                String right = part(accepted.link().right(), telling);
                if (!left.equals(right)) {
                    first.putIfAbsent(Set.of(left, right), accepted);
                }
            }
            return first.values().stream().limit(EVIDENCE_SHOWN).toList();
        }

        /** What stands for the identifier where it is told apart: its customer, or itself where it has none. */
        private static String part(Identifier identifier, Stitched telling) {
            Assignment assignment = telling.assignmentOf(identifier);
            return assignment.kind() == Assignment.Kind.QUARANTINED ? identifier.toString() : assignment.customerId();
        }

        private static Map<Set<Identifier>, String> refusals(Collection<List<Accepted>> evidence, Stitched telling) {
            Set<Set<Identifier>> wanted = new HashSet<>();
            evidence.forEach(list -> list.forEach(a -> wanted.add(pair(a.link()))));
            Map<Set<Identifier>, String> result = new HashMap<>();
            if (wanted.isEmpty()) {
                return result;
            }
            for (Refused refused : telling.outcome().refused()) {
                for (Link link : refused.links()) {
                    Set<Identifier> pair = pair(link);
                    if (wanted.contains(pair)) {
                        result.putIfAbsent(pair, refused.because());
                    }
                }
            }
            return result;
        }

        private static Set<Identifier> pair(Link link) {
            return Set.of(link.left(), link.right());
        }

        private static String whyNot(Link link, Stitched telling, Map<Set<Identifier>, String> refused) {
            String because = refused.get(pair(link));
            if (because != null) {
                return because;
            }
            for (Identifier end : List.of(link.left(), link.right())) {
                SuperNode superNode = telling.superNodes().get(end);
                if (superNode != null) {
                    return end + " is a super-node: " + superNode.because();
                }
            }
            if (link.touchpointId().isEmpty()) {
                return "the decision holds only with the other rules";
            }
            if (!telling.knows(link.left()) || !telling.knows(link.right())) {
                return "no touchpoint bears both: ingest leaves one of them out, or writes it differently";
            }
            return telling.outcome().dropped() > 0
                    ? "beyond the links of a component that are looked at (stitch.max_component_links)"
                    : "no touchpoint that counts bears both as links of these types";
        }

        private static List<SuperNode> superNodes(Stitched here, Stitched butNotHere) {
            Map<Identifier, SuperNode> result = new TreeMap<>(here.superNodes());
            result.keySet().removeAll(butNotHere.superNodes().keySet());
            return result.values().stream()
                    .sorted(Comparator.<SuperNode>comparingInt(s -> -s.customers() - s.persons())
                            .thenComparing(SuperNode::identifier))
                    .toList();
        }

        private static List<Identifier> shared(Stitched here, Stitched butNotHere) {
            Set<Identifier> result = new TreeSet<>();
            here.outcome().assignments().forEach((identifier, assignment) -> {
                if (assignment.kind() == Assignment.Kind.SHARED
                        && butNotHere.assignmentOf(identifier).kind() != Assignment.Kind.SHARED) {
                    result.add(identifier);
                }
            });
            return List.copyOf(result);
        }

        private static List<Size> largest(Map<String, Integer> sizes, Stitched stitched) {
            return sizes.entrySet().stream()
                    .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                            .thenComparing(Map.Entry.comparingByKey()))
                    .limit(LARGEST)
                    .map(e -> new Size(e.getKey(), e.getValue(), identifiers(stitched, e.getKey())))
                    .toList();
        }

        private static int identifiers(Stitched stitched, String customer) {
            @Nullable List<Identifier> members = stitched.outcome().members().get(customer);
            // A customer known by one identifier alone has no links; an anonymous one has none at all.
            return members != null ? members.size() : customer.startsWith("t-") ? 0 : 1;
        }
    }
}
