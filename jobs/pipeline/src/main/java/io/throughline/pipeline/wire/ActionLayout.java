package io.throughline.pipeline.wire;

import io.throughline.domain.alert.Action;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The components in their order; an absent one is a zero byte. */
public final class ActionLayout implements Layout<Action> {
    private static final long serialVersionUID = 1;

    public static final ActionLayout INSTANCE = new ActionLayout();
    public static final LayoutType<Action> TYPE = LayoutType.of(Action.class, INSTANCE);

    /** A verb is written as its place in this list, which only grows. */
    private static final List<Action.Verb> VERBS = List.of(
            Action.Verb.ACKNOWLEDGE,
            Action.Verb.ASSIGN,
            Action.Verb.RESOLVE,
            Action.Verb.REOPEN,
            Action.Verb.SILENCE,
            Action.Verb.UNSILENCE);

    @Override
    public void write(Action action, DataOutput out) throws IOException {
        Packed.writeText(action.actionId(), out);
        out.writeByte(VERBS.indexOf(action.verb()));
        writeOptional(action.alertId(), out);
        writeOptional(action.ruleId(), out);
        writeOptional(action.customerId(), out);
        out.writeLong(action.at());
        Packed.writeText(action.by(), out);
        out.writeBoolean(action.expectedVersion() != null);
        if (action.expectedVersion() != null) {
            Packed.writeNumber(action.expectedVersion(), out);
        }
        writeOptional(action.assignee(), out);
        writeOptional(action.because(), out);
        out.writeBoolean(action.until() != null);
        if (action.until() != null) {
            out.writeLong(action.until());
        }
    }

    @Override
    public Action read(DataInput in, int version) throws IOException {
        return new Action(
                Packed.readText(in),
                VERBS.get(in.readByte()),
                readOptional(in),
                readOptional(in),
                readOptional(in),
                in.readLong(),
                Packed.readText(in),
                in.readBoolean() ? (Integer) (int) Packed.readNumber(in) : null,
                readOptional(in),
                readOptional(in),
                in.readBoolean() ? (Long) in.readLong() : null);
    }

    private static void writeOptional(@Nullable String text, DataOutput out) throws IOException {
        out.writeBoolean(text != null);
        if (text != null) {
            Packed.writeText(text, out);
        }
    }

    private static @Nullable String readOptional(DataInput in) throws IOException {
        return in.readBoolean() ? Packed.readText(in) : null;
    }
}
