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

    private static final int ACTOR = 1;
    private static final int STAGE = 2;
    private static final int CASE = 4;
    private static final int PRODUCT = 8;
    private static final int SEGMENT = 16;
    private static final int LOCATION = 32;
    private static final int HANDLING = 64;
    private static final int VALUE = 128;

    /**
     * Version 2 added more of each touchpoint, what is waited for, and what the customer is worth; version 3 before when all
     * is settled; version 4 which version its alerts are of.
     */
    @Override
    public int version() {
        return 4;
    }

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
        out.writeByte(AlertLayout.INSTANCE.version());
        Packed.writeSize(state.said().size(), out);
        for (Said said : state.said().values()) {
            AlertLayout.INSTANCE.write(said.alert(), out);
            Packed.writeNumber(said.sequence(), out);
            Packed.writeSize(said.times(), out);
        }
        writeNumbers(state.waiting(), out);
        writeNumbers(state.totals().spent(), out);
        Packed.writeSize(state.totals().segments().size(), out);
        for (Map.Entry<String, Integer> segment : state.totals().segments().entrySet()) {
            Packed.writeText(segment.getKey(), out);
            Packed.writeNumber(segment.getValue(), out);
        }
        Packed.writeNumber(state.totals().purchases(), out);
        out.writeLong(state.settledBefore());
    }

    private static void writeNumbers(TreeMap<String, Long> numbers, DataOutput out) throws IOException {
        Packed.writeSize(numbers.size(), out);
        for (Map.Entry<String, Long> number : numbers.entrySet()) {
            Packed.writeText(number.getKey(), out);
            out.writeLong(number.getValue());
        }
    }

    private static void readNumbers(TreeMap<String, Long> numbers, DataInput in) throws IOException {
        int size = Packed.readSize(in);
        for (int i = 0; i < size; i++) {
            numbers.put(Packed.readText(in), in.readLong());
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
                bySequence.put(sequence, new Counted(readSignal(touchpointId, in, version), count));
            }
            state.held().put(touchpointId, bySequence);
        }
        int alerts = version < 4 ? Math.min(version, 2) : in.readByte();
        int said = Packed.readSize(in);
        for (int i = 0; i < said; i++) {
            Said alert = new Said(AlertLayout.INSTANCE.read(in, alerts), Packed.readNumber(in), Packed.readSize(in));
            state.said().put(alert.alert().alertId(), alert);
        }
        if (version < 2) {
            return state;
        }
        readNumbers(state.waiting(), in);
        readNumbers(state.totals().spent(), in);
        int segments = Packed.readSize(in);
        for (int i = 0; i < segments; i++) {
            state.totals().segments().put(Packed.readText(in), (int) Packed.readNumber(in));
        }
        state.totals().purchases((int) Packed.readNumber(in));
        if (version > 2) {
            state.settledBefore(in.readLong());
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
        writeMore(signal, out);
    }

    private static void writeMore(Signal signal, DataOutput out) throws IOException {
        out.writeByte((signal.actor() != null ? ACTOR : 0)
                | (signal.stage() != null ? STAGE : 0)
                | (signal.caseId() != null ? CASE : 0)
                | (signal.product() != null ? PRODUCT : 0)
                | (signal.segment() != null ? SEGMENT : 0)
                | (signal.location() != null ? LOCATION : 0)
                | (signal.handleMs() != null ? HANDLING : 0)
                | (signal.valueMicros() != null ? VALUE : 0));
        writeIfPresent(signal.actor(), out);
        writeIfPresent(signal.stage(), out);
        writeIfPresent(signal.caseId(), out);
        writeIfPresent(signal.product(), out);
        writeIfPresent(signal.segment(), out);
        writeIfPresent(signal.location(), out);
        if (signal.handleMs() != null) {
            Packed.writeNumber(signal.handleMs(), out);
        }
        if (signal.valueMicros() != null) {
            Packed.writeNumber(signal.valueMicros(), out);
        }
        Packed.writeTexts(signal.properties(), out);
    }

    private static Signal readSignal(String touchpointId, DataInput in, int version) throws IOException {
        int present = in.readByte();
        long eventTime = in.readLong();
        String channel = Packed.readText(in);
        String kind = Packed.readText(in);
        String touchpoint = readIf((present & TOUCHPOINT) != 0, in);
        String topic = readIf((present & TOPIC) != 0, in);
        String outcome = readIf((present & OUTCOME) != 0, in);
        Long waitMs = (present & WAIT) != 0 ? (Long) Packed.readNumber(in) : null;
        Double sentiment = (present & SENTIMENT) != 0 ? (Double) in.readDouble() : null;
        Survey survey = (present & SURVEY) != 0 ? readSurvey(in) : null;
        int more = version < 2 ? 0 : in.readUnsignedByte();
        return new Signal(
                touchpointId,
                eventTime,
                channel,
                kind,
                (present & OUTBOUND) != 0,
                touchpoint,
                topic,
                outcome,
                waitMs,
                sentiment,
                survey,
                readIf((more & ACTOR) != 0, in),
                readIf((more & STAGE) != 0, in),
                readIf((more & CASE) != 0, in),
                readIf((more & PRODUCT) != 0, in),
                readIf((more & SEGMENT) != 0, in),
                readIf((more & LOCATION) != 0, in),
                (more & HANDLING) != 0 ? (Long) Packed.readNumber(in) : null,
                (more & VALUE) != 0 ? (Long) Packed.readNumber(in) : null,
                version < 2 ? Map.of() : readProperties(in));
    }

    private static Map<String, String> readProperties(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        if (size < 2) {
            return size == 0 ? Map.of() : Map.of(Packed.readText(in), Packed.readText(in));
        }
        Map<String, String> properties = new TreeMap<>();
        for (int i = 0; i < size; i++) {
            properties.put(Packed.readText(in), Packed.readText(in));
        }
        return properties;
    }

    private static @Nullable String readIf(boolean present, DataInput in) throws IOException {
        return present ? Packed.readText(in) : null;
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
