package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Journey;
import io.throughline.domain.sessionize.Journey.EndCause;
import io.throughline.domain.sessionize.Journey.StageVisit;
import io.throughline.domain.sessionize.Journey.Status;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The fields in their order; times as distances from the start. */
public final class JourneyLayout implements Layout<Journey> {
    private static final long serialVersionUID = 1;

    public static final JourneyLayout INSTANCE = new JourneyLayout();

    private static final Status[] STATUSES = Status.values();
    private static final EndCause[] CAUSES = EndCause.values();

    @Override
    public void write(Journey journey, DataOutput out) throws IOException {
        Packed.writeText(journey.journeyId(), out);
        Packed.writeText(journey.customerId(), out);
        out.writeByte(code(journey.status()));
        out.writeBoolean(journey.ended());
        out.writeByte(code(journey.endCause()));
        out.writeLong(journey.start());
        Packed.writeNumber(journey.end() - journey.start(), out);
        Present.writeText(journey.product(), out);
        Present.writeText(journey.topic(), out);
        Present.writeText(journey.stage(), out);
        Present.writeList(journey.stages(), out);
        writeVisits(journey.stagePath(), journey.start(), out);
        Present.writeTimes(journey.dwellMs(), out);
        Packed.writeSize(journey.stepsBack(), out);
        Present.writeNumber(journey.convertedAt(), out);
        Present.writeText(journey.conversionChannel(), out);
        Packed.writeSize(journey.conversionCount(), out);
        Present.writeNumber(journey.churnedAt(), out);
        Present.writeList(journey.channels(), out);
        Packed.writeText(journey.firstChannel(), out);
        Packed.writeNumber(journey.touchpointCount(), out);
        Packed.writeNumber(journey.sessionCount(), out);
        Present.writeMoney(journey.value(), out);
        Present.writeList(journey.flags(), out);
        Packed.writeNumber(journey.revision(), out);
    }

    @Override
    public Journey read(DataInput in, int version) throws IOException {
        String journeyId = Packed.readText(in);
        String customerId = Packed.readText(in);
        Status status = status(in.readByte());
        boolean ended = in.readBoolean();
        EndCause endCause = endCause(in.readByte());
        long start = in.readLong();
        return new Journey(
                journeyId,
                customerId,
                status,
                ended,
                endCause,
                start,
                start + Packed.readNumber(in),
                Present.readText(in),
                Present.readText(in),
                Present.readText(in),
                Present.readList(in),
                readVisits(start, in),
                Present.readTimes(in),
                Packed.readSize(in),
                Present.readNumber(in),
                Present.readText(in),
                Packed.readSize(in),
                Present.readNumber(in),
                Present.readList(in),
                Packed.readText(in),
                Packed.readNumber(in),
                Packed.readNumber(in),
                Present.readMoney(in),
                Present.readList(in),
                Packed.readNumber(in));
    }

    /** @param from time to write the first entry as the distance from, each further one from the one before */
    static void writeVisits(List<StageVisit> visits, long from, DataOutput out) throws IOException {
        Packed.writeSize(visits.size(), out);
        long before = from;
        for (int i = 0; i < visits.size(); i++) {
            StageVisit visit = visits.get(i);
            Packed.writeText(visit.stage(), out);
            Packed.writeNumber(visit.entered() - before, out);
            Packed.writeNumber(visit.dwellMs(), out);
            Packed.writeNumber(visit.touchpoints(), out);
            before = visit.entered();
        }
    }

    static List<StageVisit> readVisits(long from, DataInput in) throws IOException {
        int size = Packed.readSize(in);
        List<StageVisit> visits = new ArrayList<>();
        long before = from;
        for (int i = 0; i < size; i++) {
            String stage = Packed.readText(in);
            before += Packed.readNumber(in);
            visits.add(new StageVisit(stage, before, Packed.readNumber(in), Packed.readNumber(in)));
        }
        return List.copyOf(visits);
    }

    private static int code(Status status) {
        return switch (status) {
            case ACTIVE -> 0;
            case CONVERTED -> 1;
            case ABANDONED -> 2;
            case CHURNED -> 3;
            case ABSORBED -> 4;
        };
    }

    private static Status status(int code) throws IOException {
        for (Status status : STATUSES) {
            if (code(status) == code) {
                return status;
            }
        }
        throw new IOException("no journey status is written as " + code);
    }

    static int code(EndCause cause) {
        return switch (cause) {
            case OPEN -> 0;
            case QUIET -> 1;
            case CHURNED -> 2;
            case NEW_PURPOSE -> 3;
        };
    }

    static EndCause endCause(int code) throws IOException {
        for (EndCause cause : CAUSES) {
            if (code(cause) == code) {
                return cause;
            }
        }
        throw new IOException("no cause of a journey's end is written as " + code);
    }
}
