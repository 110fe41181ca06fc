package io.throughline.pipeline.wire;

import io.throughline.domain.touchpoint.CustomerIdentity;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.kit.Layout;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The customer, the version, who it is absorbed into if anybody, its identifiers. */
public final class CustomerIdentityLayout implements Layout<CustomerIdentity> {

    private static final long serialVersionUID = 1;

    public static final CustomerIdentityLayout INSTANCE = new CustomerIdentityLayout();

    @Override
    public void write(CustomerIdentity identity, DataOutput out) throws IOException {
        Packed.writeText(identity.customerId(), out);
        Packed.writeNumber(identity.version(), out);
        out.writeBoolean(identity.absorbedInto() != null);
        if (identity.absorbedInto() != null) {
            Packed.writeText(identity.absorbedInto(), out);
        }
        Packed.writeSize(identity.known().size(), out);
        for (Known known : identity.known()) {
            Packed.writeText(known.identifier().type(), out);
            Packed.writeText(known.identifier().value(), out);
            out.writeLong(known.firstSeen());
            Packed.writeNumber(known.lastSeen() - known.firstSeen(), out);
            Packed.writeText(known.note(), out);
        }
    }

    @Override
    public CustomerIdentity read(DataInput in, int version) throws IOException {
        String customerId = Packed.readText(in);
        long statement = Packed.readNumber(in);
        String absorbedInto = in.readBoolean() ? Packed.readText(in) : null;
        int size = Packed.readSize(in);
        List<Known> known = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Identifier identifier = Packed.readIdentifier(in);
            long firstSeen = in.readLong();
            known.add(new Known(identifier, firstSeen, firstSeen + Packed.readNumber(in), Packed.readText(in)));
        }
        return new CustomerIdentity(customerId, absorbedInto, known, statement);
    }
}
