package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Fact;
import io.throughline.domain.measure.Family;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The family, the dimensions, the time, the weight, the bin. */
public final class FactLayout implements Layout<Fact> {

    private static final long serialVersionUID = 1;

    public static final FactLayout INSTANCE = new FactLayout();

    @Override
    public void write(Fact fact, DataOutput out) throws IOException {
        out.writeByte(fact.family().id());
        Packed.writeTexts(fact.dimensions(), out);
        out.writeLong(fact.time());
        Packed.writeNumber(fact.weight(), out);
        Packed.writeNumber(fact.bin(), out);
    }

    @Override
    public Fact read(DataInput in, int version) throws IOException {
        return new Fact(
                Family.ofId(in.readByte()),
                Packed.readTexts(in),
                in.readLong(),
                (int) Packed.readNumber(in),
                Packed.readNumber(in));
    }
}
