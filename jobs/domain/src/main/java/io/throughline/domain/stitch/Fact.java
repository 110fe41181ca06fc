package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;

/**
 * Two identifiers seen together, as one node announced it: the best support it knows of.
 *
 * @param key the pair, and the node that announces it
 * @param support the earliest touchpoint that bore both, of those the announcing node keeps
 */
public record Fact(Key key, Support support) {

    /**
     * @param left the stronger identifier
     * @param right the weaker; its node owns the fact
     * @param home the identifier whose node announces it: the strongest usable one of the touchpoints behind it
     */
    public record Key(Identifier left, Identifier right, Identifier home) {

        /** The order in which a component that has too many links keeps them: {@link Link#hash()}. */
        Hash128 hash() {
            return Link.hash(left, right);
        }
    }

    /**
     * @param eventTime epoch milliseconds
     * @param content hash of the touchpoint's content, so that a replaced duplicate can be told from its winner
     */
    public record Support(long eventTime, String touchpointId, Hash128 content) implements Comparable<Support> {
        @Override
        public int compareTo(Support other) {
            int byTime = Long.compare(eventTime, other.eventTime);
            if (byTime != 0) {
                return byTime;
            }
            int byId = touchpointId.compareTo(other.touchpointId);
            return byId != 0 ? byId : content.compareTo(other.content);
        }
    }

    /** A support that no longer counts because a better duplicate replaced its touchpoint. Never taken back. */
    public record Withdrawn(Key key, Support support) {}

    Link link() {
        return new Link(key.left, key.right, support.eventTime, support.touchpointId);
    }
}
