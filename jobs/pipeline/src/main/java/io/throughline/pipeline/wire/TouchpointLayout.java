package io.throughline.pipeline.wire;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.domain.touchpoint.Money;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.domain.touchpoint.Touchpoint;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.TextInput;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A touchpoint: 32 bits saying which facts are present, the required facts, the present ones in the order of their
 * bits.
 */
public final class TouchpointLayout implements Layout<Touchpoint> {

    private static final long serialVersionUID = 1;

    public static final TouchpointLayout INSTANCE = new TouchpointLayout();

    /** A touchpoint passes five operators that remember it; where they share a process they share the object, too. */
    private static final Touchpoint[] RECENT = new Touchpoint[1 << 13];

    private static final int RECEIVED_TIME = 1;
    private static final int SENT_TIME = 1 << 1;
    private static final int OUTBOUND = 1 << 2;
    private static final int ACTOR = 1 << 3;
    private static final int TOUCHPOINT = 1 << 4;
    private static final int STAGE = 1 << 5;
    private static final int TOPIC = 1 << 6;
    private static final int CASE_ID = 1 << 7;
    private static final int LOCATION = 1 << 8;
    private static final int BRAND = 1 << 9;
    private static final int PRODUCT = 1 << 10;
    private static final int SEGMENT = 1 << 11;
    private static final int OUTCOME = 1 << 12;
    private static final int WAIT_MS = 1 << 13;
    private static final int HANDLE_MS = 1 << 14;
    private static final int VALUE = 1 << 15;
    private static final int SURVEY = 1 << 16;
    private static final int SURVEY_HIGHER_IS_BETTER = 1 << 17;
    private static final int SURVEY_VERBATIM = 1 << 18;
    private static final int ABOUT = 1 << 19;
    private static final int ABOUT_TOUCHPOINT_ID = 1 << 20;
    private static final int ABOUT_CHANNEL = 1 << 21;
    private static final int ABOUT_TOUCHPOINT = 1 << 22;
    private static final int ABOUT_CASE_ID = 1 << 23;
    private static final int SENTIMENT = 1 << 24;
    private static final int EXPERIMENTS = 1 << 25;
    private static final int CAPTURE_METHOD = 1 << 26;
    private static final int PROPERTIES = 1 << 27;

    /** Facts that one has in common with the one before it. */
    private static final int SAME_CHANNEL = 1;

    private static final int SAME_KIND = 1 << 1;
    private static final int SAME_IDENTIFIERS = 1 << 2;
    private static final int SAME_ACTOR = 1 << 3;
    private static final int SAME_TOUCHPOINT = 1 << 4;
    private static final int SAME_STAGE = 1 << 5;
    private static final int SAME_TOPIC = 1 << 6;
    private static final int SAME_CASE_ID = 1 << 7;
    private static final int SAME_LOCATION = 1 << 8;
    private static final int SAME_BRAND = 1 << 9;
    private static final int SAME_PRODUCT = 1 << 10;
    private static final int SAME_SEGMENT = 1 << 11;
    private static final int SAME_CAPTURE_METHOD = 1 << 12;
    private static final int SAME_EXPERIMENTS = 1 << 13;
    private static final int SAME_PROPERTIES = 1 << 14;

    /** What the first is written after: it says nothing. */
    private static final Touchpoint NOTHING = Touchpoint.of("", 0, "", "").build();

    @Override
    public void write(Touchpoint t, DataOutput out) throws IOException {
        out.writeInt(present(t));
        Packed.writeText(t.touchpointId(), out);
        out.writeLong(t.eventTime());
        writeFacts(t, 0, out);
    }

    /**
     * One of several of one customer, of which each mostly has much in common with the one before.
     *
     * @param before null: it is the first
     */
    public static void writeAfter(@Nullable Touchpoint before, Touchpoint t, DataOutput out) throws IOException {
        Touchpoint known = before == null ? NOTHING : before;
        int same = same(known, t);
        Packed.writeSize(same, out);
        Packed.writeSize(present(t) & ~presentBySame(same), out);
        Packed.writeText(t.touchpointId(), out);
        Packed.writeNumber(t.eventTime() - known.eventTime(), out);
        writeFacts(t, same, out);
    }

    private static void writeFacts(Touchpoint t, int same, DataOutput out) throws IOException {
        if (!has(same, SAME_CHANNEL)) {
            Packed.writeText(t.channel(), out);
        }
        if (!has(same, SAME_KIND)) {
            Packed.writeText(t.kind(), out);
        }
        if (!has(same, SAME_IDENTIFIERS)) {
            Packed.writeSize(t.identifiers().size(), out);
            for (Identifier identifier : t.identifiers()) {
                Packed.writeText(identifier.type(), out);
                Packed.writeText(identifier.value(), out);
            }
        }
        if (t.receivedTime() != t.eventTime()) {
            Packed.writeNumber(t.receivedTime() - t.eventTime(), out);
        }
        if (t.sentTime() != null) {
            Packed.writeNumber(t.sentTime() - t.eventTime(), out);
        }
        write(t.actor(), same, SAME_ACTOR, out);
        write(t.touchpoint(), same, SAME_TOUCHPOINT, out);
        write(t.stage(), same, SAME_STAGE, out);
        write(t.topic(), same, SAME_TOPIC, out);
        write(t.caseId(), same, SAME_CASE_ID, out);
        write(t.location(), same, SAME_LOCATION, out);
        write(t.brand(), same, SAME_BRAND, out);
        write(t.product(), same, SAME_PRODUCT, out);
        write(t.segment(), same, SAME_SEGMENT, out);
        write(t.outcome(), out);
        write(t.waitMs(), out);
        write(t.handleMs(), out);
        if (t.value() != null) {
            Packed.writeNumber(t.value().micros(), out);
            Packed.writeText(t.value().currency(), out);
        }
        write(t.survey(), out);
        if (t.sentiment() != null) {
            out.writeDouble(t.sentiment());
        }
        if (!t.experiments().isEmpty() && !has(same, SAME_EXPERIMENTS)) {
            Packed.writeTexts(t.experiments(), out);
        }
        write(t.captureMethod(), same, SAME_CAPTURE_METHOD, out);
        if (!t.properties().isEmpty() && !has(same, SAME_PROPERTIES)) {
            Packed.writeTexts(t.properties(), out);
        }
    }

    @Override
    public Touchpoint read(DataInput in, int version) throws IOException {
        int present = in.readInt();
        String touchpointId = Packed.readText(in);
        Touchpoint read = readFacts(NOTHING, 0, present, touchpointId, in.readLong(), in);
        // What is at rest is opened long after its neighbours were here, and closed again soon: looking for another
        // costs more.
        return in instanceof TextInput ? read : shared(read);
    }

    /** @param before the one it was written after; null: none */
    public static Touchpoint readAfter(@Nullable Touchpoint before, DataInput in) throws IOException {
        Touchpoint known = before == null ? NOTHING : before;
        int same = Packed.readSize(in);
        int present = Packed.readSize(in);
        String touchpointId = Packed.readText(in);
        return readFacts(known, same, present, touchpointId, known.eventTime() + Packed.readNumber(in), in);
    }

    private static Touchpoint readFacts(
            Touchpoint before, int same, int present, String touchpointId, long eventTime, DataInput in)
            throws IOException {
        String channel = has(same, SAME_CHANNEL) ? before.channel() : Packed.readText(in);
        String kind = has(same, SAME_KIND) ? before.kind() : Packed.readText(in);
        List<Identifier> identifiers = has(same, SAME_IDENTIFIERS) ? before.identifiers() : readIdentifiers(in);
        long receivedTime = has(present, RECEIVED_TIME) ? eventTime + Packed.readNumber(in) : eventTime;
        return new Touchpoint(
                touchpointId,
                eventTime,
                receivedTime,
                has(present, SENT_TIME) ? (Long) (eventTime + Packed.readNumber(in)) : null,
                channel,
                kind,
                has(present, OUTBOUND),
                has(same, SAME_ACTOR) ? before.actor() : readText(present, ACTOR, in),
                identifiers,
                has(same, SAME_TOUCHPOINT) ? before.touchpoint() : readText(present, TOUCHPOINT, in),
                has(same, SAME_STAGE) ? before.stage() : readText(present, STAGE, in),
                has(same, SAME_TOPIC) ? before.topic() : readText(present, TOPIC, in),
                has(same, SAME_CASE_ID) ? before.caseId() : readText(present, CASE_ID, in),
                has(same, SAME_LOCATION) ? before.location() : readText(present, LOCATION, in),
                has(same, SAME_BRAND) ? before.brand() : readText(present, BRAND, in),
                has(same, SAME_PRODUCT) ? before.product() : readText(present, PRODUCT, in),
                has(same, SAME_SEGMENT) ? before.segment() : readText(present, SEGMENT, in),
                readText(present, OUTCOME, in),
                readNumber(present, WAIT_MS, in),
                readNumber(present, HANDLE_MS, in),
                has(present, VALUE) ? new Money(Packed.readNumber(in), Packed.readText(in)) : null,
                has(present, SURVEY) ? readSurvey(present, in) : null,
                has(present, SENTIMENT) ? (Double) in.readDouble() : null,
                has(same, SAME_EXPERIMENTS)
                        ? before.experiments()
                        : has(present, EXPERIMENTS) ? Packed.readTexts(in) : Map.of(),
                has(same, SAME_CAPTURE_METHOD) ? before.captureMethod() : readText(present, CAPTURE_METHOD, in),
                has(same, SAME_PROPERTIES)
                        ? before.properties()
                        : has(present, PROPERTIES) ? Packed.readTexts(in) : Map.of());
    }

    private static Touchpoint shared(Touchpoint read) {
        int hash = read.touchpointId().hashCode();
        int slot = (hash ^ hash >>> 16) & RECENT.length - 1;
        Touchpoint recent = RECENT[slot];
        if (recent != null && recent.equals(read)) {
            return recent;
        }
        RECENT[slot] = read;
        return read;
    }

    /** Which of the facts that mostly stay both have; what neither has is not among them. */
    private static int same(Touchpoint before, Touchpoint t) {
        return bit(t.channel().equals(before.channel()), SAME_CHANNEL)
                | bit(t.kind().equals(before.kind()), SAME_KIND)
                | bit(t.identifiers().equals(before.identifiers()), SAME_IDENTIFIERS)
                | same(before.actor(), t.actor(), SAME_ACTOR)
                | same(before.touchpoint(), t.touchpoint(), SAME_TOUCHPOINT)
                | same(before.stage(), t.stage(), SAME_STAGE)
                | same(before.topic(), t.topic(), SAME_TOPIC)
                | same(before.caseId(), t.caseId(), SAME_CASE_ID)
                | same(before.location(), t.location(), SAME_LOCATION)
                | same(before.brand(), t.brand(), SAME_BRAND)
                | same(before.product(), t.product(), SAME_PRODUCT)
                | same(before.segment(), t.segment(), SAME_SEGMENT)
                | same(before.captureMethod(), t.captureMethod(), SAME_CAPTURE_METHOD)
                | bit(!t.experiments().isEmpty() && t.experiments().equals(before.experiments()), SAME_EXPERIMENTS)
                | bit(!t.properties().isEmpty() && t.properties().equals(before.properties()), SAME_PROPERTIES);
    }

    private static int same(@Nullable String before, @Nullable String now, int bit) {
        return bit(now != null && now.equals(before), bit);
    }

    /** Of those that need not be said to be present, since they are the same. */
    private static int presentBySame(int same) {
        return bit(has(same, SAME_ACTOR), ACTOR)
                | bit(has(same, SAME_TOUCHPOINT), TOUCHPOINT)
                | bit(has(same, SAME_STAGE), STAGE)
                | bit(has(same, SAME_TOPIC), TOPIC)
                | bit(has(same, SAME_CASE_ID), CASE_ID)
                | bit(has(same, SAME_LOCATION), LOCATION)
                | bit(has(same, SAME_BRAND), BRAND)
                | bit(has(same, SAME_PRODUCT), PRODUCT)
                | bit(has(same, SAME_SEGMENT), SEGMENT)
                | bit(has(same, SAME_CAPTURE_METHOD), CAPTURE_METHOD)
                | bit(has(same, SAME_EXPERIMENTS), EXPERIMENTS)
                | bit(has(same, SAME_PROPERTIES), PROPERTIES);
    }

    private static int present(Touchpoint t) {
        int present = bit(t.receivedTime() != t.eventTime(), RECEIVED_TIME)
                | bit(t.sentTime() != null, SENT_TIME)
                | bit(t.outbound(), OUTBOUND)
                | bit(t.actor() != null, ACTOR)
                | bit(t.touchpoint() != null, TOUCHPOINT)
                | bit(t.stage() != null, STAGE)
                | bit(t.topic() != null, TOPIC)
                | bit(t.caseId() != null, CASE_ID)
                | bit(t.location() != null, LOCATION)
                | bit(t.brand() != null, BRAND)
                | bit(t.product() != null, PRODUCT)
                | bit(t.segment() != null, SEGMENT)
                | bit(t.outcome() != null, OUTCOME)
                | bit(t.waitMs() != null, WAIT_MS)
                | bit(t.handleMs() != null, HANDLE_MS)
                | bit(t.value() != null, VALUE)
                | bit(t.sentiment() != null, SENTIMENT)
                | bit(!t.experiments().isEmpty(), EXPERIMENTS)
                | bit(t.captureMethod() != null, CAPTURE_METHOD)
                | bit(!t.properties().isEmpty(), PROPERTIES);
        Survey survey = t.survey();
        if (survey == null) {
            return present;
        }
        present |= SURVEY
                | bit(survey.higherIsBetter(), SURVEY_HIGHER_IS_BETTER)
                | bit(survey.verbatim() != null, SURVEY_VERBATIM);
        Survey.About about = survey.about();
        if (about == null) {
            return present;
        }
        return present
                | ABOUT
                | bit(about.touchpointId() != null, ABOUT_TOUCHPOINT_ID)
                | bit(about.channel() != null, ABOUT_CHANNEL)
                | bit(about.touchpoint() != null, ABOUT_TOUCHPOINT)
                | bit(about.caseId() != null, ABOUT_CASE_ID);
    }

    private static void write(@Nullable Survey survey, DataOutput out) throws IOException {
        if (survey == null) {
            return;
        }
        Packed.writeText(survey.metric(), out);
        out.writeDouble(survey.scaleMin());
        out.writeDouble(survey.scaleMax());
        out.writeDouble(survey.score());
        write(survey.verbatim(), out);
        Survey.About about = survey.about();
        if (about != null) {
            write(about.touchpointId(), out);
            write(about.channel(), out);
            write(about.touchpoint(), out);
            write(about.caseId(), out);
        }
    }

    private static Survey readSurvey(int present, DataInput in) throws IOException {
        String metric = Packed.readText(in);
        double scaleMin = in.readDouble();
        double scaleMax = in.readDouble();
        double score = in.readDouble();
        String verbatim = readText(present, SURVEY_VERBATIM, in);
        Survey.About about = has(present, ABOUT)
                ? new Survey.About(
                        readText(present, ABOUT_TOUCHPOINT_ID, in),
                        readText(present, ABOUT_CHANNEL, in),
                        readText(present, ABOUT_TOUCHPOINT, in),
                        readText(present, ABOUT_CASE_ID, in))
                : null;
        return new Survey(metric, scaleMin, scaleMax, has(present, SURVEY_HIGHER_IS_BETTER), score, verbatim, about);
    }

    private static List<Identifier> readIdentifiers(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        return switch (size) {
            case 0 -> List.of();
            case 1 -> List.of(Packed.readIdentifier(in));
            case 2 -> List.of(Packed.readIdentifier(in), Packed.readIdentifier(in));
            default -> {
                List<Identifier> identifiers = new ArrayList<>(Math.min(size, 64));
                for (int i = 0; i < size; i++) {
                    identifiers.add(Packed.readIdentifier(in));
                }
                yield identifiers;
            }
        };
    }

    private static void write(@Nullable String text, int same, int bit, DataOutput out) throws IOException {
        if (text != null && !has(same, bit)) {
            Packed.writeText(text, out);
        }
    }

    private static void write(@Nullable String text, DataOutput out) throws IOException {
        if (text != null) {
            Packed.writeText(text, out);
        }
    }

    private static void write(@Nullable Long number, DataOutput out) throws IOException {
        if (number != null) {
            Packed.writeNumber(number, out);
        }
    }

    private static @Nullable String readText(int present, int bit, DataInput in) throws IOException {
        return has(present, bit) ? Packed.readText(in) : null;
    }

    private static @Nullable Long readNumber(int present, int bit, DataInput in) throws IOException {
        return has(present, bit) ? Packed.readNumber(in) : null;
    }

    private static int bit(boolean present, int bit) {
        return present ? bit : 0;
    }

    private static boolean has(int present, int bit) {
        return (present & bit) != 0;
    }
}
