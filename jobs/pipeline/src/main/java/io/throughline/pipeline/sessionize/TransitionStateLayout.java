package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.TransitionState;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The fields in their order. */
public final class TransitionStateLayout implements Layout<TransitionState> {
    private static final long serialVersionUID = 1;

    public static final TransitionStateLayout INSTANCE = new TransitionStateLayout();

    @Override
    public void write(TransitionState state, DataOutput out) throws IOException {
        TransitionChangeLayout.write(state.way(), out);
        Packed.writeNumber(state.count(), out);
        Packed.writeNumber(state.said(), out);
        Packed.writeNumber(state.revision(), out);
        out.writeLong(state.publishedAt());
    }

    @Override
    public TransitionState read(DataInput in, int version) throws IOException {
        return new TransitionState(
                TransitionChangeLayout.readWay(in),
                Packed.readNumber(in),
                Packed.readNumber(in),
                Packed.readNumber(in),
                in.readLong());
    }
}
