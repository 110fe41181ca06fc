package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Hash128;

/**
 * The nodes that stay open because they had a turn lately; one that has to make room is packed. They are as many as have
 * a turn while a message goes round: what one touchpoint causes is over before they are packed.
 */
public final class RecentNodes {
    private static final int NODES = 1 << 13;

    private final KeptNode[] nodes = new KeptNode[NODES];
    private final NodeWriter writer = new NodeWriter();

    /** The node has a turn now. */
    public void turn(Hash128 key, KeptNode node) {
        int slot = (int) (key.low() & (NODES - 1));
        KeptNode before = nodes[slot];
        if (before != node) {
            nodes[slot] = node;
            if (before != null) {
                before.close(writer);
            }
        }
    }
}
