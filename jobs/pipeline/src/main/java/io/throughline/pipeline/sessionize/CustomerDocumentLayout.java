package io.throughline.pipeline.sessionize;

import io.throughline.domain.experience.Experience;
import io.throughline.domain.experience.ExperienceScore;
import io.throughline.domain.sessionize.Customer;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A customer as its document says it: all else, then how its experience stands. */
public final class CustomerDocumentLayout implements Layout<Customer> {
    private static final long serialVersionUID = 1;

    public static final CustomerDocumentLayout INSTANCE = new CustomerDocumentLayout();

    @Override
    public int version() {
        return CustomerLayout.INSTANCE.version();
    }

    @Override
    public void write(Customer customer, DataOutput out) throws IOException {
        CustomerLayout.INSTANCE.write(customer, out);
        ExperienceScore experience = customer.experience();
        out.writeBoolean(experience != null);
        if (experience != null) {
            Packed.writeSize(experience.score(), out);
            out.writeLong(experience.asOf());
            Packed.writeSize(experience.reasons().size(), out);
            for (ExperienceScore.Reason reason : experience.reasons()) {
                Packed.writeText(reason.experience().code(), out);
                Packed.writeNumber(reason.thousandths(), out);
                Packed.writeSize(reason.count(), out);
            }
        }
    }

    @Override
    public Customer read(DataInput in, int version) throws IOException {
        Customer customer = CustomerLayout.INSTANCE.read(in, version);
        if (!in.readBoolean()) {
            return customer;
        }
        int score = Packed.readSize(in);
        long asOf = in.readLong();
        List<ExperienceScore.Reason> reasons = new ArrayList<>();
        for (int left = Packed.readSize(in); left > 0; left--) {
            reasons.add(new ExperienceScore.Reason(
                    Experience.ofCode(Packed.readText(in)), Packed.readNumber(in), Packed.readSize(in)));
        }
        return customer.with(new ExperienceScore(score, asOf, List.copyOf(reasons)));
    }
}
