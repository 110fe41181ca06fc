package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.StitchOutput;
import io.throughline.domain.touchpoint.TouchpointChange;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import io.throughline.pipeline.wire.TouchpointChangeLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A touchpoint that is erased or no longer so: the change, the sequence. */
public final class ErasedLayout implements Layout<StitchOutput.Erased> {
    private static final long serialVersionUID = 1;

    public static final ErasedLayout INSTANCE = new ErasedLayout();
    public static final LayoutType<StitchOutput.Erased> TYPE = LayoutType.of(StitchOutput.Erased.class, INSTANCE);

    @Override
    public void write(StitchOutput.Erased erased, DataOutput out) throws IOException {
        TouchpointChangeLayout.INSTANCE.write(erased.change(), out);
        Packed.writeNumber(erased.sequence(), out);
    }

    @Override
    public StitchOutput.Erased read(DataInput in, int version) throws IOException {
        TouchpointChange change = TouchpointChangeLayout.INSTANCE.read(in, TouchpointChangeLayout.INSTANCE.version());
        return new StitchOutput.Erased(change, Packed.readNumber(in));
    }
}
