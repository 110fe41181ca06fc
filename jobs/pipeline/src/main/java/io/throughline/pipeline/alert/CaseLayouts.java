package io.throughline.pipeline.alert;

import io.throughline.domain.alert.Action;
import io.throughline.domain.alert.Alert;
import io.throughline.domain.alert.CaseInput;
import io.throughline.domain.alert.CaseOutput.Answer;
import io.throughline.domain.alert.CaseState;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.ActionLayout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How people's actions on alerts, and what is remembered of each alert, are written. */
public final class CaseLayouts {

    private static final AlertLayout ALERT = AlertLayout.INSTANCE;

    /** 0 and an alert, or 1 and an action. */
    public static final class InputLayout implements Layout<CaseInput> {
        private static final long serialVersionUID = 1;

        public static final InputLayout INSTANCE = new InputLayout();
        public static final LayoutType<CaseInput> TYPE = LayoutType.of(CaseInput.class, INSTANCE);

        @Override
        public void write(CaseInput input, DataOutput out) throws IOException {
            if (input instanceof CaseInput.Judged judged) {
                out.writeByte(0);
                ALERT.write(judged.alert(), out);
            } else if (input instanceof CaseInput.Acted acted) {
                out.writeByte(1);
                Packed.writeText(acted.alertId(), out);
                ActionLayout.INSTANCE.write(acted.action(), out);
            }
        }

        @Override
        public CaseInput read(DataInput in, int version) throws IOException {
            return in.readByte() == 0
                    ? new CaseInput.Judged(ALERT.read(in, ALERT.version()))
                    : new CaseInput.Acted(Packed.readText(in), ActionLayout.INSTANCE.read(in, version));
        }
    }

    /** An answer to a command. */
    public static final class AnswerLayout implements Layout<Answer> {
        private static final long serialVersionUID = 1;

        public static final AnswerLayout INSTANCE = new AnswerLayout();
        public static final LayoutType<Answer> TYPE = LayoutType.of(Answer.class, INSTANCE);

        @Override
        public void write(Answer answer, DataOutput out) throws IOException {
            Packed.writeText(answer.actionId(), out);
            Packed.writeText(answer.alertId(), out);
            out.writeBoolean(answer.taken());
            AlertLayout.writeOptional(answer.because(), out);
            Packed.writeNumber(answer.version(), out);
            out.writeLong(answer.at());
        }

        @Override
        public Answer read(DataInput in, int version) throws IOException {
            return new Answer(
                    Packed.readText(in),
                    Packed.readText(in),
                    in.readBoolean(),
                    AlertLayout.readOptional(in),
                    (int) Packed.readNumber(in),
                    in.readLong());
        }
    }

    /**
     * The alert's id, its actions, what was answered, what its rule says, what was published and under what people are told of it. The
     * first version lacked the last.
     */
    public static final class StateLayout implements Layout<CaseState> {
        private static final long serialVersionUID = 1;

        public static final StateLayout INSTANCE = new StateLayout();

        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(CaseState state, DataOutput out) throws IOException {
            // The version of the alerts within, which may grow without this one.
            out.writeByte(ALERT.version());
            Packed.writeText(state.alertId(), out);
            Packed.writeSize(state.actions().size(), out);
            for (Action action : state.actions().values()) {
                ActionLayout.INSTANCE.write(action, out);
            }
            Packed.writeSize(state.answered().size(), out);
            for (Map.Entry<String, String> answer : state.answered().entrySet()) {
                Packed.writeText(answer.getKey(), out);
                Packed.writeText(answer.getValue(), out);
            }
            writeOptional(state.cause(), out);
            writeOptional(state.said(), out);
            AlertLayout.writeOptional(state.toldUnder(), out);
        }

        @Override
        public CaseState read(DataInput in, int version) throws IOException {
            int alerts = in.readByte();
            CaseState state = new CaseState(Packed.readText(in));
            int actions = Packed.readSize(in);
            for (int i = 0; i < actions; i++) {
                Action action = ActionLayout.INSTANCE.read(in, version);
                state.actions().put(action.actionId(), action);
            }
            int answered = Packed.readSize(in);
            for (int i = 0; i < answered; i++) {
                state.answered().put(Packed.readText(in), Packed.readText(in));
            }
            state.cause(readOptional(in, alerts));
            Alert said = readOptional(in, alerts);
            state.said(said);
            // There were no groupings: whoever was told was told under the rule.
            state.toldUnder(version > 1 ? AlertLayout.readOptional(in) : said == null ? null : said.ruleId());
            return state;
        }
    }

    static void writeOptional(@Nullable Alert alert, DataOutput out) throws IOException {
        out.writeBoolean(alert != null);
        if (alert != null) {
            ALERT.write(alert, out);
        }
    }

    static @Nullable Alert readOptional(DataInput in, int version) throws IOException {
        return in.readBoolean() ? ALERT.read(in, version) : null;
    }

    private CaseLayouts() {}
}
