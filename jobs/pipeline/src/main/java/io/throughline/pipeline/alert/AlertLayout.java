package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.Alert.Evidence;
import io.throughline.domain.alert.Alert.Status;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The components in their order; an absent one is a zero byte. */
public final class AlertLayout implements Layout<Alert> {

    private static final long serialVersionUID = 1;

    public static final AlertLayout INSTANCE = new AlertLayout();

    /** A status is written as its place in this list, which only grows. */
    private static final List<Status> STATUSES =
            List.of(Status.OPEN, Status.ACKNOWLEDGED, Status.RESOLVED, Status.ESCALATED, Status.RETRACTED);

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
        Packed.writeSize(alert.evidence().size(), out);
        for (Evidence evidence : alert.evidence()) {
            Packed.writeText(evidence.touchpointId(), out);
            Packed.writeNumber(evidence.eventTime() - alert.openedAt(), out);
            Packed.writeText(evidence.channel(), out);
            Packed.writeText(evidence.kind(), out);
            writeOptional(evidence.detail(), out);
        }
        writeOptional(alert.expectation(), out);
        Packed.writeNumber(alert.revision(), out);
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
                List.copyOf(evidence),
                readOptional(in),
                Packed.readNumber(in));
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
