package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.Alert.Context;
import io.throughline.domain.alert.Alert.Evidence;
import io.throughline.domain.alert.Alert.Life;
import io.throughline.domain.alert.Alert.Status;
import io.throughline.domain.alert.Alert.Transition;
import io.throughline.domain.alert.AlertState.Said;
import io.throughline.pipeline.kit.Enclosed;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The components in their order; an absent one is a zero byte. */
public final class AlertLayout implements Layout<Alert> {

    private static final long serialVersionUID = 1;

    public static final AlertLayout INSTANCE = new AlertLayout();

    /** A status is written as its place in this list, which only grows. */
    private static final List<Status> STATUSES = List.of(
            Status.OPEN,
            Status.ACKNOWLEDGED,
            Status.RESOLVED,
            Status.ESCALATED,
            Status.RETRACTED,
            Status.ASSIGNED,
            Status.SHADOW);

    /** Version 2 added what whoever takes care should know, and what became of it; version 3 topic and location, version 4 channel. */
    @Override
    public int version() {
        return 4;
    }

    @Override
    public void write(Alert alert, DataOutput out) throws IOException {
        Packed.writeText(alert.alertId(), out);
        Packed.writeText(alert.ruleId(), out);
        Packed.writeSize(alert.ruleVersion(), out);
        writeOptional(alert.customerId(), out);
        out.writeByte(STATUSES.indexOf(alert.status()));
        Packed.writeText(alert.severity(), out);
        out.writeLong(alert.openedAt());
        out.writeBoolean(alert.resolvedAt() != null);
        if (alert.resolvedAt() != null) {
            Packed.writeNumber(alert.resolvedAt() - alert.openedAt(), out);
        }
        Packed.writeText(alert.reason(), out);
        writeOptional(alert.retractedBecause(), out);
        writeEvidence(alert.evidence(), alert.openedAt(), out);
        writeOptional(alert.expectation(), out);
        Packed.writeNumber(alert.revision(), out);
        write(alert.context(), out);
        write(alert.life(), out);
    }

    @Override
    public Alert read(DataInput in, int version) throws IOException {
        String alertId = Packed.readText(in);
        String ruleId = Packed.readText(in);
        int ruleVersion = Packed.readSize(in);
        String customerId = readOptional(in);
        Status status = STATUSES.get(in.readByte());
        String severity = Packed.readText(in);
        long openedAt = in.readLong();
        Long resolvedAt = in.readBoolean() ? openedAt + Packed.readNumber(in) : null;
        String reason = Packed.readText(in);
        String retractedBecause = readOptional(in);
        List<Evidence> evidence = readEvidence(openedAt, in);
        return new Alert(
                alertId,
                ruleId,
                ruleVersion,
                customerId,
                status,
                severity,
                openedAt,
                resolvedAt,
                reason,
                retractedBecause,
                evidence,
                readOptional(in),
                Packed.readNumber(in),
                version < 2 ? Context.NONE : readContext(in, version),
                version < 2 ? Life.NONE : readLife(in));
    }

    /**
     * What was said, of whose alert only the beginning is read here, the rest when it is asked for.
     *
     * @throws IllegalStateException where a newer build wrote it
     */
    static Said said(Enclosed enclosed, long sequence, int times) throws IOException {
        if (enclosed.version() > INSTANCE.version()) {
            throw new IllegalStateException("an alert was written by version " + enclosed.version()
                    + " of its layout, this build knows " + INSTANCE.version() + ": start the newer build again");
        }
        DataInput in = enclosed.open();
        String alertId = Packed.readText(in);
        String ruleId = Packed.readText(in);
        int ruleVersion = Packed.readSize(in);
        readOptional(in);
        Status status = STATUSES.get(in.readByte());
        Packed.readText(in);
        long openedAt = in.readLong();
        return new Said(alertId, ruleId, ruleVersion, status, openedAt, sequence, times, new AtRest(enclosed));
    }

    /** An alert that is not read yet. */
    record AtRest(Enclosed enclosed) implements Said.Source {

        @Override
        public Alert alert() {
            try {
                return INSTANCE.read(enclosed.open(), enclosed.version());
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "an alert cannot be read: it is damaged; restore an older checkpoint", e);
            }
        }
    }

    private static void write(Context context, DataOutput out) throws IOException {
        writeOptional(context.valueTier(), out);
        Packed.writeSize(context.priority(), out);
        writeOptional(context.windowStart(), out);
        writeOptional(context.measured(), out);
        writeOptional(context.bound(), out);
        writeOptional(context.nextAction(), out);
        writeOptional(context.inhibitedBy(), out);
        writeOptional(context.acknowledgeWithinMs(), out);
        writeOptional(context.resolveWithinMs(), out);
        writeOptional(context.topic(), out);
        writeOptional(context.location(), out);
        writeOptional(context.channel(), out);
    }

    private static Context readContext(DataInput in, int version) throws IOException {
        return new Context(
                readOptional(in),
                Packed.readSize(in),
                readOptionalNumber(in),
                readOptionalDouble(in),
                readOptionalDouble(in),
                readOptional(in),
                readOptional(in),
                readOptionalNumber(in),
                readOptionalNumber(in),
                version < 3 ? null : readOptional(in),
                version < 3 ? null : readOptional(in),
                version < 4 ? null : readOptional(in));
    }

    private static void write(Life life, DataOutput out) throws IOException {
        Packed.writeSize(life.version(), out);
        writeOptional(life.assignee(), out);
        Packed.writeSize(life.escalations(), out);
        Packed.writeSize(life.reopened(), out);
        writeOptional(life.silencedUntil(), out);
        writeOptional(life.dueAt(), out);
        Packed.writeSize(life.history().size(), out);
        for (Transition transition : life.history()) {
            out.writeLong(transition.at());
            Packed.writeText(transition.what(), out);
            Packed.writeText(transition.by(), out);
            writeOptional(transition.because(), out);
            writeOptional(transition.actionId(), out);
        }
    }

    private static Life readLife(DataInput in) throws IOException {
        int lifeVersion = Packed.readSize(in);
        String assignee = readOptional(in);
        int escalations = Packed.readSize(in);
        int reopened = Packed.readSize(in);
        Long silencedUntil = readOptionalNumber(in);
        Long dueAt = readOptionalNumber(in);
        int size = Packed.readSize(in);
        List<Transition> history = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            history.add(new Transition(
                    in.readLong(), Packed.readText(in), Packed.readText(in), readOptional(in), readOptional(in)));
        }
        return new Life(lifeVersion, assignee, escalations, reopened, silencedUntil, dueAt, List.copyOf(history));
    }

    static void writeEvidence(List<Evidence> evidence, long openedAt, DataOutput out) throws IOException {
        Packed.writeSize(evidence.size(), out);
        for (Evidence each : evidence) {
            Packed.writeText(each.touchpointId(), out);
            Packed.writeNumber(each.eventTime() - openedAt, out);
            Packed.writeText(each.channel(), out);
            Packed.writeText(each.kind(), out);
            writeOptional(each.detail(), out);
        }
    }

    static List<Evidence> readEvidence(long openedAt, DataInput in) throws IOException {
        int size = Packed.readSize(in);
        List<Evidence> evidence = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            evidence.add(new Evidence(
                    Packed.readText(in),
                    openedAt + Packed.readNumber(in),
                    Packed.readText(in),
                    Packed.readText(in),
                    readOptional(in)));
        }
        return List.copyOf(evidence);
    }

    static void writeOptional(@Nullable Long number, DataOutput out) throws IOException {
        out.writeBoolean(number != null);
        if (number != null) {
            out.writeLong(number);
        }
    }

    private static void writeOptional(@Nullable Double number, DataOutput out) throws IOException {
        out.writeBoolean(number != null);
        if (number != null) {
            out.writeDouble(number);
        }
    }

    static @Nullable Long readOptionalNumber(DataInput in) throws IOException {
        return in.readBoolean() ? (Long) in.readLong() : null;
    }

    private static @Nullable Double readOptionalDouble(DataInput in) throws IOException {
        return in.readBoolean() ? (Double) in.readDouble() : null;
    }

    static void writeOptional(@Nullable String text, DataOutput out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            Packed.writeText(text, out);
        }
    }

    static @Nullable String readOptional(DataInput in) throws IOException {
        return in.readBoolean() ? Packed.readText(in) : null;
    }
}
