package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A person's word on two identifiers of persons; it wins over evidence and survives replay. Of several on one pair the
 * one with the latest {@code effectiveFrom} holds, of those the one with the later verdict in the order of
 * {@link Verdict}.
 *
 * @param one the identifier with the smaller hash; the constructor puts them in this order
 * @param effectiveFrom event time from which it holds, epoch milliseconds
 * @param reason why, in the person's words
 * @param author who decided
 */
public record Decision(
        Verdict verdict, Identifier one, Identifier other, long effectiveFrom, String reason, String author) {

    /** What is decided. */
    public enum Verdict {
        /** Evidence alone decides, as if nobody had ever said anything. */
        WITHDRAWN,
        /** They are one customer, unless that breaks a unique type, a limit or another decision. */
        ALWAYS,
        /** They are never one customer. */
        NEVER
    }

    /** The two identifiers, the one with the smaller hash first. */
    public record Pair(Identifier one, Identifier other) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair that) {
            int byOne = one.hash().compareTo(that.one.hash());
            return byOne != 0 ? byOne : other.hash().compareTo(that.other.hash());
        }
    }

    static final Comparator<Decision> IN_ORDER =
            Comparator.comparingLong(Decision::effectiveFrom).thenComparing(Decision::pair);

    private static final Comparator<Decision> BY_AUTHORITY = Comparator.comparingLong(Decision::effectiveFrom)
            .thenComparing(Decision::verdict)
            .thenComparing(Decision::reason)
            .thenComparing(Decision::author);

    public Decision {
        if (one.equals(other)) {
            throw new IllegalArgumentException("a decision is about two identifiers, was about " + one + " twice");
        }
        if (one.hash().compareTo(other.hash()) > 0) {
            Identifier smaller = other;
            other = one;
            one = smaller;
        }
    }

    public Pair pair() {
        return new Pair(one, other);
    }

    /** Whether this holds rather than {@code that}, which is on the same pair. */
    public boolean overrules(Decision that) {
        return BY_AUTHORITY.compare(this, that) > 0;
    }

    /** The decisions that hold, in the order in which they are applied. */
    static List<Decision> holding(Collection<Decision> decisions) {
        Map<Pair, Decision> newest = new TreeMap<>();
        for (Decision decision : decisions) {
            newest.merge(decision.pair(), decision, (a, b) -> b.overrules(a) ? b : a);
        }
        List<Decision> result = new ArrayList<>(newest.values());
        result.removeIf(d -> d.verdict() == Verdict.WITHDRAWN);
        result.sort(IN_ORDER);
        return result;
    }
}
