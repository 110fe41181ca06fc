package io.throughline.domain.stitch;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Facts that only ever grow: the earliest support per key wins, a withdrawn support never comes back. Adding is
 * commutative, associative and idempotent, so messages may come in any order and more than once.
 */
public final class FactSet {
    /** Later than any event time, so that an earlier one weighs more. */
    private static final long FAR_FUTURE = 1L << 43;

    private final Map<Fact.Key, Fact.Support> supports = new HashMap<>();
    /** Later supports of the same key, in case the earliest is withdrawn; hardly any key has one. */
    private final Map<Fact.Key, Set<Fact.Support>> spares = new HashMap<>();

    private final Set<Fact.Withdrawn> withdrawn = new HashSet<>();
    private long weight;

    /** @return whether the earliest support of the key changed */
    public boolean add(Fact fact) {
        if (!withdrawn.isEmpty() && withdrawn.contains(new Fact.Withdrawn(fact.key(), fact.support()))) {
            return false;
        }
        Fact.Support before = supports.get(fact.key());
        int order = before == null ? -1 : fact.support().compareTo(before);
        if (order == 0) {
            return false;
        }
        if (order > 0) {
            spare(fact.key(), fact.support());
            return false;
        }
        if (before != null) {
            spare(fact.key(), before);
            weight -= weightOf(before);
        }
        supports.put(fact.key(), fact.support());
        weight += weightOf(fact.support());
        return true;
    }

    private void spare(Fact.Key key, Fact.Support support) {
        spares.computeIfAbsent(key, k -> new HashSet<>(2)).add(support);
    }

    /** @return whether this was news */
    public boolean withdraw(Fact.Withdrawn gone) {
        if (!withdrawn.add(gone)) {
            return false;
        }
        weight += 2 * FAR_FUTURE;
        Set<Fact.Support> later = spares.get(gone.key());
        if (later != null) {
            later.remove(gone.support());
        }
        if (gone.support().equals(supports.get(gone.key()))) {
            supports.remove(gone.key());
            weight -= weightOf(gone.support());
            if (later != null && !later.isEmpty()) {
                Fact.Support next = Collections.min(later);
                later.remove(next);
                supports.put(gone.key(), next);
                weight += weightOf(next);
            }
        }
        if (later != null && later.isEmpty()) {
            spares.remove(gone.key());
        }
        return true;
    }

    /**
     * A number that grows with every change of content and is the same for the same content: of two states of one
     * component the one that knows more has the higher version, whatever happened in between.
     */
    public long version() {
        return weight;
    }

    public @Nullable Fact get(Fact.Key key) {
        Fact.Support support = supports.get(key);
        return support == null ? null : new Fact(key, support);
    }

    /** Every support known, for another set to take in. */
    public List<Fact> facts() {
        List<Fact> result = new ArrayList<>(supports.size());
        supports.forEach((key, support) -> result.add(new Fact(key, support)));
        spares.forEach((key, later) -> later.forEach(support -> result.add(new Fact(key, support))));
        return result;
    }

    public int size() {
        return supports.size();
    }

    public Collection<Fact.Withdrawn> withdrawn() {
        return withdrawn;
    }

    public boolean isEmpty() {
        return supports.isEmpty() && withdrawn.isEmpty();
    }

    List<Link> links() {
        List<Link> result = new ArrayList<>(supports.size());
        supports.forEach((key, support) ->
                result.add(new Link(key.left(), key.right(), support.eventTime(), support.touchpointId())));
        return result;
    }

    private static long weightOf(Fact.Support support) {
        return FAR_FUTURE - Math.max(0, Math.min(support.eventTime(), FAR_FUTURE - 1));
    }
}
