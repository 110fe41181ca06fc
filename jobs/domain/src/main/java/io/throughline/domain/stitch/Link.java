package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Two identifiers borne by one touchpoint: the evidence stitching works from.
 *
 * @param left the stronger of the two, by {@link StitchConfig#byStrength()}
 * @param right the weaker
 * @param eventTime event time of the touchpoint, epoch milliseconds
 * @param touchpointId the touchpoint
 */
public record Link(Identifier left, Identifier right, long eventTime, String touchpointId) {

    /** So many are looked through quicker than they are found in a map. */
    private static final int FEW = 8;

    /** The same pair of identifiers, the stronger first. */
    public static Link of(Identifier one, Identifier other, long eventTime, String touchpointId, StitchConfig config) {
        return config.byStrength().compare(one, other) <= 0
                ? new Link(one, other, eventTime, touchpointId)
                : new Link(other, one, eventTime, touchpointId);
    }

    /** The order in which a component that has too many links keeps them. */
    Hash128 hash() {
        return hash(left, right);
    }

    static Hash128 hash(Identifier left, Identifier right) {
        long high = Long.rotateLeft(left.hash().high(), 31) * 0x9E3779B97F4A7C15L
                + right.hash().high();
        long low = Long.rotateLeft(left.hash().low(), 31) * 0x9E3779B97F4A7C15L
                + right.hash().low();
        return new Hash128(high, low);
    }

    /** Whichever was the stronger when the link was seen: priorities may have been configured anew since. */
    private record Pair(Identifier one, Identifier other) {
        static Pair of(Link link) {
            return link.left.hash().compareTo(link.right.hash()) <= 0
                    ? new Pair(link.left, link.right)
                    : new Pair(link.right, link.left);
        }
    }

    /**
     * Of each pair of identifiers the earliest link: the others depend on which nodes happened to announce them, and therefore on
     * the order in which touchpoints came.
     */
    static Collection<Link> earliestOfPairs(List<Link> links) {
        if (links.size() < 2) {
            return links;
        }
        if (links.size() <= FEW) {
            return earliestOfFew(links);
        }
        Map<Pair, Link> earliest = new HashMap<>();
        for (Link link : links) {
            earliest.merge(Pair.of(link), link, (a, b) -> b.before(a) ? b : a);
        }
        return earliest.values();
    }

    private static List<Link> earliestOfFew(List<Link> links) {
        List<Link> earliest = new ArrayList<>(links.size());
        for (Link link : links) {
            int at = 0;
            while (at < earliest.size() && !earliest.get(at).isOfSamePair(link)) {
                at++;
            }
            if (at == earliest.size()) {
                earliest.add(link);
            } else if (link.before(earliest.get(at))) {
                earliest.set(at, link);
            }
        }
        return earliest;
    }

    private boolean isOfSamePair(Link other) {
        return left.equals(other.left)
                ? right.equals(other.right)
                : left.equals(other.right) && right.equals(other.left);
    }

    /** Whether this is earlier evidence for the same pair; ties by touchpoint_id. */
    boolean before(Link other) {
        return eventTime != other.eventTime
                ? eventTime < other.eventTime
                : touchpointId.compareTo(other.touchpointId) < 0;
    }
}
