package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What is stated of the customers of one component: their identifiers, and where absorbed ids went. */
final class CustomerStatements {
    private final Map<String, List<Known>> known = new TreeMap<>();
    private final Map<String, Hash128> hashes = new HashMap<>();
    private final Map<String, String> holders = new HashMap<>();

    CustomerStatements(Holding holding, StitchConfig config) {
        Map<Identifier, String> customers = customers(holding);
        Map<String, Map<Identifier, Known>> byCustomer = new TreeMap<>();
        customers.forEach((identifier, customer) -> {
            holders.put(CustomerIds.of(identifier), customer);
            byCustomer.computeIfAbsent(customer, c -> new TreeMap<>());
        });
        for (Link link : holding.evidence()) {
            for (Identifier identifier : List.of(link.left(), link.right())) {
                String customer = customers.get(identifier);
                if (customer != null) {
                    add(byCustomer, customer, identifier, link.eventTime(), link.eventTime(), "joined");
                }
            }
        }
        holding.notes.forEach((key, note) -> {
            if (!note.text().isEmpty()) {
                String customer = note.customerId().isEmpty()
                        ? customers.getOrDefault(key.holder(), CustomerIds.of(key.holder()))
                        : note.customerId();
                add(byCustomer, customer, key.about(), note.firstSeen(), note.lastSeen(), note.text());
            }
        });
        byCustomer.forEach((customer, identifiers) -> {
            List<Known> all = new ArrayList<>(identifiers.values());
            all.sort(Comparator.comparing(Known::identifier, config.byStrength()));
            known.put(customer, all);
            hashes.put(customer, Hash128.of(all.toString()));
        });
    }

    /** Whose each identifier is; what devices say of themselves comes before what persons' evidence made of them. */
    private static Map<Identifier, String> customers(Holding holding) {
        Map<Identifier, String> customers = new HashMap<>();
        holding.assigned.forEach((identifier, assignment) -> {
            if (assignment.kind() != Assignment.Kind.QUARANTINED) {
                customers.put(identifier, assignment.customerId());
            }
        });
        holding.notes.forEach((key, note) -> {
            if (key.holder().equals(key.about()) && !note.customerId().isEmpty()) {
                customers.put(key.about(), note.customerId());
            }
        });
        return customers;
    }

    private static void add(
            Map<String, Map<Identifier, Known>> byCustomer,
            String customer,
            Identifier identifier,
            long first,
            long last,
            String note) {
        Map<Identifier, Known> identifiers = byCustomer.computeIfAbsent(customer, c -> new TreeMap<>());
        Known before = identifiers.get(identifier);
        identifiers.put(
                identifier,
                before == null
                        ? new Known(identifier, first, last, note)
                        : new Known(
                                identifier,
                                Math.min(before.firstSeen(), first),
                                Math.max(before.lastSeen(), last),
                                before.note()));
    }

    /** Says what is new since the last time, each statement under a version of its own. */
    List<CustomerIdentity> news(Holding holding) {
        List<CustomerIdentity> result = new ArrayList<>();
        known.forEach((customer, identifiers) -> {
            if (!Objects.equals(hashes.get(customer), holding.stated.get(customer))) {
                result.add(new CustomerIdentity(customer, null, identifiers, ++holding.statements));
            }
        });
        Map<String, String> gone = new TreeMap<>();
        holders.forEach((former, holder) -> {
            if (!former.equals(holder) && !known.containsKey(former)) {
                Hash128 absorbed = Hash128.of("absorbed", holder);
                hashes.put(former, absorbed);
                if (!absorbed.equals(holding.stated.get(former))) {
                    gone.put(former, holder);
                }
            }
        });
        gone.forEach(
                (former, holder) -> result.add(new CustomerIdentity(former, holder, List.of(), ++holding.statements)));
        holding.stated = hashes;
        return result;
    }
}
