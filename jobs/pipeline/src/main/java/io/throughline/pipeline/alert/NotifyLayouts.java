package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Alert;
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
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How what people are told, and what is remembered of it, is written. */
public final class NotifyLayouts {

    /** 0, a key, an alert and when it was seen, or 1, a rule and an action. */
    public static final class InputLayout implements Layout<NotifyInput> {
        private static final long serialVersionUID = 1;

        public static final InputLayout INSTANCE = new InputLayout();
        public static final LayoutType<NotifyInput> TYPE = LayoutType.of(NotifyInput.class, INSTANCE);

        @Override
        public void write(NotifyInput input, DataOutput out) throws IOException {
            if (input instanceof NotifyInput.Changed changed) {
                out.writeByte(0);
                Packed.writeText(changed.key(), out);
                AlertLayout.INSTANCE.write(changed.alert(), out);
                out.writeBoolean(changed.fresh());
                out.writeLong(changed.seenAt());
            } else if (input instanceof NotifyInput.Silenced silenced) {
                out.writeByte(1);
                Packed.writeText(silenced.key(), out);
                ActionLayout.INSTANCE.write(silenced.action(), out);
            }
        }

        @Override
        public NotifyInput read(DataInput in, int version) throws IOException {
            return in.readByte() == 0
                    ? new NotifyInput.Changed(
                            Packed.readText(in),
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
            Notification.Group group = notification.group();
            out.writeBoolean(group != null);
            if (group != null) {
                write(group, out);
            }
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
                    AlertLayout.readOptional(in),
                    in.readBoolean() ? readGroup(in) : null);
        }

        private static void write(Notification.Group group, DataOutput out) throws IOException {
            Packed.writeText(group.groupId(), out);
            Packed.writeText(group.name(), out);
            writeShared(group.shared(), out);
            writeTexts(group.rules(), out);
            Packed.writeText(group.severity(), out);
            Packed.writeNumber(group.standing(), out);
            Packed.writeSize(group.listed().size(), out);
            for (Notification.Listed each : group.listed()) {
                Packed.writeText(each.alertId(), out);
                Packed.writeText(each.ruleId(), out);
                Packed.writeText(each.event(), out);
                out.writeBoolean(each.news());
                Packed.writeText(each.severity(), out);
                out.writeLong(each.openedAt());
                AlertLayout.writeOptional(each.customerId(), out);
                Packed.writeText(each.reason(), out);
            }
        }

        private static Notification.Group readGroup(DataInput in) throws IOException {
            String groupId = Packed.readText(in);
            String name = Packed.readText(in);
            Map<String, String> shared = readShared(in);
            List<String> rules = readTexts(in);
            String severity = Packed.readText(in);
            long standing = Packed.readNumber(in);
            int size = Packed.readSize(in);
            List<Notification.Listed> listed = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                listed.add(new Notification.Listed(
                        Packed.readText(in),
                        Packed.readText(in),
                        Packed.readText(in),
                        in.readBoolean(),
                        Packed.readText(in),
                        in.readLong(),
                        AlertLayout.readOptional(in),
                        Packed.readText(in)));
            }
            return new Notification.Group(groupId, name, shared, rules, severity, standing, List.copyOf(listed));
        }
    }

    private static void writeTexts(Collection<String> texts, DataOutput out) throws IOException {
        Packed.writeSize(texts.size(), out);
        for (String each : texts) {
            Packed.writeText(each, out);
        }
    }

    private static List<String> readTexts(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            texts.add(Packed.readText(in));
        }
        return List.copyOf(texts);
    }

    private static void writeShared(Map<String, String> shared, DataOutput out) throws IOException {
        Packed.writeSize(shared.size(), out);
        for (Map.Entry<String, String> each : shared.entrySet()) {
            Packed.writeText(each.getKey(), out);
            Packed.writeText(each.getValue(), out);
        }
    }

    private static Map<String, String> readShared(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        Map<String, String> shared = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            shared.put(Packed.readText(in), Packed.readText(in));
        }
        return shared;
    }

    /**
     * What was told one by one, silences, by what is counted together the latest burst and the next digest, and the groups that
     * are told of together. The first version counted everything together, the second had no groups; until the third the last of those
     * that wait was among their number only where there was something to tell of it, and who had an alert was not remembered; until
     * the fourth only the last of those that wait was followed, and the others were counted whatever their rule; until the fifth it was
     * not remembered of what came back unheard that people know it to be over.
     */
    public static final class StateLayout implements Layout<NotifyState> {
        private static final long serialVersionUID = 1;

        public static final StateLayout INSTANCE = new StateLayout();

        @Override
        public int version() {
            return 6;
        }

        @Override
        public void write(NotifyState state, DataOutput out) throws IOException {
            out.writeByte(AlertLayout.INSTANCE.version());
            Packed.writeSize(state.told().size(), out);
            for (Map.Entry<String, Told> told : state.told().entrySet()) {
                Packed.writeText(told.getKey(), out);
                write(told.getValue(), out);
            }
            Packed.writeSize(state.silences().size(), out);
            for (var silence : state.silences().values()) {
                ActionLayout.INSTANCE.write(silence, out);
            }
            Packed.writeSize(state.bursts().size(), out);
            for (Map.Entry<String, NotifyState.Burst> named : state.bursts().entrySet()) {
                NotifyState.Burst burst = named.getValue();
                Packed.writeText(named.getKey(), out);
                Packed.writeSize(burst.times().size(), out);
                for (long time : burst.times()) {
                    out.writeLong(time);
                }
                out.writeLong(burst.digestAt());
                Packed.writeSize(burst.earlier().size(), out);
                for (Map.Entry<String, Long> ofRule : burst.earlier().entrySet()) {
                    Packed.writeText(ofRule.getKey(), out);
                    Packed.writeNumber(ofRule.getValue(), out);
                }
                Packed.writeSize(burst.waiting().size(), out);
                for (Alert waiting : burst.waiting()) {
                    AlertLayout.INSTANCE.write(waiting, out);
                }
            }
            Packed.writeSize(state.groups().size(), out);
            for (NotifyState.Group group : state.groups().values()) {
                write(group, out);
            }
        }

        private static void write(Told told, DataOutput out) throws IOException {
            Packed.writeText(told.what(), out);
            Packed.writeSize(told.escalations(), out);
            Packed.writeSize(told.reopened(), out);
            out.writeLong(told.at());
            AlertLayout.writeOptional(told.assignee(), out);
            AlertLayout.writeOptional(told.endedAs(), out);
        }

        private static Told readTold(DataInput in, int version) throws IOException {
            return new Told(
                    Packed.readText(in),
                    Packed.readSize(in),
                    Packed.readSize(in),
                    in.readLong(),
                    version < 4 ? null : AlertLayout.readOptional(in),
                    version < 6 ? null : AlertLayout.readOptional(in));
        }

        private static void write(NotifyState.Group group, DataOutput out) throws IOException {
            Packed.writeText(group.grouping(), out);
            writeShared(group.shared(), out);
            Packed.writeText(group.groupId(), out);
            Packed.writeText(group.toldAs(), out);
            out.writeLong(group.toldAt());
            out.writeLong(group.dueAt());
            Packed.writeNumber(group.count(), out);
            Packed.writeSize(group.members().size(), out);
            for (Map.Entry<String, NotifyState.Member> each : group.members().entrySet()) {
                NotifyState.Member member = each.getValue();
                Packed.writeText(each.getKey(), out);
                Packed.writeText(member.ruleId(), out);
                Packed.writeText(member.severity(), out);
                out.writeLong(member.openedAt());
                AlertLayout.writeOptional(member.customerId(), out);
                Packed.writeText(member.reason(), out);
                write(member.last(), out);
                out.writeBoolean(member.told());
                CaseLayouts.writeOptional(member.news(), out);
            }
            writeTexts(group.left(), out);
            writeTexts(group.rules(), out);
            Packed.writeText(group.gravest(), out);
        }

        private static void readGroup(NotifyState state, int alerts, DataInput in, int version) throws IOException {
            NotifyState.Group group = state.group(Packed.readText(in), readShared(in));
            String groupId = Packed.readText(in);
            String toldAs = Packed.readText(in);
            group.told(groupId, toldAs, in.readLong());
            group.due(in.readLong());
            group.count(Packed.readNumber(in));
            int size = Packed.readSize(in);
            for (int i = 0; i < size; i++) {
                state.follow(
                        group,
                        Packed.readText(in),
                        new NotifyState.Member(
                                Packed.readText(in),
                                Packed.readText(in),
                                in.readLong(),
                                AlertLayout.readOptional(in),
                                Packed.readText(in),
                                readTold(in, version),
                                in.readBoolean(),
                                CaseLayouts.readOptional(in, alerts)));
            }
            for (String alertId : readTexts(in)) {
                state.leaveStanding(group, alertId);
            }
            group.rules().addAll(readTexts(in));
            group.gravest(Packed.readText(in));
        }

        private static void readWaiting(NotifyState state, NotifyState.Burst burst, int alerts, DataInput in)
                throws IOException {
            burst.digestAt(in.readLong());
            int rules = Packed.readSize(in);
            for (int i = 0; i < rules; i++) {
                burst.earlier().put(Packed.readText(in), Packed.readNumber(in));
            }
            int waiting = Packed.readSize(in);
            for (int i = 0; i < waiting; i++) {
                state.waits(burst, AlertLayout.INSTANCE.read(in, alerts));
            }
        }

        /** Until version 4: how many waited, and the last of them. */
        private static void countTheOthers(
                NotifyState state, IdentityHashMap<NotifyState.Burst, Long> counted, int version) {
            counted.forEach((burst, count) -> {
                for (Alert last : burst.waiting()) {
                    long others = version > 3 || wasAmongThem(state, last) ? count - 1 : count;
                    if (others > 0) {
                        burst.earlier().put(state.groups().isEmpty() ? last.ruleId() : "", others);
                    }
                }
            });
        }

        private static boolean wasAmongThem(NotifyState state, Alert last) {
            boolean stands =
                    switch (last.status()) {
                        case RESOLVED, RETRACTED, SHADOW -> false;
                        default -> true;
                    };
            return stands
                    && last.context().inhibitedBy() == null
                    && last.life().silencedUntil() == null
                    && !state.told().containsKey(last.alertId())
                    && state.following(last.alertId()) == null;
        }

        @Override
        public NotifyState read(DataInput in, int version) throws IOException {
            int alerts = in.readByte();
            NotifyState state = new NotifyState();
            int told = Packed.readSize(in);
            for (int i = 0; i < told; i++) {
                state.told().put(Packed.readText(in), readTold(in, version));
            }
            int silences = Packed.readSize(in);
            for (int i = 0; i < silences; i++) {
                var silence = ActionLayout.INSTANCE.read(in, version);
                state.silences().put(silence.actionId(), silence);
            }
            IdentityHashMap<NotifyState.Burst, Long> counted = new IdentityHashMap<>();
            int bursts = version == 1 ? 1 : Packed.readSize(in);
            for (int i = 0; i < bursts; i++) {
                NotifyState.Burst burst = state.burst(version == 1 ? "" : Packed.readText(in));
                int times = Packed.readSize(in);
                for (int j = 0; j < times; j++) {
                    burst.times().add(in.readLong());
                }
                if (version > 4) {
                    readWaiting(state, burst, alerts, in);
                    continue;
                }
                counted.put(burst, Packed.readNumber(in));
                burst.digestAt(in.readLong());
                Alert last = CaseLayouts.readOptional(in, alerts);
                if (last != null) {
                    state.waits(burst, last);
                }
            }
            int groups = version < 3 ? 0 : Packed.readSize(in);
            for (int i = 0; i < groups; i++) {
                readGroup(state, alerts, in, version);
            }
            countTheOthers(state, counted, version);
            return state;
        }
    }

    private NotifyLayouts() {}
}
