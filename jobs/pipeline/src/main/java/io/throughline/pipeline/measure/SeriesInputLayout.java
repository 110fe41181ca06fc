package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Family;
import io.throughline.domain.measure.SeriesInput;
import io.throughline.domain.measure.Subtotal;
import io.throughline.domain.measure.Tally;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which of the inputs, the family, the dimensions; then the tallies of a subtotal or the state of an inheritance, in the
 * version of {@link SeriesStateLayout}.
 */
public final class SeriesInputLayout implements Layout<SeriesInput> {

    private static final long serialVersionUID = 1;

    public static final SeriesInputLayout INSTANCE = new SeriesInputLayout();

    private static final int SUBTOTAL = 0;
    private static final int EVICTION = 1;
    private static final int INHERITANCE = 2;

    @Override
    public int version() {
        return SeriesStateLayout.INSTANCE.version();
    }

    @Override
    public void write(SeriesInput input, DataOutput out) throws IOException {
        out.writeByte(
                input instanceof Subtotal ? SUBTOTAL : input instanceof SeriesInput.Eviction ? EVICTION : INHERITANCE);
        out.writeByte(input.family().id());
        Packed.writeTexts(input.dimensions(), out);
        if (input instanceof Subtotal subtotal) {
            TallyLayout.writeTallies(subtotal.tallies(), out);
        } else if (input instanceof SeriesInput.Inheritance inheritance) {
            SeriesStateLayout.INSTANCE.write(inheritance.counted(), out);
        }
    }

    @Override
    public SeriesInput read(DataInput in, int version) throws IOException {
        int which = in.readByte();
        Family family = Family.ofId(in.readByte());
        Map<String, String> dimensions = Packed.readTexts(in);
        return switch (which) {
            case SUBTOTAL -> {
                TreeMap<Long, Tally> tallies = new TreeMap<>();
                TallyLayout.readTallies(tallies, in);
                yield new Subtotal(family, dimensions, tallies);
            }
            case EVICTION -> new SeriesInput.Eviction(family, dimensions);
            case INHERITANCE ->
                new SeriesInput.Inheritance(family, dimensions, SeriesStateLayout.INSTANCE.read(in, version));
            default -> throw new IOException("no input of a series is of the kind " + which);
        };
    }
}
