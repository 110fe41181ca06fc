package io.throughline.pipeline.wire;

import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The touchpoint, the sign, the generation. */
public final class TouchpointChangeLayout implements Layout<TouchpointChange> {

    private static final long serialVersionUID = 1;

    public static final TouchpointChangeLayout INSTANCE = new TouchpointChangeLayout();

    @Override
    public void write(TouchpointChange change, DataOutput out) throws IOException {
        TouchpointLayout.INSTANCE.write(change.touchpoint(), out);
        out.writeByte(change.sign());
        Packed.writeSize(change.generation(), out);
    }

    @Override
    public TouchpointChange read(DataInput in, int version) throws IOException {
        Touchpoint touchpoint = TouchpointLayout.INSTANCE.read(in, version);
        return new TouchpointChange(touchpoint, in.readByte(), Packed.readSize(in));
    }
}
