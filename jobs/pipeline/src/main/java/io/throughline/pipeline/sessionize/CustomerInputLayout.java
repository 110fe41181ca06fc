package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.CustomerInput;
import io.throughline.domain.touchpoint.Attribution;
import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.AttributionLayout;
import io.throughline.pipeline.wire.CustomerIdentityLayout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** One byte saying what is present: an attribution, an identity, or both. */
public final class CustomerInputLayout implements Layout<CustomerInput> {
    private static final long serialVersionUID = 1;

    public static final CustomerInputLayout INSTANCE = new CustomerInputLayout();

    @Override
    public void write(CustomerInput input, DataOutput out) throws IOException {
        Attribution attribution = input.attribution();
        CustomerIdentity identity = input.identity();
        out.writeByte((attribution == null ? 0 : 1) | (identity == null ? 0 : 2));
        if (attribution != null) {
            AttributionLayout.INSTANCE.write(attribution, out);
        }
        if (identity != null) {
            CustomerIdentityLayout.INSTANCE.write(identity, out);
        }
    }

    @Override
    public CustomerInput read(DataInput in, int version) throws IOException {
        int present = in.readByte();
        Attribution attribution = (present & 1) == 0 ? null : AttributionLayout.INSTANCE.read(in, version);
        CustomerIdentity identity = (present & 2) == 0 ? null : CustomerIdentityLayout.INSTANCE.read(in, version);
        return new CustomerInput(attribution, identity);
    }
}
