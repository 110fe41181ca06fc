package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Touchpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What stitching comes to over a set of touchpoints, and all that is needed to say why.
 *
 * @param customers customer of every touchpoint, by touchpoint_id
 * @param superNodes what was quarantined, by identifier
 */
public record Stitched(
        Map<String, String> customers, Stitching.Outcome outcome, Map<Identifier, SuperNode> superNodes) {

    /** Applies the specification. */
    public static Stitched of(Collection<Touchpoint> touchpoints, Collection<Decision> decisions, StitchConfig config) {
        List<Link> links = new ArrayList<>();
        for (Touchpoint touchpoint : touchpoints) {
            links.addAll(Customers.linksOf(touchpoint, config));
        }
        Stitching.Outcome outcome = Stitching.explain(links, decisions, config);
        Set<Identifier> quarantined = new HashSet<>();
        outcome.assignments().forEach((identifier, assignment) -> {
            if (assignment.kind() == Assignment.Kind.QUARANTINED) {
                quarantined.add(identifier);
            }
        });
        return new Stitched(
                Customers.attribute(touchpoints, outcome.assignments(), config),
                outcome,
                SuperNode.count(quarantined, links, config));
    }

    /** What the identifier can be used for; one never seen with another is a customer of its own. */
    Assignment assignmentOf(Identifier identifier) {
        return outcome.assignments().getOrDefault(identifier, Assignment.alone(identifier));
    }

    /** Whether the identifier was ever seen with another or decided about. */
    boolean knows(Identifier identifier) {
        return outcome.assignments().containsKey(identifier);
    }
}
