package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Family;
import io.throughline.domain.measure.Subtotal;
import io.throughline.domain.measure.Tally;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** The family, the dimensions, the tallies. */
public final class SubtotalLayout implements Layout<Subtotal> {

    private static final long serialVersionUID = 1;

    public static final SubtotalLayout INSTANCE = new SubtotalLayout();

    @Override
    public void write(Subtotal subtotal, DataOutput out) throws IOException {
        out.writeByte(subtotal.family().id());
        Packed.writeTexts(subtotal.dimensions(), out);
        TallyLayout.writeTallies(subtotal.tallies(), out);
    }

    @Override
    public Subtotal read(DataInput in, int version) throws IOException {
        Family family = Family.ofId(in.readByte());
        Map<String, String> dimensions = Packed.readTexts(in);
        TreeMap<Long, Tally> tallies = new TreeMap<>();
        TallyLayout.readTallies(tallies, in);
        return new Subtotal(family, dimensions, tallies);
    }
}
