package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one component of a {@link Layer}, and what its members were told. A root holds it; whoever ceases to
 * be root hands it over. All of it but what members were told only grows, so that it may be taken in repeatedly and in
 * any order.
 */
public final class Holding {
    public FactSet facts = new FactSet();
    /** What identifiers say of themselves; one that has not spoken yet is no evidence. */
    public Map<Identifier, Standing> standings = Map.of();

    public Map<Decision.Pair, Decision> decisions = Map.of();
    public Map<Note.Key, Note> notes = Map.of();
    /** What members were last told. */
    public Map<Identifier, Assignment> assigned = Map.of();
    /** Hash of what readers were last told of each customer id. */
    public Stated stated = Stated.of(Map.of());
    /** How many statements were made of the component's customers, by this root or one before. */
    public long statements;
    /** Links beyond the most that are looked at together, as readers were last told. */
    public int dropped;
    /** Of device groups: whether any was ever brought to the persons' layer. */
    public boolean active;

    public boolean isEmpty() {
        return facts.isEmpty()
                && standings.isEmpty()
                && decisions.isEmpty()
                && notes.isEmpty()
                && assigned.isEmpty()
                && stated.isEmpty()
                && !active;
    }

    boolean add(Identifier identifier, Standing standing) {
        if (!standing.newerThan(standings.get(identifier))) {
            return false;
        }
        standings = grown(standings);
        standings.put(identifier, standing);
        return true;
    }

    boolean add(Decision decision) {
        Decision before = decisions.get(decision.pair());
        if (before != null && !decision.overrules(before)) {
            return false;
        }
        decisions = grown(decisions);
        decisions.put(decision.pair(), decision);
        return true;
    }

    boolean add(Note.Key key, Note note) {
        Note before = notes.get(key);
        if (before != null && before.version() >= note.version()) {
            return false;
        }
        notes = grown(notes);
        notes.put(key, note);
        return true;
    }

    /** For a holding that is read back. */
    public void restoreDecisions(List<Decision> all) {
        all.forEach(this::add);
    }

    /** What is remembered as stated of a customer id that became another. */
    public static Hash128 absorbedInto(String customer) {
        return CustomerStatements.absorbedInto(customer);
    }

    boolean usable(Identifier identifier) {
        Standing standing = standings.get(identifier);
        return standing != null && standing.usable();
    }

    /** The facts whose two ends can be used, of each pair the earliest. */
    Collection<Link> evidence() {
        List<Link> result = new ArrayList<>(facts.size());
        facts.forEachKey((key, support) -> {
            if (usable(key.left()) && usable(key.right())) {
                result.add(new Link(key.left(), key.right(), support.eventTime(), support.touchpointId()));
            }
        });
        return Link.earliestOfPairs(result);
    }

    /** The decisions on identifiers that can be used. */
    List<Decision> usableDecisions() {
        if (decisions.isEmpty()) {
            return List.of();
        }
        List<Decision> result = new ArrayList<>(decisions.values());
        result.removeIf(d -> !usable(d.one()) || !usable(d.other()));
        return result;
    }

    Link link(Fact.Key key) {
        Fact.Support support = facts.support(key);
        if (support == null) {
            throw new IllegalArgumentException("no such fact: " + key);
        }
        return new Link(key.left(), key.right(), support.eventTime(), support.touchpointId());
    }

    /** Grows with everything that can change a decision, and is the same for the same knowledge. */
    long version() {
        long version = facts.version();
        for (Standing standing : standings.values()) {
            version += standing.version() + 1;
        }
        for (Decision decision : decisions.values()) {
            version += 4 * decision.effectiveFrom() + decision.verdict().ordinal() + 1;
        }
        return version;
    }

    /** A small number that grows with every fact and standing, and is the same for the same knowledge. */
    long rank() {
        long rank = facts.rank();
        for (Standing standing : standings.values()) {
            rank += standing.version() + 1;
        }
        return rank;
    }

    /** Most maps of most holdings stay empty and take no space. */
    static <K, V> Map<K, V> grown(Map<K, V> map) {
        if (map instanceof HashMap) {
            return map;
        }
        return map.isEmpty() ? new HashMap<>(2) : new HashMap<>(map);
    }

    /** Whether this is no more than what a node says of itself when it is first met, which went with that meeting. */
    boolean saysNothingBut(@Nullable Identifier own) {
        return facts.isEmpty()
                && decisions.isEmpty()
                && notes.isEmpty()
                && assigned.isEmpty()
                && stated.isEmpty()
                && !active
                && (standings.isEmpty()
                        || (standings.size() == 1 && own != null && Standing.INITIAL.equals(standings.get(own))));
    }
}
