package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
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
import java.util.TreeMap;

/** What is stated of the customers of one component: their identifiers, and where absorbed ids went. */
final class CustomerStatements {
    private final Map<String, List<Known>> known = new TreeMap<>();
    private final Map<String, Hash128> hashes = new HashMap<>();
    private final Map<String, String> holders = new HashMap<>();

    static CustomerStatements of(Map<Identifier, Assignment> assignments, Collection<Link> links, StitchConfig config) {
        return new CustomerStatements(assignments, links, config);
    }

    private CustomerStatements(Map<Identifier, Assignment> assignments, Collection<Link> links, StitchConfig config) {
        Map<String, Map<Identifier, Known>> byCustomer = new TreeMap<>();
        assignments.forEach((identifier, assignment) -> {
            if (assignment.kind() != Assignment.Kind.QUARANTINED) {
                holders.put(CustomerIds.of(identifier), assignment.customerId());
                byCustomer.computeIfAbsent(assignment.customerId(), c -> new TreeMap<>());
            }
        });
        for (Link link : links) {
            note(byCustomer, assignments, link, link.left(), link.right());
            note(byCustomer, assignments, link, link.right(), link.left());
        }
        byCustomer.forEach((customer, identifiers) -> {
            List<Known> all = new ArrayList<>(identifiers.values());
            all.sort(Comparator.comparing(Known::identifier, config.byStrength()));
            known.put(customer, all);
            hashes.put(customer, Hash128.of(all.toString()));
        });
    }

    /** Notes {@code identifier} with its own customer, and with its neighbour's where it joins nobody. */
    private static void note(
            Map<String, Map<Identifier, Known>> byCustomer,
            Map<Identifier, Assignment> assignments,
            Link link,
            Identifier identifier,
            Identifier neighbour) {
        Assignment own = assignments.get(identifier);
        Assignment other = assignments.get(neighbour);
        if (own == null || other == null) {
            return;
        }
        if (own.kind() != Assignment.Kind.QUARANTINED) {
            add(byCustomer, own.customerId(), identifier, link, "joined");
        }
        if (own.kind() != Assignment.Kind.JOINED && other.kind() == Assignment.Kind.JOINED) {
            String note = own.kind() == Assignment.Kind.SHARED ? "shared" : "quarantined";
            add(byCustomer, other.customerId(), identifier, link, note);
        }
    }

    private static void add(
            Map<String, Map<Identifier, Known>> byCustomer,
            String customer,
            Identifier identifier,
            Link link,
            String note) {
        long time = link.eventTime();
        Map<Identifier, Known> identifiers = byCustomer.computeIfAbsent(customer, c -> new TreeMap<>());
        Known before = identifiers.get(identifier);
        identifiers.put(
                identifier,
                before == null
                        ? new Known(identifier, time, time, note)
                        : new Known(
                                identifier,
                                Math.min(before.firstSeen(), time),
                                Math.max(before.lastSeen(), time),
                                before.note()));
    }

    /** Hash of what is stated, by customer id. */
    Map<String, Hash128> hashes() {
        return hashes;
    }

    /**
     * The statements that are new.
     *
     * @param stated hashes of what was stated before
     * @param members identifiers that were members before; any other was a customer of its own
     */
    List<CustomerIdentity> since(Map<String, Hash128> stated, Set<Identifier> members, long version) {
        List<CustomerIdentity> result = new ArrayList<>();
        known.forEach((customer, identifiers) -> {
            if (!Objects.equals(hashes.get(customer), stated.get(customer))) {
                result.add(new CustomerIdentity(customer, null, identifiers, version));
            }
        });
        Map<String, String> gone = new TreeMap<>();
        holders.forEach((former, holder) -> {
            if (!former.equals(holder) && !known.containsKey(former)) {
                gone.put(former, holder);
            }
        });
        gone.forEach((former, holder) -> result.add(new CustomerIdentity(former, holder, List.of(), version)));
        return result;
    }
}
