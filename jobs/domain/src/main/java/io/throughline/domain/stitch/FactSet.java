package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Facts that only ever grow: the earliest support per key wins, a withdrawn support never comes back. Adding is
 * commutative, associative and idempotent, so messages may come in any order and more than once.
 *
 * <p>A set that grows far beyond what is looked at together keeps the keys with the smallest hashes: always all of
 * those that count, whatever came first.
 */
public final class FactSet {
    /** Later than any event time, so that an earlier one weighs more. */
    private static final long FAR_FUTURE = 1L << 43;
    /** Heavier than any set that has dropped nothing. */
    private static final long OVERFULL = 1L << 61;

    private static final Comparator<Fact.Key> BY_HASH =
            Comparator.comparing(Fact.Key::hash).thenComparing(key -> key.home().hash());

    private Map<Fact.Key, Fact.Support> supports = Map.of();
    /** Later supports of the same key, in case the earliest is withdrawn; hardly any key has one. */
    private Map<Fact.Key, Set<Fact.Support>> spares = Map.of();

    private Set<Fact.Withdrawn> withdrawn = Set.of();
    private long weight;
    /** Keys dropped because there were too many. */
    private int dropped;
    /** Once keys were dropped: the largest hash that was kept. */
    private @Nullable Hash128 ceiling;

    /** @return whether the earliest support of the key changed */
    public boolean add(Fact fact) {
        if (!withdrawn.isEmpty() && withdrawn.contains(new Fact.Withdrawn(fact.key(), fact.support()))) {
            return false;
        }
        Fact.Support before = supports.get(fact.key());
        if (before == null && ceiling != null && fact.key().hash().compareTo(ceiling) > 0) {
            dropped++;
            return false;
        }
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
        if (supports.isEmpty()) {
            supports = new HashMap<>(2);
        }
        supports.put(fact.key(), fact.support());
        weight += weightOf(fact.support());
        return true;
    }

    private void spare(Fact.Key key, Fact.Support support) {
        if (spares.isEmpty()) {
            spares = new HashMap<>(2);
        }
        spares.computeIfAbsent(key, k -> new HashSet<>(2)).add(support);
    }

    /** @return whether this was news */
    public boolean withdraw(Fact.Withdrawn gone) {
        if (withdrawn.isEmpty()) {
            withdrawn = new HashSet<>(2);
        }
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

    /** Drops the keys with the largest hashes once there are more than a quarter more than {@code most}. */
    void keepSmallest(int most) {
        if (supports.size() <= most + most / 4) {
            return;
        }
        List<Fact.Key> keys = new ArrayList<>(supports.keySet());
        keys.sort(BY_HASH);
        for (Fact.Key key : keys.subList(most, keys.size())) {
            supports.remove(key);
            if (!spares.isEmpty()) {
                spares.remove(key);
            }
            dropped++;
        }
        ceiling = keys.get(most - 1).hash();
    }

    /**
     * A number that grows with every change of content and is the same for the same content: of two states of one
     * component the one that knows more has the higher version, whatever happened in between.
     */
    public long version() {
        if (ceiling == null) {
            return weight;
        }
        long smallness = 0;
        for (Fact.Key key : supports.keySet()) {
            smallness += (1L << 46) - (key.hash().high() >>> 18);
        }
        return OVERFULL + smallness;
    }

    /** A small number that grows with every key or withdrawal, and is the same for the same content. */
    long rank() {
        return supports.size() + 2L * withdrawn.size();
    }

    public @Nullable Fact get(Fact.Key key) {
        Fact.Support support = supports.get(key);
        return support == null ? null : new Fact(key, support);
    }

    Fact.@Nullable Support support(Fact.Key key) {
        return supports.get(key);
    }

    /** Every support known of the key, the earliest first. */
    List<Fact.Support> supports(Fact.Key key) {
        Fact.Support earliest = supports.get(key);
        if (earliest == null) {
            return List.of();
        }
        Set<Fact.Support> later = spares.get(key);
        if (later == null) {
            return List.of(earliest);
        }
        List<Fact.Support> all = new ArrayList<>(later);
        all.add(earliest);
        Collections.sort(all);
        return all;
    }

    Set<Fact.Key> keys() {
        return supports.keySet();
    }

    /** Every support known, for another set to take in. */
    public List<Fact> facts() {
        List<Fact> result = new ArrayList<>(supports.size());
        supports.forEach((key, support) -> result.add(new Fact(key, support)));
        spares.forEach((key, later) -> later.forEach(support -> result.add(new Fact(key, support))));
        return result;
    }

    /** Each key with the support that counts. */
    void forEachKey(BiConsumer<Fact.Key, Fact.Support> taker) {
        supports.forEach(taker);
    }

    public int size() {
        return supports.size();
    }

    /** How many supports {@link #forEachFact} passes. */
    public int count() {
        int count = supports.size();
        for (Set<Fact.Support> later : spares.values()) {
            count += later.size();
        }
        return count;
    }

    /** The same as {@link #facts}, nothing made of it. */
    public void forEachFact(BiConsumer<Fact.Key, Fact.Support> taker) {
        supports.forEach(taker);
        spares.forEach((key, later) -> later.forEach(support -> taker.accept(key, support)));
    }

    /** How many keys were dropped because there were too many. */
    public int dropped() {
        return dropped;
    }

    /** The largest hash that was kept when keys were dropped; null: none were. */
    public @Nullable Hash128 ceiling() {
        return ceiling;
    }

    /** For a set that is read back after it had dropped keys. */
    public void restoreDropped(int count, Hash128 largestKept) {
        dropped = count;
        ceiling = largestKept;
    }

    public Collection<Fact.Withdrawn> withdrawn() {
        return withdrawn;
    }

    public boolean isEmpty() {
        return supports.isEmpty() && withdrawn.isEmpty();
    }

    private static long weightOf(Fact.Support support) {
        return FAR_FUTURE - Math.max(0, Math.min(support.eventTime(), FAR_FUTURE - 1));
    }
}
