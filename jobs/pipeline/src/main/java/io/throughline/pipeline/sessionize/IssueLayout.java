package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.Issue.Contact;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The fields in their order, yes and no in the bits of one byte; a contact's end as the distance from its start. */
public final class IssueLayout implements Layout<Issue> {
    private static final long serialVersionUID = 1;

    public static final IssueLayout INSTANCE = new IssueLayout();

    private static final int SETTLED = 1;
    private static final int RESOLVED = 1 << 1;
    private static final int RESOLVABLE = 1 << 2;

    @Override
    public void write(Issue issue, DataOutput out) throws IOException {
        Packed.writeText(issue.issueId(), out);
        Packed.writeText(issue.customerId(), out);
        Present.writeText(issue.topic(), out);
        Present.writeText(issue.caseId(), out);
        out.writeByte((issue.settled() ? SETTLED : 0)
                | (issue.resolved() ? RESOLVED : 0)
                | (issue.resolvable() ? RESOLVABLE : 0));
        Packed.writeSize(issue.contacts().size(), out);
        for (Contact contact : issue.contacts()) {
            write(contact, out);
        }
        Packed.writeSize(issue.handoffs(), out);
        Packed.writeSize(issue.channelSwitches(), out);
        Present.writeNumber(issue.firstResponseMs(), out);
        Present.writeNumber(issue.resolutionMs(), out);
        Packed.writeNumber(issue.longestSilenceMs(), out);
        Packed.writeSize(issue.promisesMade(), out);
        Packed.writeSize(issue.promisesKept(), out);
    }

    @Override
    public Issue read(DataInput in, int version) throws IOException {
        String issueId = Packed.readText(in);
        String customerId = Packed.readText(in);
        String topic = Present.readText(in);
        String caseId = Present.readText(in);
        int verdict = in.readByte();
        int size = Packed.readSize(in);
        List<Contact> contacts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            contacts.add(readContact(in));
        }
        return new Issue(
                issueId,
                customerId,
                topic,
                caseId,
                (verdict & SETTLED) != 0,
                (verdict & RESOLVED) != 0,
                (verdict & RESOLVABLE) != 0,
                contacts,
                Packed.readSize(in),
                Packed.readSize(in),
                Present.readNumber(in),
                Present.readNumber(in),
                Packed.readNumber(in),
                Packed.readSize(in),
                Packed.readSize(in));
    }

    private static void write(Contact contact, DataOutput out) throws IOException {
        Packed.writeText(contact.touchpointId(), out);
        out.writeLong(contact.start());
        Packed.writeNumber(contact.end() - contact.start(), out);
        Packed.writeText(contact.channel(), out);
        Present.writeText(contact.touchpoint(), out);
        Present.writeText(contact.stage(), out);
        Present.writeText(contact.location(), out);
        Present.writeText(contact.product(), out);
        Present.writeText(contact.segment(), out);
        Packed.writeTexts(contact.experiments(), out);
        out.writeBoolean(contact.repeat());
    }

    private static Contact readContact(DataInput in) throws IOException {
        String touchpointId = Packed.readText(in);
        long start = in.readLong();
        return new Contact(
                touchpointId,
                start,
                start + Packed.readNumber(in),
                Packed.readText(in),
                Present.readText(in),
                Present.readText(in),
                Present.readText(in),
                Present.readText(in),
                Present.readText(in),
                Packed.readTexts(in),
                in.readBoolean());
    }
}
