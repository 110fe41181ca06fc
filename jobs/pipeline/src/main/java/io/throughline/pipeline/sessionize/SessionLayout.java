package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.HandoffKinds;
import io.throughline.domain.sessionize.RememberedPath;
import io.throughline.domain.sessionize.Session;
import io.throughline.domain.sessionize.Session.CutCause;
import io.throughline.domain.sessionize.Session.Status;
import io.throughline.domain.sessionize.Session.Step;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The path first, then the other fields; times as distances from the start. */
public final class SessionLayout implements Layout<Session> {
    private static final long serialVersionUID = 1;

    public static final SessionLayout INSTANCE = new SessionLayout();

    private static final Status[] STATUSES = Status.values();
    private static final CutCause[] CAUSES = CutCause.values();

    /** Version 1 knew no kinds of handoffs, no re-asks and no flags, version 2 no segment. */
    @Override
    public int version() {
        return 3;
    }

    @Override
    public void write(Session session, DataOutput out) throws IOException {
        Packed.writeSize(session.path().size(), out);
        long time = 0;
        for (Step step : session.path()) {
            writeStep(step, time, out);
            time = step.eventTime();
        }
        writeRest(session, out);
    }

    @Override
    public Session read(DataInput in, int version) throws IOException {
        int size = Packed.readSize(in);
        List<Step> path = new ArrayList<>();
        long time = 0;
        for (int i = 0; i < size; i++) {
            Step step = readStep(time, in);
            time = step.eventTime();
            path.add(step);
        }
        return readRest(path, in, version);
    }

    /** @param before event time to write the step's as the distance from */
    static void writeStep(Step step, long before, DataOutput out) throws IOException {
        Packed.writeText(step.touchpointId(), out);
        Packed.writeNumber(step.eventTime() - before, out);
        Packed.writeText(step.channel(), out);
        Packed.writeText(step.kind(), out);
        Present.writeText(step.touchpoint(), out);
        Present.writeText(step.stage(), out);
    }

    static Step readStep(long before, DataInput in) throws IOException {
        return new Step(
                Packed.readText(in),
                before + Packed.readNumber(in),
                Packed.readText(in),
                Packed.readText(in),
                Present.readText(in),
                Present.readText(in));
    }

    /** Everything but the path. */
    static void writeRest(Session session, DataOutput out) throws IOException {
        Packed.writeText(session.sessionId(), out);
        Packed.writeText(session.customerId(), out);
        out.writeByte(code(session.status()));
        out.writeByte(code(session.cutCause()));
        out.writeLong(session.start());
        Packed.writeNumber(session.end() - session.start(), out);
        Present.writeList(session.channels(), out);
        Packed.writeNumber(session.touchpointCount(), out);
        Packed.writeSize(session.channelSwitches(), out);
        Packed.writeSize(session.handoffs(), out);
        Present.writeTimes(session.activeMs(), out);
        Present.writeText(session.outcome(), out);
        Present.writeList(session.topics(), out);
        Present.writeList(session.stages(), out);
        Packed.writeSize(session.scores().size(), out);
        for (String metric : Packed.keysInOrder(session.scores())) {
            Packed.writeText(metric, out);
            out.writeDouble(Objects.requireNonNull(session.scores().get(metric)));
        }
        Present.writeMoney(session.value(), out);
        Packed.writeSize(session.errors(), out);
        Packed.writeSize(session.complaints(), out);
        Packed.writeNumber(session.waitMs(), out);
        Present.writeHandoffs(session.handoffKinds(), out);
        Packed.writeSize(session.reAsks(), out);
        Present.writeList(session.flags(), out);
        Present.writeText(session.segment(), out);
        Packed.writeNumber(session.revision(), out);
    }

    static Session readRest(List<Step> path, DataInput in, int version) throws IOException {
        String sessionId = Packed.readText(in);
        String customerId = Packed.readText(in);
        Status status = status(in.readByte());
        CutCause cutCause = cutCause(in.readByte());
        long start = in.readLong();
        return new Session(
                sessionId,
                customerId,
                status,
                start,
                start + Packed.readNumber(in),
                Present.readList(in),
                Packed.readNumber(in),
                path instanceof RememberedPath ? path : Collections.unmodifiableList(path),
                Packed.readSize(in),
                Packed.readSize(in),
                Present.readTimes(in),
                cutCause,
                Present.readText(in),
                Present.readList(in),
                Present.readList(in),
                readScores(in),
                Present.readMoney(in),
                Packed.readSize(in),
                Packed.readSize(in),
                Packed.readNumber(in),
                version < 2 ? HandoffKinds.NONE : Present.readHandoffs(in),
                version < 2 ? 0 : Packed.readSize(in),
                version < 2 ? List.of() : Present.readList(in),
                version < 3 ? null : Present.readText(in),
                Packed.readNumber(in));
    }

    private static Map<String, Double> readScores(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        if (size == 0) {
            return Map.of();
        }
        Map<String, Double> scores = new HashMap<>();
        for (int i = 0; i < size; i++) {
            scores.put(Packed.readText(in), in.readDouble());
        }
        return scores;
    }

    private static int code(Status status) {
        return switch (status) {
            case OPEN -> 0;
            case CLOSED -> 1;
            case REVISED -> 2;
            case ABSORBED -> 3;
        };
    }

    private static Status status(int code) throws IOException {
        for (Status status : STATUSES) {
            if (code(status) == code) {
                return status;
            }
        }
        throw new IOException("no session status is written as " + code);
    }

    static int code(CutCause cause) {
        return switch (cause) {
            case OPEN -> 0;
            case INACTIVITY -> 1;
            case LOGOUT -> 2;
            case MAX_LENGTH -> 3;
            case MAX_SIZE -> 4;
            case CAMPAIGN -> 5;
            case DAY -> 6;
        };
    }

    static CutCause cutCause(int code) throws IOException {
        for (CutCause cause : CAUSES) {
            if (code(cause) == code) {
                return cause;
            }
        }
        throw new IOException("no cause of a session's end is written as " + code);
    }
}
