package io.throughline.pipeline.alert;

import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.AlertState.Counted;
import io.throughline.domain.alert.AlertState.Said;
import io.throughline.domain.alert.Signal;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The customer, whether something waits to be judged, the touchpoints that matter by id and sequence, the alerts. */
public final class AlertStateLayout implements Layout<AlertState> {

    private static final long serialVersionUID = 1;

    public static final AlertStateLayout INSTANCE = new AlertStateLayout();

    private static final int TOUCHPOINT = 1;
    private static final int TOPIC = 2;
    private static final int OUTCOME = 4;
    private static final int WAIT = 8;
    private static final int SENTIMENT = 16;
    private static final int SURVEY = 32;
    private static final int OUTBOUND = 64;

    @Override
    public void write(AlertState state, DataOutput out) throws IOException {
        Packed.writeText(state.customerId(), out);
        out.writeBoolean(state.unjudged());
        Packed.writeSize(state.held().size(), out);
        for (TreeMap<Long, Counted> bySequence : state.held().values()) {
            Packed.writeText(bySequence.firstEntry().getValue().signal().touchpointId(), out);
            Packed.writeSize(bySequence.size(), out);
            for (Map.Entry<Long, Counted> counted : bySequence.entrySet()) {
                Packed.writeNumber(counted.getKey(), out);
                Packed.writeNumber(counted.getValue().count(), out);
                write(counted.getValue().signal(), out);
            }
        }
        Packed.writeSize(state.said().size(), out);
        for (Said said : state.said().values()) {
            AlertLayout.INSTANCE.write(said.alert(), out);
            Packed.writeNumber(said.sequence(), out);
            Packed.writeSize(said.times(), out);
        }
    }

    @Override
    public AlertState read(DataInput in, int version) throws IOException {
        AlertState state = new AlertState(Packed.readText(in));
        state.unjudged(in.readBoolean());
        int held = Packed.readSize(in);
        for (int i = 0; i < held; i++) {
            String touchpointId = Packed.readText(in);
            TreeMap<Long, Counted> bySequence = new TreeMap<>();
            int size = Packed.readSize(in);
            for (int j = 0; j < size; j++) {
                long sequence = Packed.readNumber(in);
                int count = (int) Packed.readNumber(in);
                bySequence.put(sequence, new Counted(readSignal(touchpointId, in), count));
            }
            state.held().put(touchpointId, bySequence);
        }
        int said = Packed.readSize(in);
        for (int i = 0; i < said; i++) {
            Said alert = new Said(AlertLayout.INSTANCE.read(in, version), Packed.readNumber(in), Packed.readSize(in));
            state.said().put(alert.alert().alertId(), alert);
        }
        return state;
    }

    private static void write(Signal signal, DataOutput out) throws IOException {
        Survey survey = signal.survey();
        out.writeByte((signal.touchpoint() != null ? TOUCHPOINT : 0)
                | (signal.topic() != null ? TOPIC : 0)
                | (signal.outcome() != null ? OUTCOME : 0)
                | (signal.waitMs() != null ? WAIT : 0)
                | (signal.sentiment() != null ? SENTIMENT : 0)
                | (survey != null ? SURVEY : 0)
                | (signal.outbound() ? OUTBOUND : 0));
        out.writeLong(signal.eventTime());
        Packed.writeText(signal.channel(), out);
        Packed.writeText(signal.kind(), out);
        writeIfPresent(signal.touchpoint(), out);
        writeIfPresent(signal.topic(), out);
        writeIfPresent(signal.outcome(), out);
        if (signal.waitMs() != null) {
            Packed.writeNumber(signal.waitMs(), out);
        }
        if (signal.sentiment() != null) {
            out.writeDouble(signal.sentiment());
        }
        if (survey != null) {
            Packed.writeText(survey.metric(), out);
            out.writeDouble(survey.scaleMin());
            out.writeDouble(survey.scaleMax());
            out.writeBoolean(survey.higherIsBetter());
            out.writeDouble(survey.score());
        }
    }

    private static Signal readSignal(String touchpointId, DataInput in) throws IOException {
        int present = in.readByte();
        return new Signal(
                touchpointId,
                in.readLong(),
                Packed.readText(in),
                Packed.readText(in),
                (present & OUTBOUND) != 0,
                (present & TOUCHPOINT) != 0 ? Packed.readText(in) : null,
                (present & TOPIC) != 0 ? Packed.readText(in) : null,
                (present & OUTCOME) != 0 ? Packed.readText(in) : null,
                (present & WAIT) != 0 ? (Long) Packed.readNumber(in) : null,
                (present & SENTIMENT) != 0 ? (Double) in.readDouble() : null,
                (present & SURVEY) != 0 ? readSurvey(in) : null);
    }

    private static Survey readSurvey(DataInput in) throws IOException {
        return new Survey(
                Packed.readText(in), in.readDouble(), in.readDouble(), in.readBoolean(), in.readDouble(), null, null);
    }

    private static void writeIfPresent(@Nullable String text, DataOutput out) throws IOException {
        if (text != null) {
            Packed.writeText(text, out);
        }
    }
}
