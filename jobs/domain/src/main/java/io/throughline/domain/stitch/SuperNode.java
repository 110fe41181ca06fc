package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * An identifier seen with more others than one customer's could be: it links nothing.
 *
 * @param customers distinct values of unique types it was seen with
 * @param maxCustomers most of them that are believed
 * @param persons distinct identifiers of persons it was seen with
 * @param maxLinks most of those that are believed
 */
public record SuperNode(Identifier identifier, int customers, int maxCustomers, int persons, int maxLinks) {

    /** Which limit it breaks, in words. */
    public String because() {
        return customers > maxCustomers
                ? "seen with " + customers + " values of unique types, more than " + maxCustomers
                        + " (stitch.identifiers." + identifier.type() + ".max_customers)"
                : "seen with " + persons + " identifiers of persons, more than " + maxLinks + " (stitch.max_links)";
    }

    /** Counts the neighbours of identifiers that stitching quarantined. */
    static Map<Identifier, SuperNode> count(Set<Identifier> quarantined, Collection<Link> links, StitchConfig config) {
        Map<Identifier, Neighbours> neighbours = new HashMap<>();
        if (!quarantined.isEmpty()) {
            for (Link link : links) {
                if (quarantined.contains(link.left())) {
                    neighbours
                            .computeIfAbsent(link.left(), i -> new Neighbours())
                            .meet(link.right(), config);
                }
                if (quarantined.contains(link.right())) {
                    neighbours
                            .computeIfAbsent(link.right(), i -> new Neighbours())
                            .meet(link.left(), config);
                }
            }
        }
        Map<Identifier, SuperNode> result = new TreeMap<>();
        neighbours.forEach((identifier, met) -> result.put(identifier, met.superNode(identifier, config)));
        return result;
    }

    /** The distinct identifiers one identifier was seen with. */
    static final class Neighbours {
        private final Set<Identifier> unique = new HashSet<>();
        private final Set<Identifier> persons = new HashSet<>();

        void meet(Identifier other, StitchConfig config) {
            IdentifierType type = config.typeOf(other);
            if (type.unique()) {
                unique.add(other);
            }
            if (type.scope() == Scope.PERSON) {
                persons.add(other);
            }
        }

        boolean tooMany(Identifier identifier, StitchConfig config) {
            return unique.size() > config.typeOf(identifier).maxCustomers() || persons.size() > config.maxLinks();
        }

        SuperNode superNode(Identifier identifier, StitchConfig config) {
            return new SuperNode(
                    identifier,
                    unique.size(),
                    config.typeOf(identifier).maxCustomers(),
                    persons.size(),
                    config.maxLinks());
        }
    }
}
