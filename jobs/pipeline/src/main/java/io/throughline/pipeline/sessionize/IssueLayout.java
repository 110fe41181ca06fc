package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.Issue;
import io.throughline.domain.sessionize.Issue.Contact;
import io.throughline.domain.sessionize.Promise;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields in their order, yes and no in the bits of one byte; a contact's end as the distance from its start. */
public final class IssueLayout implements Layout<Issue> {
    private static final long serialVersionUID = 1;

    public static final IssueLayout INSTANCE = new IssueLayout();

    private static final int SETTLED = 1;
    private static final int RESOLVED = 1 << 1;
    private static final int RESOLVABLE = 1 << 2;
    private static final int ABSORBED = 1 << 3;

    /** Version 1 knew less; it is read so that what was counted of it can be taken back. */
    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(Issue issue, DataOutput out) throws IOException {
        Packed.writeText(issue.issueId(), out);
        Packed.writeText(issue.customerId(), out);
        Present.writeText(issue.topic(), out);
        Present.writeText(issue.caseId(), out);
        out.writeByte((issue.settled() ? SETTLED : 0)
                | (issue.resolved() ? RESOLVED : 0)
                | (issue.resolvable() ? RESOLVABLE : 0)
                | (issue.absorbed() ? ABSORBED : 0));
        out.writeLong(issue.start());
        Packed.writeNumber(issue.end() - issue.start(), out);
        Present.writeList(issue.channels(), out);
        Packed.writeSize(issue.contacts().size(), out);
        for (Contact contact : issue.contacts()) {
            write(contact, out);
        }
        Present.writeHandoffs(issue.handoffKinds(), out);
        Packed.writeSize(issue.channelSwitches(), out);
        Packed.writeSize(issue.reAsks(), out);
        Present.writeNumber(issue.firstResponseMs(), out);
        Present.writeNumber(issue.resolutionMs(), out);
        Packed.writeNumber(issue.longestSilenceMs(), out);
        Packed.writeSize(issue.promises().size(), out);
        for (Promise promise : issue.promises()) {
            write(promise, issue.start(), out);
        }
        Packed.writeSize(issue.reopened(), out);
        Present.writeList(issue.flags(), out);
        Packed.writeNumber(issue.revision(), out);
    }

    @Override
    public Issue read(DataInput in, int version) throws IOException {
        String issueId = Packed.readText(in);
        String customerId = Packed.readText(in);
        String topic = Present.readText(in);
        String caseId = Present.readText(in);
        int verdict = in.readByte();
        if (version < 2) {
            return readVersion1(issueId, customerId, topic, caseId, verdict, in);
        }
        long start = in.readLong();
        return new Issue(
                issueId,
                customerId,
                topic,
                caseId,
                (verdict & ABSORBED) != 0,
                (verdict & SETTLED) != 0,
                (verdict & RESOLVED) != 0,
                (verdict & RESOLVABLE) != 0,
                start,
                start + Packed.readNumber(in),
                Present.readList(in),
                readContacts(in),
                Present.readHandoffs(in),
                Packed.readSize(in),
                Packed.readSize(in),
                Present.readNumber(in),
                Present.readNumber(in),
                Packed.readNumber(in),
                readPromises(start, in),
                Packed.readSize(in),
                Present.readList(in),
                Packed.readNumber(in));
    }

    private static Issue readVersion1(
            String issueId,
            String customerId,
            @Nullable String topic,
            @Nullable String caseId,
            int verdict,
            DataInput in)
            throws IOException {
        List<Contact> contacts = readContacts(in);
        int handoffs = Packed.readSize(in);
        Issue issue = new Issue(
                issueId,
                customerId,
                topic,
                caseId,
                false,
                (verdict & SETTLED) != 0,
                (verdict & RESOLVED) != 0,
                (verdict & RESOLVABLE) != 0,
                contacts.get(0).start(),
                contacts.get(contacts.size() - 1).end(),
                contacts.stream().map(Contact::channel).distinct().sorted().toList(),
                contacts,
                new HandoffKinds(0, handoffs, 0),
                Packed.readSize(in),
                0,
                Present.readNumber(in),
                Present.readNumber(in),
                Packed.readNumber(in),
                List.of(),
                0,
                List.of(),
                0);
        // Promises were two sums; the next walk finds them again.
        Packed.readSize(in);
        Packed.readSize(in);
        return issue;
    }

    private static List<Contact> readContacts(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        List<Contact> contacts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            contacts.add(readContact(in));
        }
        return contacts;
    }

    private static void write(Promise promise, long start, DataOutput out) throws IOException {
        Packed.writeText(promise.touchpointId(), out);
        Present.writeText(promise.name(), out);
        Packed.writeNumber(promise.madeAt() - start, out);
        Present.writeNumber(promise.due(), out);
        Present.writeNumber(promise.keptAt(), out);
        out.writeBoolean(promise.takenBack());
        out.writeByte(code(promise.status()));
    }

    private static List<Promise> readPromises(long start, DataInput in) throws IOException {
        int size = Packed.readSize(in);
        List<Promise> promises = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            promises.add(new Promise(
                    Packed.readText(in),
                    Present.readText(in),
                    start + Packed.readNumber(in),
                    Present.readNumber(in),
                    Present.readNumber(in),
                    in.readBoolean(),
                    status(in.readByte())));
        }
        return promises;
    }

    private static int code(Promise.Status status) {
        return switch (status) {
            case OPEN -> 0;
            case KEPT -> 1;
            case BROKEN -> 2;
        };
    }

    private static Promise.Status status(int code) throws IOException {
        for (Promise.Status status : Promise.Status.values()) {
            if (code(status) == code) {
                return status;
            }
        }
        throw new IOException("no status of a promise is written as " + code);
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
