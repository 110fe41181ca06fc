package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Transition;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The way, the count, the revision. */
public final class TransitionLayout implements Layout<Transition> {
    private static final long serialVersionUID = 1;

    public static final TransitionLayout INSTANCE = new TransitionLayout();

    @Override
    public void write(Transition transition, DataOutput out) throws IOException {
        TransitionChangeLayout.write(transition.way(), out);
        Packed.writeNumber(transition.count(), out);
        Packed.writeNumber(transition.revision(), out);
    }

    @Override
    public Transition read(DataInput in, int version) throws IOException {
        return new Transition(TransitionChangeLayout.readWay(in), Packed.readNumber(in), Packed.readNumber(in));
    }
}
