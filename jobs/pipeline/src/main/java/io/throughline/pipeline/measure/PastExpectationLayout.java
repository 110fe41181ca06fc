package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Expectation;
import io.throughline.domain.measure.Metric;
import io.throughline.domain.measure.PastExpectation;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/** The window, the dimensions, the end of the slot, what is still to be published, the components, what stands. */
public final class PastExpectationLayout implements Layout<PastExpectation> {

    private static final long serialVersionUID = 1;

    public static final PastExpectationLayout INSTANCE = new PastExpectationLayout();

    @Override
    public void write(PastExpectation state, DataOutput out) throws IOException {
        Packed.writeText(state.window(), out);
        Packed.writeTexts(state.dimensions(), out);
        out.writeLong(state.slotEnd());
        out.writeLong(state.revision());
        out.writeBoolean(state.changed());
        out.writeBoolean(state.restated());
        Packed.writeSize(state.components().size(), out);
        for (Map.Entry<String, Expectation.Seen> component : state.components().entrySet()) {
            Expectation.Seen seen = component.getValue();
            Packed.writeText(component.getKey(), out);
            out.writeDouble(seen.value());
            Packed.writeNumber(seen.n(), out);
            out.writeDouble(seen.low());
            out.writeDouble(seen.high());
            out.writeBoolean(seen.complete());
        }
        Packed.writeSize(state.standing().size(), out);
        for (String standing : state.standing()) {
            Packed.writeText(standing, out);
        }
    }

    @Override
    public PastExpectation read(DataInput in, int version) throws IOException {
        PastExpectation state = new PastExpectation(Packed.readText(in), Packed.readTexts(in), in.readLong());
        state.note(in.readLong(), in.readBoolean(), in.readBoolean());
        int components = Packed.readSize(in);
        for (int i = 0; i < components; i++) {
            String metric = Packed.readText(in);
            state.components()
                    .put(
                            Metric.exists(metric) ? Metric.ofId(metric).id() : metric,
                            new Expectation.Seen(
                                    in.readDouble(),
                                    Packed.readNumber(in),
                                    in.readDouble(),
                                    in.readDouble(),
                                    in.readBoolean()));
        }
        int standing = Packed.readSize(in);
        for (int i = 0; i < standing; i++) {
            state.standing().add(Packed.readText(in));
        }
        return state;
    }
}
