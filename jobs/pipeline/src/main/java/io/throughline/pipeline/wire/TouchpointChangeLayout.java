package io.throughline.pipeline.wire;

import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The touchpoint, the sign, the generation, the source; the former source where the sign is 0. */
public final class TouchpointChangeLayout implements Layout<TouchpointChange> {

    private static final long serialVersionUID = 1;

    public static final TouchpointChangeLayout INSTANCE = new TouchpointChangeLayout();

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(TouchpointChange change, DataOutput out) throws IOException {
        TouchpointLayout.INSTANCE.write(change.touchpoint(), out);
        out.writeByte(change.sign());
        Packed.writeSize(change.generation(), out);
        Packed.writeText(change.source(), out);
        if (change.sign() == 0) {
            Packed.writeText(change.formerSource(), out);
        }
    }

    @Override
    public TouchpointChange read(DataInput in, int version) throws IOException {
        Touchpoint touchpoint = TouchpointLayout.INSTANCE.read(in, TouchpointLayout.INSTANCE.version());
        int sign = in.readByte();
        int generation = Packed.readSize(in);
        String source = version < 2 ? "" : Packed.readText(in);
        return new TouchpointChange(touchpoint, sign, generation, source, sign == 0 ? Packed.readText(in) : source);
    }
}
