package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is stated of the customers of one component: their identifiers, and where absorbed ids went.
 *
 * <p>A customer's id is that of an identifier, which leaves one component for another when what it says of itself
 * changes. So that what the former one stated last does not outlive what the latter states, statements are versioned by
 * the identifier's standing first, then counted; and made again when it changes.
 */
final class CustomerStatements {
    /** Statements of one component, of one standing, that a version can tell apart. */
    private static final int STATEMENT_BITS = 32;

    private final Map<String, List<Known>> known = new TreeMap<>();
    private final Map<String, Hash128> hashes = new HashMap<>(2);
    private final Map<String, String> holders = new HashMap<>();
    /** Of customer ids: the version of their identifier's standing, if there ever was more than one. */
    private final Map<String, Long> standings = new HashMap<>(0);

    /**
     * Says what is new since the last time, each statement under a version of its own.
     *
     * @param evidence the holding's
     */
    static List<CustomerIdentity> news(Holding holding, Collection<Link> evidence, StitchConfig config) {
        String customer = theOnlyCustomer(holding);
        return customer == null
                ? new CustomerStatements(holding, evidence, config).news(holding)
                : newsOfOne(customer, holding, evidence, config);
    }

    /** Where all members are of one customer, as mostly; null: it is not so simple. */
    static @Nullable String theOnlyCustomer(Holding holding) {
        if (!holding.decisions.isEmpty()) {
            return null;
        }
        String customer = null;
        for (Map.Entry<Identifier, Assignment> entry : holding.assigned.entrySet()) {
            Assignment assignment = entry.getValue();
            if (assignment.kind() != Assignment.Kind.JOINED
                    || (customer != null && !assignment.customerId().equals(customer))) {
                return null;
            }
            customer = assignment.customerId();
        }
        for (Map.Entry<Note.Key, Note> entry : holding.notes.entrySet()) {
            Note note = entry.getValue();
            if (!note.customerId().isEmpty()
                    || note.text().isEmpty()
                    || !holding.assigned.containsKey(entry.getKey().holder())) {
                return null;
            }
        }
        return customer;
    }

    /** What the general case comes to, with one map instead of one for each question. */
    private static List<CustomerIdentity> newsOfOne(
            String customer, Holding holding, Collection<Link> evidence, StitchConfig config) {
        Map<Identifier, Known> joined = new HashMap<>(2 * holding.assigned.size());
        for (Link link : evidence) {
            see(joined, link.left(), link.eventTime(), holding);
            see(joined, link.right(), link.eventTime(), holding);
        }
        holding.notes.forEach((key, note) -> {
            see(joined, key.about(), note.firstSeen(), note.lastSeen(), note.text());
            if (CustomerIds.isOf(key.holder(), customer)) {
                // Whoever is alone beside a shared device or a super-node.
                joined.putIfAbsent(key.holder(), Known.never(key.holder()));
            }
        });
        List<Known> known = inOrder(joined.values(), config);
        Stated before = holding.stated;
        Stated stated = Stated.nothing(holding.assigned.size());
        Hash128 absorbed = absorbedInto(customer);
        Identifier strongest = null;
        List<Absorbed> gone = new ArrayList<>(1);
        for (Identifier member : holding.assigned.keySet()) {
            if (CustomerIds.isOf(member, customer)) {
                strongest = member;
                continue;
            }
            Standing its = holding.standings.get(member);
            long standing = its == null ? 0 : its.version();
            Hash128 itsEnd = asOf(standing, absorbed);
            stated.put(member, itsEnd);
            if (!itsEnd.equals(before.of(member))) {
                gone.add(new Absorbed(CustomerIds.of(member), standing));
            }
        }
        long standing = standingOf(customer, holding);
        Hash128 said = asOf(standing, fingerprint(known));
        List<CustomerIdentity> result = new ArrayList<>(2);
        if (strongest == null) {
            stated.put(customer, said);
        } else {
            stated.put(strongest, said);
        }
        if (!said.equals(strongest == null ? before.byCustomer().get(customer) : before.of(strongest))) {
            result.add(new CustomerIdentity(customer, null, known, nextVersion(standing, holding)));
        }
        Collections.sort(gone);
        for (Absorbed former : gone) {
            result.add(
                    new CustomerIdentity(former.customer, customer, List.of(), nextVersion(former.standing, holding)));
        }
        holding.stated = stated;
        return result;
    }

    /** @param standing version of the standing of the identifier the customer id is made of */
    private record Absorbed(String customer, long standing) implements Comparable<Absorbed> {
        @Override
        public int compareTo(Absorbed other) {
            return customer.compareTo(other.customer);
        }
    }

    /** The version of the standing of the identifier a customer id is made of. */
    private static long standingOf(String customer, Holding holding) {
        for (Map.Entry<Identifier, Standing> entry : holding.standings.entrySet()) {
            long version = entry.getValue().version();
            if (version > 0 && CustomerIds.isOf(entry.getKey(), customer)) {
                return version;
            }
        }
        return 0;
    }

    private static void see(Map<Identifier, Known> joined, Identifier identifier, long time, Holding holding) {
        if (holding.assigned.containsKey(identifier)) {
            see(joined, identifier, time, time, "joined");
        }
    }

    private static List<Known> inOrder(Collection<Known> all, StitchConfig config) {
        List<Known> known = new ArrayList<>(all);
        if (known.size() > 1) {
            known.sort(Comparator.comparing(Known::identifier, config.byStrength()));
        }
        return known;
    }

    CustomerStatements(Holding holding, Collection<Link> evidence, StitchConfig config) {
        holding.standings.forEach((identifier, standing) -> {
            if (standing.version() > 0) {
                standings.put(CustomerIds.of(identifier), standing.version());
            }
        });
        Map<Identifier, String> customers = customers(holding);
        Map<String, Map<Identifier, Known>> byCustomer = new HashMap<>();
        customers.forEach((identifier, customer) -> {
            holders.put(CustomerIds.of(identifier), customer);
            byCustomer.computeIfAbsent(customer, c -> new HashMap<>());
        });
        for (Link link : evidence) {
            addJoined(byCustomer, customers, link.left(), link.eventTime());
            addJoined(byCustomer, customers, link.right(), link.eventTime());
        }
        for (Decision decision : holding.usableDecisions()) {
            if (decision.verdict() == Decision.Verdict.ALWAYS) {
                addUnseen(byCustomer, customers, decision.one());
                addUnseen(byCustomer, customers, decision.other());
            }
        }
        holding.notes.forEach((key, note) -> {
            String customer = note.customerId().isEmpty()
                    ? customers.getOrDefault(key.holder(), CustomerIds.of(key.holder()))
                    : note.customerId();
            if (note.text().isEmpty()) {
                // It may be all that was ever stated of the customer: then nothing is, in so many words.
                byCustomer.computeIfAbsent(customer, c -> new HashMap<>());
            } else {
                add(byCustomer, customer, key.about(), note.firstSeen(), note.lastSeen(), note.text());
                if (customer.equals(CustomerIds.of(key.holder()))) {
                    // Whoever is alone beside a shared device or a super-node.
                    identifiersOf(byCustomer, customer).putIfAbsent(key.holder(), Known.never(key.holder()));
                }
            }
        });
        byCustomer.forEach((customer, identifiers) -> {
            List<Known> all = inOrder(identifiers.values(), config);
            known.put(customer, all);
            hashes.put(customer, asOf(standingOf(customer), fingerprint(all)));
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

    /** Tells one statement from another; it need not withstand anybody, and is made at every decision. */
    private static Hash128 fingerprint(List<Known> all) {
        long high = all.size();
        long low = 0;
        for (Known one : all) {
            Hash128 identifier = one.identifier().hash();
            high = mixed(mixed(high + identifier.high()) + one.firstSeen());
            low = mixed(mixed(low + identifier.low()) + one.lastSeen())
                    + one.note().hashCode();
        }
        return new Hash128(high, low);
    }

    private long standingOf(String customer) {
        return standings.getOrDefault(customer, 0L);
    }

    /** A statement under another standing is another statement. */
    private static Hash128 asOf(long standing, Hash128 statement) {
        return standing == 0 ? statement : new Hash128(mixed(statement.high() + standing), statement.low());
    }

    private static long nextVersion(long standing, Holding holding) {
        return (standing << STATEMENT_BITS) + ++holding.statements;
    }

    static Hash128 absorbedInto(String holder) {
        long high = 1;
        long low = 2;
        for (int i = 0; i < holder.length(); i++) {
            high = high * 0x5851F42D4C957F2DL + holder.charAt(i);
            low = low * 0x14057B7EF767814FL + holder.charAt(i);
        }
        return new Hash128(mixed(high), mixed(low));
    }

    private static long mixed(long bits) {
        long z = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static void addJoined(
            Map<String, Map<Identifier, Known>> byCustomer,
            Map<Identifier, String> customers,
            Identifier identifier,
            long time) {
        String customer = customers.get(identifier);
        if (customer != null) {
            add(byCustomer, customer, identifier, time, time, "joined");
        }
    }

    /** Of what people joined nothing else may be evidence. */
    private static void addUnseen(
            Map<String, Map<Identifier, Known>> byCustomer, Map<Identifier, String> customers, Identifier identifier) {
        String customer = customers.get(identifier);
        if (customer != null) {
            identifiersOf(byCustomer, customer).putIfAbsent(identifier, Known.never(identifier));
        }
    }

    private static Map<Identifier, Known> identifiersOf(
            Map<String, Map<Identifier, Known>> byCustomer, String customer) {
        return byCustomer.computeIfAbsent(customer, c -> new HashMap<>());
    }

    private static void add(
            Map<String, Map<Identifier, Known>> byCustomer,
            String customer,
            Identifier identifier,
            long first,
            long last,
            String note) {
        see(identifiersOf(byCustomer, customer), identifier, first, last, note);
    }

    private static void see(
            Map<Identifier, Known> identifiers, Identifier identifier, long first, long last, String note) {
        Known before = identifiers.get(identifier);
        if (before != null && before.firstSeen() <= first && last <= before.lastSeen()) {
            return;
        }
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

    List<CustomerIdentity> news(Holding holding) {
        List<CustomerIdentity> result = new ArrayList<>();
        Map<String, Hash128> before = holding.stated.byCustomer();
        known.forEach((customer, identifiers) -> {
            if (!Objects.equals(hashes.get(customer), before.get(customer))) {
                result.add(
                        new CustomerIdentity(customer, null, identifiers, nextVersion(standingOf(customer), holding)));
            }
        });
        Map<String, String> gone = new TreeMap<>();
        holders.forEach((former, holder) -> {
            if (!former.equals(holder) && !known.containsKey(former)) {
                Hash128 absorbed = asOf(standingOf(former), absorbedInto(holder));
                hashes.put(former, absorbed);
                if (!absorbed.equals(before.get(former))) {
                    gone.put(former, holder);
                }
            }
        });
        gone.forEach((former, holder) ->
                result.add(new CustomerIdentity(former, holder, List.of(), nextVersion(standingOf(former), holding))));
        holding.stated = Stated.of(hashes);
        return result;
    }
}
