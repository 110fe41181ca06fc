package io.throughline.pipeline.wire;

import io.throughline.domain.ingest.Winner;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The touchpoint, its source, the generation, the latest event time. */
public final class WinnerLayout implements Layout<Winner> {

    private static final long serialVersionUID = 1;

    public static final WinnerLayout INSTANCE = new WinnerLayout();

    @Override
    public void write(Winner winner, DataOutput out) throws IOException {
        TouchpointLayout.INSTANCE.write(winner.touchpoint(), out);
        Packed.writeText(winner.source(), out);
        Packed.writeSize(winner.generation(), out);
        Packed.writeNumber(winner.latestEventTime() - winner.touchpoint().eventTime(), out);
    }

    @Override
    public Winner read(DataInput in, int version) throws IOException {
        Touchpoint touchpoint = TouchpointLayout.INSTANCE.read(in, version);
        return new Winner(
                touchpoint, Packed.readText(in), Packed.readSize(in), touchpoint.eventTime() + Packed.readNumber(in));
    }
}
