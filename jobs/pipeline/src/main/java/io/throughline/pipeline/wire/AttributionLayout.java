package io.throughline.pipeline.wire;

import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The customer, the touchpoint, the sign, the sequence. */
public final class AttributionLayout implements Layout<Attribution> {

    private static final long serialVersionUID = 1;

    public static final AttributionLayout INSTANCE = new AttributionLayout();

    @Override
    public void write(Attribution attribution, DataOutput out) throws IOException {
        Packed.writeText(attribution.customerId(), out);
        TouchpointLayout.INSTANCE.write(attribution.touchpoint(), out);
        out.writeByte(attribution.sign());
        Packed.writeNumber(attribution.sequence(), out);
    }

    @Override
    public Attribution read(DataInput in, int version) throws IOException {
        String customerId = Packed.readText(in);
        Touchpoint touchpoint = TouchpointLayout.INSTANCE.read(in, version);
        return new Attribution(customerId, touchpoint, in.readByte(), Packed.readNumber(in));
    }
}
