package io.throughline.pipeline.wire;

import io.throughline.domain.ingest.Arrival;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The touchpoint, then its source. */
public final class ArrivalLayout implements Layout<Arrival> {

    private static final long serialVersionUID = 1;

    public static final ArrivalLayout INSTANCE = new ArrivalLayout();

    @Override
    public void write(Arrival arrival, DataOutput out) throws IOException {
        TouchpointLayout.INSTANCE.write(arrival.touchpoint(), out);
        Packed.writeText(arrival.source(), out);
    }

    @Override
    public Arrival read(DataInput in, int version) throws IOException {
        return new Arrival(TouchpointLayout.INSTANCE.read(in, version), Packed.readText(in));
    }
}
