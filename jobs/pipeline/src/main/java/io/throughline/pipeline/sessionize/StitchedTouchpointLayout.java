package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.StitchedTouchpoint;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import io.throughline.pipeline.wire.TouchpointLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The touchpoint, the customer, the session if there is one, the revision. */
public final class StitchedTouchpointLayout implements Layout<StitchedTouchpoint> {
    private static final long serialVersionUID = 1;

    public static final StitchedTouchpointLayout INSTANCE = new StitchedTouchpointLayout();

    @Override
    public void write(StitchedTouchpoint stitched, DataOutput out) throws IOException {
        TouchpointLayout.INSTANCE.write(stitched.touchpoint(), out);
        Packed.writeText(stitched.customerId(), out);
        Present.writeText(stitched.sessionId(), out);
        Packed.writeNumber(stitched.revision(), out);
    }

    @Override
    public StitchedTouchpoint read(DataInput in, int version) throws IOException {
        Touchpoint touchpoint = TouchpointLayout.INSTANCE.read(in, version);
        return new StitchedTouchpoint(touchpoint, Packed.readText(in), Present.readText(in), Packed.readNumber(in));
    }
}
