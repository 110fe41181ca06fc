package io.throughline.pipeline.wire;

import io.throughline.domain.stitch.Erasure;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** An erasure: the identifier, up to when, reason, author. */
public final class ErasureLayout implements Layout<Erasure> {
    private static final long serialVersionUID = 1;

    public static final ErasureLayout INSTANCE = new ErasureLayout();
    public static final LayoutType<Erasure> TYPE = LayoutType.of(Erasure.class, INSTANCE);

    @Override
    public void write(Erasure erasure, DataOutput out) throws IOException {
        Packed.writeText(erasure.identifier().type(), out);
        Packed.writeText(erasure.identifier().value(), out);
        Packed.writeNumber(erasure.until(), out);
        Packed.writeText(erasure.reason(), out);
        Packed.writeText(erasure.author(), out);
    }

    @Override
    public Erasure read(DataInput in, int version) throws IOException {
        Identifier identifier = new Identifier(Packed.readText(in), Packed.readText(in));
        return new Erasure(identifier, Packed.readNumber(in), Packed.readText(in), Packed.readText(in));
    }
}
