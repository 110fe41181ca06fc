package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Notification;
import io.throughline.domain.alert.NotifyInput;
import io.throughline.domain.alert.NotifyState;
import io.throughline.domain.alert.NotifyState.Told;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.ActionLayout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;

/** How what people are told, and what is remembered of it, is written. */
public final class NotifyLayouts {

    /** 0, an alert and when it was seen, or 1, a rule and an action. */
    public static final class InputLayout implements Layout<NotifyInput> {
        private static final long serialVersionUID = 1;

        public static final InputLayout INSTANCE = new InputLayout();
        public static final LayoutType<NotifyInput> TYPE = LayoutType.of(NotifyInput.class, INSTANCE);

        @Override
        public void write(NotifyInput input, DataOutput out) throws IOException {
            if (input instanceof NotifyInput.Changed changed) {
                out.writeByte(0);
                AlertLayout.INSTANCE.write(changed.alert(), out);
                out.writeBoolean(changed.fresh());
                out.writeLong(changed.seenAt());
            } else if (input instanceof NotifyInput.Silenced silenced) {
                out.writeByte(1);
                Packed.writeText(silenced.ruleId(), out);
                ActionLayout.INSTANCE.write(silenced.action(), out);
            }
        }

        @Override
        public NotifyInput read(DataInput in, int version) throws IOException {
            return in.readByte() == 0
                    ? new NotifyInput.Changed(
                            AlertLayout.INSTANCE.read(in, AlertLayout.INSTANCE.version()),
                            in.readBoolean(),
                            in.readLong())
                    : new NotifyInput.Silenced(Packed.readText(in), ActionLayout.INSTANCE.read(in, version));
        }
    }

    /** The components in their order. */
    public static final class NotificationLayout implements Layout<Notification> {
        private static final long serialVersionUID = 1;

        public static final NotificationLayout INSTANCE = new NotificationLayout();
        public static final LayoutType<Notification> TYPE = LayoutType.of(Notification.class, INSTANCE);

        @Override
        public void write(Notification notification, DataOutput out) throws IOException {
            out.writeByte(AlertLayout.INSTANCE.version());
            Packed.writeText(notification.notificationId(), out);
            Packed.writeText(notification.event(), out);
            AlertLayout.INSTANCE.write(notification.alert(), out);
            Packed.writeNumber(notification.count(), out);
            out.writeLong(notification.at());
            Packed.writeText(notification.reason(), out);
            AlertLayout.writeOptional(notification.actor(), out);
        }

        @Override
        public Notification read(DataInput in, int version) throws IOException {
            int alerts = in.readByte();
            return new Notification(
                    Packed.readText(in),
                    Packed.readText(in),
                    AlertLayout.INSTANCE.read(in, alerts),
                    Packed.readNumber(in),
                    in.readLong(),
                    Packed.readText(in),
                    AlertLayout.readOptional(in));
        }
    }

    /**
     * What was told one by one, silences, and by group the latest burst and the next digest. The first version knew one
     * group.
     */
    public static final class StateLayout implements Layout<NotifyState> {
        private static final long serialVersionUID = 1;

        public static final StateLayout INSTANCE = new StateLayout();

        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(NotifyState state, DataOutput out) throws IOException {
            out.writeByte(AlertLayout.INSTANCE.version());
            Packed.writeSize(state.told().size(), out);
            for (Map.Entry<String, Told> told : state.told().entrySet()) {
                Packed.writeText(told.getKey(), out);
                Packed.writeText(told.getValue().what(), out);
                Packed.writeSize(told.getValue().escalations(), out);
                Packed.writeSize(told.getValue().reopened(), out);
                out.writeLong(told.getValue().at());
            }
            Packed.writeSize(state.silences().size(), out);
            for (var silence : state.silences().values()) {
                ActionLayout.INSTANCE.write(silence, out);
            }
            Packed.writeSize(state.groups().size(), out);
            for (Map.Entry<String, NotifyState.Group> named : state.groups().entrySet()) {
                NotifyState.Group group = named.getValue();
                Packed.writeText(named.getKey(), out);
                Packed.writeSize(group.burst().size(), out);
                for (long time : group.burst()) {
                    out.writeLong(time);
                }
                Packed.writeNumber(group.waitingCount(), out);
                out.writeLong(group.digestAt());
                CaseLayouts.writeOptional(group.waitingFor(), out);
            }
        }

        @Override
        public NotifyState read(DataInput in, int version) throws IOException {
            int alerts = in.readByte();
            NotifyState state = new NotifyState();
            int told = Packed.readSize(in);
            for (int i = 0; i < told; i++) {
                state.told()
                        .put(
                                Packed.readText(in),
                                new Told(Packed.readText(in), Packed.readSize(in), Packed.readSize(in), in.readLong()));
            }
            int silences = Packed.readSize(in);
            for (int i = 0; i < silences; i++) {
                var silence = ActionLayout.INSTANCE.read(in, version);
                state.silences().put(silence.actionId(), silence);
            }
            int groups = version == 1 ? 1 : Packed.readSize(in);
            for (int i = 0; i < groups; i++) {
                NotifyState.Group group = state.group(version == 1 ? "" : Packed.readText(in));
                int burst = Packed.readSize(in);
                for (int j = 0; j < burst; j++) {
                    group.burst().add(in.readLong());
                }
                group.waiting(Packed.readNumber(in), in.readLong(), CaseLayouts.readOptional(in, alerts));
            }
            return state;
        }
    }

    private NotifyLayouts() {}
}
