package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Customer;
import io.throughline.domain.touchpoint.CustomerIdentity.Known;
import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The fields in their order, without the experience; all that states kept before their version 5. */
public final class CustomerLayout implements Layout<Customer> {
    private static final long serialVersionUID = 1;

    public static final CustomerLayout INSTANCE = new CustomerLayout();

    /** Before version 3 there were no consents; there was no 2, so that the number is that of the state it is in. */
    @Override
    public int version() {
        return 3;
    }

    @Override
    public void write(Customer customer, DataOutput out) throws IOException {
        Packed.writeText(customer.customerId(), out);
        out.writeBoolean(customer.absorbed());
        Present.writeText(customer.absorbedInto(), out);
        Packed.writeSize(customer.identifiers().size(), out);
        for (Known known : customer.identifiers()) {
            Packed.writeText(known.identifier().type(), out);
            Packed.writeText(known.identifier().value(), out);
            out.writeLong(known.firstSeen());
            Packed.writeNumber(known.lastSeen() - known.firstSeen(), out);
            Packed.writeText(known.note(), out);
        }
        Present.writeNumber(customer.firstSeen(), out);
        Present.writeNumber(customer.lastSeen(), out);
        Present.writeList(customer.channels(), out);
        Packed.writeNumber(customer.touchpointCount(), out);
        Packed.writeNumber(customer.sessionCount(), out);
        Present.writeMoney(customer.value(), out);
        Present.writeText(customer.segment(), out);
        Present.writeConsents(customer.consents(), out);
        Packed.writeNumber(customer.revision(), out);
    }

    @Override
    public Customer read(DataInput in, int version) throws IOException {
        return new Customer(
                Packed.readText(in),
                in.readBoolean(),
                Present.readText(in),
                readIdentifiers(in),
                Present.readNumber(in),
                Present.readNumber(in),
                Present.readList(in),
                Packed.readNumber(in),
                Packed.readNumber(in),
                Present.readMoney(in),
                Present.readText(in),
                version < 3 ? List.of() : Present.readConsents(in),
                null,
                Packed.readNumber(in));
    }

    private static List<Known> readIdentifiers(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        List<Known> identifiers = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            Identifier identifier = Packed.readIdentifier(in);
            long firstSeen = in.readLong();
            identifiers.add(new Known(identifier, firstSeen, firstSeen + Packed.readNumber(in), Packed.readText(in)));
        }
        return List.copyOf(identifiers);
    }
}
