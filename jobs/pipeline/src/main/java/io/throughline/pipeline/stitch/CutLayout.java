package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Fence.Run;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** An attempt, and the snapshot up to which its messages count. */
public final class CutLayout implements Layout<CutLayout.Cut> {
    private static final long serialVersionUID = 1;

    /** @param snapshot messages sent before it count */
    public record Cut(Run run, long snapshot) {}

    public static final CutLayout INSTANCE = new CutLayout();
    public static final LayoutType<Cut> TYPE = LayoutType.of(Cut.class, INSTANCE);

    @Override
    public void write(Cut cut, DataOutput out) throws IOException {
        LetterLayout.writeRun(cut.run(), out);
        Packed.writeNumber(cut.snapshot(), out);
    }

    @Override
    public Cut read(DataInput in, int version) throws IOException {
        return new Cut(LetterLayout.readRun(in), Packed.readNumber(in));
    }
}
