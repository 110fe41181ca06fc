package io.throughline.domain.stitch;

import io.throughline.domain.stitch.IdentityChange.Evidence;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What readers of identity changes are told when a decision replaces another. */
final class IdentityChanges {
    /** Enough to understand a change; the whole path is asked for separately. */
    private static final int MOST_EVIDENCE = 10;
    /** What takes apart what was one, where nothing else is known to have done it. */
    private static final String CONFLICT = "unique-conflict";

    /**
     * What brought a change about.
     *
     * @param touchpointId the touchpoint that brought the evidence; null: it was no evidence
     * @param decision what somebody decided; null: it was no decision
     * @param eventTime of that touchpoint; of a decision when it takes effect; else of the latest evidence there is
     * @param decidedBy the rule a split is published with, and a merge that a decision brought about
     */
    record Cause(@Nullable String touchpointId, @Nullable Decision decision, long eventTime, String decidedBy) {
        static Cause of(Fact.Support support) {
            return new Cause(support.touchpointId(), null, support.eventTime(), CONFLICT);
        }

        static Cause of(Decision decision) {
            String verdict = decision.verdict().name().toLowerCase(Locale.ROOT);
            return new Cause(null, decision, decision.effectiveFrom(), "decision-" + verdict);
        }

        static Cause at(long eventTime) {
            return new Cause(null, null, eventTime, CONFLICT);
        }

        /** The same time and touchpoint, and a rule instead of somebody's word. */
        Cause by(String rule) {
            return new Cause(touchpointId, null, eventTime, rule);
        }

        List<Evidence> splitEvidence() {
            return decision == null
                    ? List.of()
                    : List.of(new Evidence(decision.one(), decision.other(), "", decision.effectiveFrom()));
        }
    }

    static List<IdentityChange> between(Stitching.Outcome outcome, Reasons reasons, long version) {
        Map<Identifier, Assignment> before = reasons.before();
        Map<Identifier, Assignment> after = reasons.after();
        if (allStay(before, after)) {
            return List.of();
        }
        String survivor = theOnlyCustomer(after);
        return survivor == null
                ? amongSeveral(outcome, reasons, version)
                : List.of(mergeOfAll(survivor, outcome, reasons, version));
    }

    /** The general case. */
    static List<IdentityChange> amongSeveral(Stitching.Outcome outcome, Reasons reasons, long version) {
        Map<Identifier, Assignment> before = reasons.before();
        Map<Identifier, Assignment> after = reasons.after();
        Map<String, Set<String>> cameFrom = new TreeMap<>();
        Map<String, Set<String>> wentTo = new TreeMap<>();
        List<IdentityChange> result = new ArrayList<>(1);
        String stayed = null;
        for (Map.Entry<Identifier, Assignment> entry : after.entrySet()) {
            Assignment now = entry.getValue();
            Assignment told = before.get(entry.getKey());
            Assignment then = told == null ? Assignment.alone(entry.getKey()) : told;
            if (then.kind() == Assignment.Kind.QUARANTINED || now.kind() == Assignment.Kind.QUARANTINED) {
                continue;
            }
            String customer = now.customerId();
            boolean stays = customer.equals(then.customerId());
            if (stays && customer.equals(stayed)) {
                // Most members are of one customer and stay so, which is known by now.
                continue;
            }
            stayed = stays ? customer : stayed;
            cameFrom.computeIfAbsent(customer, k -> new TreeSet<>()).add(then.customerId());
            wentTo.computeIfAbsent(then.customerId(), k -> new TreeSet<>()).add(customer);
        }
        cameFrom.forEach((customer, origins) -> {
            List<String> absorbed = new ArrayList<>(origins);
            absorbed.removeIf(id -> id.equals(customer) || cameFrom.containsKey(id));
            if (!absorbed.isEmpty()) {
                result.add(merge(customer, absorbed, outcome, reasons, version));
            }
        });
        wentTo.forEach((former, successors) -> {
            if (successors.size() > 1) {
                String remains = successors.contains(former)
                        ? former
                        : successors.iterator().next();
                List<String> cameOut = new ArrayList<>(successors);
                cameOut.remove(remains);
                Cause cause = reasons.ofSplit(former);
                result.add(change("split", remains, cameOut, cause.decidedBy(), cause.splitEvidence(), cause, version));
            }
        });
        return result;
    }

    /** Whose everybody is now, as mostly; null: there are more, or somebody is nobody's. */
    private static @Nullable String theOnlyCustomer(Map<Identifier, Assignment> after) {
        String only = null;
        for (Assignment now : after.values()) {
            if (now.kind() == Assignment.Kind.QUARANTINED || (only != null && !only.equals(now.customerId()))) {
                return null;
            }
            only = now.customerId();
        }
        return only;
    }

    private static IdentityChange mergeOfAll(
            String survivor, Stitching.Outcome outcome, Reasons reasons, long version) {
        Set<String> absorbed = new TreeSet<>();
        for (Identifier member : reasons.after().keySet()) {
            Assignment told = reasons.before().get(member);
            String then = told == null ? CustomerIds.of(member) : told.customerId();
            boolean wasNobodys = told != null && told.kind() == Assignment.Kind.QUARANTINED;
            if (!wasNobodys && !then.equals(survivor)) {
                absorbed.add(then);
            }
        }
        return merge(survivor, new ArrayList<>(absorbed), outcome, reasons, version);
    }

    private static IdentityChange merge(
            String survivor, List<String> absorbed, Stitching.Outcome outcome, Reasons reasons, long version) {
        List<Stitching.Accepted> accepted = outcome.accepted().getOrDefault(survivor, List.of());
        Cause cause = reasons.ofMerge(survivor);
        return change("merge", survivor, absorbed, mergedBy(cause, accepted), evidence(accepted), cause, version);
    }

    /** A decision that brought them together, else the rule by which the last of the evidence holds. */
    private static String mergedBy(Cause cause, List<Stitching.Accepted> accepted) {
        if (cause.decision() != null) {
            return cause.decidedBy();
        }
        return accepted.isEmpty()
                ? "strongest-identifier"
                : accepted.get(accepted.size() - 1).rule();
    }

    /** Most decisions move nobody. */
    private static boolean allStay(Map<Identifier, Assignment> before, Map<Identifier, Assignment> after) {
        for (Map.Entry<Identifier, Assignment> entry : after.entrySet()) {
            Assignment now = entry.getValue();
            Assignment then = before.get(entry.getKey());
            if (now.kind() == Assignment.Kind.QUARANTINED
                    || (then != null && then.kind() == Assignment.Kind.QUARANTINED)) {
                continue;
            }
            boolean same = then == null
                    ? CustomerIds.isOf(entry.getKey(), now.customerId())
                    : now.customerId().equals(then.customerId());
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /** A super-node came to be, or is one no longer. */
    static IdentityChange ofQuarantine(Identifier identifier, boolean released, Cause cause, long version) {
        String kind = released ? "release" : "quarantine";
        return change(kind, identifier.toString(), List.of(), "super-node", List.of(), cause, version);
    }

    /** More links than are looked at together; said again whenever they have become twice as many. */
    static IdentityChange ofCap(String customer, int dropped, Cause cause, long version) {
        return change("capped", customer, List.of(), "max-component-links", List.of(), cause, version + dropped);
    }

    private static List<Evidence> evidence(List<Stitching.Accepted> accepted) {
        int most = Math.min(accepted.size(), MOST_EVIDENCE);
        List<Evidence> evidence = new ArrayList<>(most);
        for (Stitching.Accepted piece : accepted.subList(0, most)) {
            Link link = piece.link();
            evidence.add(new Evidence(link.left(), link.right(), link.touchpointId(), link.eventTime()));
        }
        return evidence;
    }

    private static IdentityChange change(
            String kind,
            String survivor,
            List<String> absorbed,
            String rule,
            List<Evidence> evidence,
            Cause cause,
            long version) {
        String id = Hash128.of(kind, survivor, String.join(",", absorbed), Long.toString(version))
                .hex(24);
        return new IdentityChange(
                "i-" + id, kind, survivor, absorbed, cause.touchpointId(), rule, evidence, cause.eventTime());
    }

    private IdentityChanges() {}
}
