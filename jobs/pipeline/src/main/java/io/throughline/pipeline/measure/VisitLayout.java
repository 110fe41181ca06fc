package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Visit;
import io.throughline.domain.measure.VisitInput;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A visit and an answer, their components in order. */
final class VisitLayout {

    static void write(Visit visit, DataOutput out) throws IOException {
        Packed.writeText(visit.sessionId(), out);
        out.writeLong(visit.start());
        Packed.writeNumber(visit.end() - visit.start(), out);
        writeTexts(visit.channels(), out);
        writeTexts(visit.topics(), out);
        Packed.writeSize(visit.factors(), out);
        writeMoment(visit.selfServedAt(), visit, out);
        writeMoment(visit.assistedAt(), visit, out);
        out.writeBoolean(visit.passedOn());
    }

    static Visit read(DataInput in) throws IOException {
        String sessionId = Packed.readText(in);
        long start = in.readLong();
        return new Visit(
                sessionId,
                start,
                start + Packed.readNumber(in),
                readTexts(in),
                readTexts(in),
                Packed.readSize(in),
                readMoment(start, in),
                readMoment(start, in),
                in.readBoolean());
    }

    static void write(VisitInput.Answer answer, DataOutput out) throws IOException {
        Packed.writeText(answer.touchpointId(), out);
        out.writeLong(answer.time());
        Packed.writeSize(answer.survey(), out);
        Packed.writeNumber(answer.thousandths(), out);
        String channel = answer.channel();
        out.writeBoolean(channel != null);
        if (channel != null) {
            Packed.writeText(channel, out);
        }
        Long aboutTime = answer.aboutTime();
        out.writeBoolean(aboutTime != null);
        if (aboutTime != null) {
            out.writeLong(aboutTime);
        }
    }

    /** @param version the first knew no touchpoint an answer is about */
    static VisitInput.Answer readAnswer(DataInput in, int version) throws IOException {
        return new VisitInput.Answer(
                Packed.readText(in),
                in.readLong(),
                Packed.readSize(in),
                Packed.readNumber(in),
                in.readBoolean() ? Packed.readText(in) : null,
                version > 1 && in.readBoolean() ? (Long) in.readLong() : null);
    }

    /** A moment of the visit; -1: none. */
    private static void writeMoment(long moment, Visit visit, DataOutput out) throws IOException {
        Packed.writeNumber(moment == Long.MAX_VALUE ? -1 : moment - visit.start(), out);
    }

    private static long readMoment(long start, DataInput in) throws IOException {
        long since = Packed.readNumber(in);
        return since < 0 ? Long.MAX_VALUE : start + since;
    }

    private static void writeTexts(List<String> texts, DataOutput out) throws IOException {
        Packed.writeSize(texts.size(), out);
        for (String text : texts) {
            Packed.writeText(text, out);
        }
    }

    private static List<String> readTexts(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        List<String> texts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            texts.add(Packed.readText(in));
        }
        return texts;
    }

    private VisitLayout() {}
}
