package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Holding;
import io.throughline.domain.stitch.NodeState;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.pipeline.kit.Resting;

/**
 * What a node remembers, as it is kept between two of its turns: packed, since most nodes are at rest most of the time,
 * or open if its last turn was a moment ago.
 */
public final class KeptNode implements Resting {
    /**
     * Those that know more than this take longer to unpack than they are worth packed; there are few. Touchpoints do not
     * count: they stay packed while others join them.
     */
    private static final int MOST_TO_PACK = 50;

    /** A {@link NodeState} or its bytes. A snapshot may be written by another thread while this one packs. */
    private volatile Object content;

    /** Perhaps set by the thread that writes a snapshot. */
    private volatile int packedSize;

    public KeptNode(NodeState open) {
        this.content = open;
    }

    KeptNode(byte[] packed) {
        this.content = packed;
        this.packedSize = packed.length;
    }

    /**
     * Unpacks it where need be.
     *
     * @param self the node's key
     */
    public NodeState open(Hash128 self) {
        if (content instanceof NodeState state) {
            return state;
        }
        NodeState state = NodeReader.read(bytes(), self);
        content = state;
        return state;
    }

    @Override
    public void close() {
        if (content instanceof NodeState state && !isLarge(state)) {
            content = pack(state);
        }
    }

    @Override
    public int packedSize() {
        return packedSize;
    }

    /** Another, which takes what is open; this one, which only a snapshot that is being written still needs, keeps bytes. */
    synchronized KeptNode copy() {
        Object now = content;
        byte[] packed = bytes();
        content = packed;
        KeptNode copy = new KeptNode(packed);
        copy.content = now;
        return copy;
    }

    /** What it is packed, whether it is packed now or not. */
    public synchronized byte[] bytes() {
        Object now = content;
        return now instanceof byte[] packed ? packed : pack((NodeState) now);
    }

    private byte[] pack(NodeState state) {
        byte[] packed = NodeWriter.write(state);
        packedSize = packed.length;
        return packed;
    }

    private static boolean isLarge(NodeState state) {
        int parts = state.near.size()
                + state.announced.size()
                + state.brought.size()
                + state.seen.size()
                + held(state.persons)
                + (state.devices == null ? 0 : held(state.devices));
        return parts > MOST_TO_PACK;
    }

    private static int held(NodeState.Bond bond) {
        if (bond.written() != null) {
            return 0;
        }
        Holding holding = bond.holding();
        return holding == null ? 0 : holding.facts.size() + holding.notes.size();
    }
}
