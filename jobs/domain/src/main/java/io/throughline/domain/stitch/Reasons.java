package io.throughline.domain.stitch;

import io.throughline.domain.stitch.IdentityChanges.Cause;
import io.throughline.domain.touchpoint.Identifier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Tells what brought a merge or a split about. What a root takes in at once may be many things, and most of it may be new to
 * this root alone: so what counts is who came apart or together, not what came last.
 *
 * @param before what members were told
 * @param after what they are told now
 * @param decisions all on identifiers that can be used
 * @param takenBack of these what newly took back another
 * @param evidence all that counts now
 * @param gone what was evidence until now and was withdrawn
 * @param otherwise what brought about what none of these explains
 */
record Reasons(
        Map<Identifier, Assignment> before,
        Map<Identifier, Assignment> after,
        List<Decision> decisions,
        List<Decision> takenBack,
        Collection<Link> evidence,
        List<Fact.Withdrawn> gone,
        Cause otherwise) {

    Cause ofMerge(String survivor) {
        Decision decision = latest(d -> broughtTogether(d) && survivor.equals(now(d.one())));
        // What was decided meanwhile about others may have let evidence hold, and is not what these have in common.
        return decision == null ? otherwise.by(otherwise.decidedBy()) : Cause.of(decision);
    }

    Cause ofSplit(String former) {
        Decision apart = latest(d -> d.verdict() != Decision.Verdict.ALWAYS && cameApart(former, d.one(), d.other()));
        if (apart != null) {
            return Cause.of(apart);
        }
        if (hasNewSuperNode(former)) {
            return otherwise.by("super-node");
        }
        long latest = Long.MIN_VALUE;
        for (Fact.Withdrawn withdrawn : gone) {
            Fact.Key key = withdrawn.key();
            if (cameApart(former, key.left(), key.right()) && !isEvident(key)) {
                latest = Math.max(latest, withdrawn.support().eventTime());
            }
        }
        if (latest != Long.MIN_VALUE) {
            return new Cause(null, null, latest, "evidence-withdrawn");
        }
        // Whom it brought together may be two values of a unique type with somebody of the former customer.
        Decision together =
                latest(d -> broughtTogether(d) && (former.equals(then(d.one())) || former.equals(then(d.other()))));
        return together == null ? otherwise : Cause.of(together);
    }

    private @Nullable Decision latest(Predicate<Decision> which) {
        Decision latest = null;
        for (Decision decision : decisions) {
            boolean counts = decision.verdict() != Decision.Verdict.WITHDRAWN || takenBack.contains(decision);
            boolean later = latest == null || Decision.IN_ORDER.compare(latest, decision) < 0;
            if (counts && later && which.test(decision)) {
                latest = decision;
            }
        }
        return latest;
    }

    private boolean broughtTogether(Decision decision) {
        return decision.verdict() != Decision.Verdict.NEVER
                && !then(decision.one()).equals(then(decision.other()))
                && now(decision.one()).equals(now(decision.other()));
    }

    private boolean cameApart(String former, Identifier one, Identifier other) {
        return former.equals(then(one)) && former.equals(then(other)) && !now(one).equals(now(other));
    }

    private boolean isEvident(Fact.Key key) {
        return evidence.stream()
                .anyMatch(link -> link.left().equals(key.left()) && link.right().equals(key.right()));
    }

    private boolean hasNewSuperNode(String former) {
        for (Map.Entry<Identifier, Assignment> entry : after.entrySet()) {
            if (entry.getValue().kind() == Assignment.Kind.QUARANTINED && former.equals(then(entry.getKey()))) {
                return true;
            }
        }
        return false;
    }

    private String then(Identifier identifier) {
        return customerOf(identifier, before);
    }

    private String now(Identifier identifier) {
        return customerOf(identifier, after);
    }

    private static String customerOf(Identifier identifier, Map<Identifier, Assignment> told) {
        Assignment assignment = told.get(identifier);
        return assignment == null ? CustomerIds.of(identifier) : assignment.customerId();
    }
}
