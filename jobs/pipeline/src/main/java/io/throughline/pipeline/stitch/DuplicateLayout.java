package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.StitchOutput;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A record that turned out a duplicate, or whose being one was taken back: the source, the sign. */
public final class DuplicateLayout implements Layout<StitchOutput.Duplicate> {
    private static final long serialVersionUID = 1;

    public static final LayoutType<StitchOutput.Duplicate> TYPE =
            LayoutType.of(StitchOutput.Duplicate.class, new DuplicateLayout());

    @Override
    public void write(StitchOutput.Duplicate duplicate, DataOutput out) throws IOException {
        Packed.writeText(duplicate.source(), out);
        out.writeByte(duplicate.sign());
    }

    @Override
    public StitchOutput.Duplicate read(DataInput in, int version) throws IOException {
        return new StitchOutput.Duplicate(Packed.readText(in), in.readByte());
    }
}
