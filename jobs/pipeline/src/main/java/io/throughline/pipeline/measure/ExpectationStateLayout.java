package io.throughline.pipeline.measure;

import io.throughline.domain.measure.ExpectationState;
import io.throughline.domain.measure.MetricValue;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The window, the dimensions, the time reached, what is still to be published, the components, what stands. */
public final class ExpectationStateLayout implements Layout<ExpectationState> {

    private static final long serialVersionUID = 1;

    public static final ExpectationStateLayout INSTANCE = new ExpectationStateLayout();

    /** The layout of a {@link MetricValue}, which the components are written in. */
    @Override
    public int version() {
        return MetricValueLayout.INSTANCE.version();
    }

    @Override
    public void write(ExpectationState state, DataOutput out) throws IOException {
        Packed.writeText(state.window(), out);
        Packed.writeTexts(state.dimensions(), out);
        out.writeLong(state.asOf());
        out.writeBoolean(state.changed());
        out.writeBoolean(state.restated());
        Packed.writeSize(state.components().size(), out);
        for (MetricValue component : state.components().values()) {
            MetricValueLayout.INSTANCE.write(component, out);
        }
        Packed.writeSize(state.standing().size(), out);
        for (String standing : state.standing()) {
            Packed.writeText(standing, out);
        }
    }

    @Override
    public ExpectationState read(DataInput in, int version) throws IOException {
        ExpectationState state = new ExpectationState(Packed.readText(in), Packed.readTexts(in));
        state.note(in.readLong(), in.readBoolean(), in.readBoolean());
        int components = Packed.readSize(in);
        for (int i = 0; i < components; i++) {
            MetricValue component = MetricValueLayout.INSTANCE.read(in, version);
            state.components().put(component.metricId(), component);
        }
        int standing = Packed.readSize(in);
        for (int i = 0; i < standing; i++) {
            state.standing().add(Packed.readText(in));
        }
        return state;
    }
}
