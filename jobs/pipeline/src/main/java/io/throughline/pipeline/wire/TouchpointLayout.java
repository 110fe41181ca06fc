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

    @Override
    public void write(Touchpoint t, DataOutput out) throws IOException {
        out.writeInt(present(t));
        Packed.writeText(t.touchpointId(), out);
        out.writeLong(t.eventTime());
        Packed.writeText(t.channel(), out);
        Packed.writeText(t.kind(), out);
        Packed.writeSize(t.identifiers().size(), out);
        for (Identifier identifier : t.identifiers()) {
            Packed.writeText(identifier.type(), out);
            Packed.writeText(identifier.value(), out);
        }
        if (t.receivedTime() != t.eventTime()) {
            Packed.writeNumber(t.receivedTime() - t.eventTime(), out);
        }
        if (t.sentTime() != null) {
            Packed.writeNumber(t.sentTime() - t.eventTime(), out);
        }
        write(t.actor(), out);
        write(t.touchpoint(), out);
        write(t.stage(), out);
        write(t.topic(), out);
        write(t.caseId(), out);
        write(t.location(), out);
        write(t.brand(), out);
        write(t.product(), out);
        write(t.segment(), out);
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
        if (!t.experiments().isEmpty()) {
            Packed.writeTexts(t.experiments(), out);
        }
        write(t.captureMethod(), out);
        if (!t.properties().isEmpty()) {
            Packed.writeTexts(t.properties(), out);
        }
    }

    @Override
    public Touchpoint read(DataInput in, int version) throws IOException {
        int present = in.readInt();
        String touchpointId = Packed.readText(in);
        long eventTime = in.readLong();
        String channel = Packed.readText(in);
        String kind = Packed.readText(in);
        List<Identifier> identifiers = readIdentifiers(in);
        long receivedTime = has(present, RECEIVED_TIME) ? eventTime + Packed.readNumber(in) : eventTime;
        Touchpoint read = new Touchpoint(
                touchpointId,
                eventTime,
                receivedTime,
                has(present, SENT_TIME) ? (Long) (eventTime + Packed.readNumber(in)) : null,
                channel,
                kind,
                has(present, OUTBOUND),
                readText(present, ACTOR, in),
                identifiers,
                readText(present, TOUCHPOINT, in),
                readText(present, STAGE, in),
                readText(present, TOPIC, in),
                readText(present, CASE_ID, in),
                readText(present, LOCATION, in),
                readText(present, BRAND, in),
                readText(present, PRODUCT, in),
                readText(present, SEGMENT, in),
                readText(present, OUTCOME, in),
                readNumber(present, WAIT_MS, in),
                readNumber(present, HANDLE_MS, in),
                has(present, VALUE) ? new Money(Packed.readNumber(in), Packed.readText(in)) : null,
                has(present, SURVEY) ? readSurvey(present, in) : null,
                has(present, SENTIMENT) ? (Double) in.readDouble() : null,
                has(present, EXPERIMENTS) ? Packed.readTexts(in) : Map.of(),
                readText(present, CAPTURE_METHOD, in),
                has(present, PROPERTIES) ? Packed.readTexts(in) : Map.of());
        // What is at rest is opened long after its neighbours were here, and closed again soon: looking for another
        // costs more.
        return in instanceof TextInput ? read : shared(read);
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
