package io.throughline.pipeline.stitch;

import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * What one identifier's node remembers, packed: its size, then the bytes as they are on the heap. Of version 3 it does
 * not say where records of touchpoints were read, and knows of no erasure; of version 4 touchpoints have no marks; of version
 * 5 it is written in milliseconds when it forgets. All of these are packed anew as they are read. In version 6
 * words on people who were on a shared device have no generation, and every node points at a smaller one, on which the builds
 * that write it rely.
 */
public final class NodeStateLayout implements Layout<KeptNode> {
    private static final long serialVersionUID = 4;

    public static final NodeStateLayout INSTANCE = new NodeStateLayout();
    public static final LayoutType<KeptNode> TYPE = LayoutType.state(KeptNode.class, INSTANCE);

    @Override
    public int version() {
        return 7;
    }

    @Override
    public void write(KeptNode node, DataOutput out) throws IOException {
        byte[] bytes = node.bytes();
        Packed.writeSize(bytes.length, out);
        out.write(bytes);
    }

    @Override
    public KeptNode read(DataInput in, int version) throws IOException {
        if (version < 3) {
            throw new IOException("this is state of stitching before it was packed, which cannot be read any more:"
                    + " start the job without state and replay its input");
        }
        byte[] bytes = new byte[Packed.readSize(in)];
        in.readFully(bytes);
        return new KeptNode(version < 6 ? NodeReader.repacked(bytes) : bytes);
    }

    @Override
    public KeptNode copy(KeptNode node) {
        return node.copy();
    }
}
