package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.Alert.Context;
import io.throughline.domain.alert.Alert.Life;
import io.throughline.domain.alert.Alert.Transition;
import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.AlertState.Held;
import io.throughline.domain.alert.Signal;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What earlier builds wrote, of as much as tests need; pinned to golden bytes by whoever uses it. */
final class OlderLayouts {

    /** Version 2 of alerts that are assigned. */
    static final Layout<Alert> ALERT_2 = new Alert2();

    /** Version 4 of states with nothing but touchpoints that say no more than what, when and where. */
    static final Layout<AlertState> STATE_4 = new State4();

    private static final class Alert2 implements Layout<Alert> {
        private static final long serialVersionUID = 1;
        private static final int ASSIGNED = 5;

        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(Alert alert, DataOutput out) throws IOException {
            Packed.writeText(alert.alertId(), out);
            Packed.writeText(alert.ruleId(), out);
            Packed.writeSize(alert.ruleVersion(), out);
            AlertLayout.writeOptional(alert.customerId(), out);
            out.writeByte(ASSIGNED);
            Packed.writeText(alert.severity(), out);
            out.writeLong(alert.openedAt());
            out.writeBoolean(false);
            Packed.writeText(alert.reason(), out);
            AlertLayout.writeOptional(alert.retractedBecause(), out);
            AlertLayout.writeEvidence(alert.evidence(), alert.openedAt(), out);
            AlertLayout.writeOptional(alert.expectation(), out);
            Packed.writeNumber(alert.revision(), out);
            Context context = alert.context();
            AlertLayout.writeOptional(context.valueTier(), out);
            Packed.writeSize(context.priority(), out);
            AlertLayout.writeOptional(context.windowStart(), out);
            out.writeBoolean(true);
            out.writeDouble(context.measured());
            out.writeBoolean(true);
            out.writeDouble(context.bound());
            AlertLayout.writeOptional(context.nextAction(), out);
            AlertLayout.writeOptional(context.inhibitedBy(), out);
            AlertLayout.writeOptional(context.acknowledgeWithinMs(), out);
            AlertLayout.writeOptional(context.resolveWithinMs(), out);
            Life life = alert.life();
            Packed.writeSize(life.version(), out);
            AlertLayout.writeOptional(life.assignee(), out);
            Packed.writeSize(life.escalations(), out);
            Packed.writeSize(life.reopened(), out);
            AlertLayout.writeOptional(life.silencedUntil(), out);
            AlertLayout.writeOptional(life.dueAt(), out);
            Packed.writeSize(life.history().size(), out);
            for (Transition transition : life.history()) {
                out.writeLong(transition.at());
                Packed.writeText(transition.what(), out);
                Packed.writeText(transition.by(), out);
                AlertLayout.writeOptional(transition.because(), out);
                AlertLayout.writeOptional(transition.actionId(), out);
            }
        }

        @Override
        public Alert read(DataInput in, int version) throws IOException {
            return AlertLayout.INSTANCE.read(in, version);
        }
    }

    private static final class State4 implements Layout<AlertState> {
        private static final long serialVersionUID = 1;

        @Override
        public int version() {
            return 4;
        }

        @Override
        public void write(AlertState state, DataOutput out) throws IOException {
            Packed.writeText(state.customerId(), out);
            out.writeBoolean(state.unjudged());
            List<Held> byId = new ArrayList<>(state.held());
            byId.sort(Comparator.comparing(Held::touchpointId));
            Packed.writeSize(byId.size(), out);
            for (Held held : byId) {
                Packed.writeText(held.touchpointId(), out);
                Packed.writeSize(1, out);
                Packed.writeNumber(held.attributions().get(0).sequence(), out);
                Packed.writeNumber(held.attributions().get(0).count(), out);
                Signal signal = held.attributions().get(0).signal();
                out.writeByte(0);
                out.writeLong(signal.eventTime());
                Packed.writeText(signal.channel(), out);
                Packed.writeText(signal.kind(), out);
                out.writeByte(0);
                Packed.writeTexts(signal.properties(), out);
            }
            out.writeByte(3);
            Packed.writeSize(0, out);
            Packed.writeSize(0, out);
            Packed.writeSize(0, out);
            Packed.writeSize(0, out);
            Packed.writeNumber(0, out);
            out.writeLong(state.settledBefore());
        }

        @Override
        public AlertState read(DataInput in, int version) throws IOException {
            return AlertStateLayout.INSTANCE.read(in, version);
        }
    }

    private OlderLayouts() {}
}
