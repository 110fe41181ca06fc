package io.throughline.pipeline.alert;

import io.throughline.domain.alert.AlertState;
import io.throughline.domain.alert.AlertState.Counted;
import io.throughline.domain.alert.AlertState.Held;
import io.throughline.domain.alert.AlertState.Said;
import io.throughline.domain.alert.Signal;
import io.throughline.domain.touchpoint.Survey;
import io.throughline.pipeline.kit.Enclosed;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.RunAtRest;
import io.throughline.pipeline.kit.TextInput;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The customer, whether something waits to be judged, the alerts, the touchpoints that matter in their order, and what is less
 * than those. What has not changed is packed again as the bytes it was: alerts are {@link Enclosed}, and of touchpoints mostly
 * one comes behind all others.
 */
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
     * is settled; version 4 which version its alerts are of; version 5 wrote alerts before touchpoints, each by
     * itself, and touchpoints by time.
     */
    @Override
    public int version() {
        return 5;
    }

    @Override
    public void write(AlertState state, DataOutput out) throws IOException {
        Packed.writeText(state.customerId(), out);
        out.writeBoolean(state.unjudged());
        Packed.writeSize(state.said().size(), out);
        for (Said said : state.said().values()) {
            Enclosed alert = enclosed(said);
            Packed.writeSize(alert.size(), out);
            alert.write(out);
            Packed.writeNumber(said.sequence(), out);
            Packed.writeSize(said.times(), out);
        }
        List<Held> held = state.held();
        Packed.writeSize(held.size(), out);
        for (int i = RunAtRest.repeat(state.origin(), held, out); i < held.size(); i++) {
            write(held.get(i), out);
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

    private static Enclosed enclosed(Said said) {
        return said.source() instanceof AlertLayout.AtRest atRest
                        && atRest.enclosed().version() == AlertLayout.INSTANCE.version()
                ? atRest.enclosed()
                : Enclosed.of(said.alert(), AlertLayout.INSTANCE);
    }

    private static void write(Held held, DataOutput out) throws IOException {
        Packed.writeText(held.touchpointId(), out);
        List<Counted> attributions = held.attributions();
        Packed.writeSize(attributions.size(), out);
        for (int i = 0; i < attributions.size(); i++) {
            Counted counted = attributions.get(i);
            Packed.writeNumber(counted.sequence(), out);
            Packed.writeNumber(counted.count(), out);
            write(counted.signal(), out);
        }
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
        String customerId = Packed.readText(in);
        boolean unjudged = in.readBoolean();
        AlertState state;
        if (version < 5) {
            state = new AlertState(customerId);
            List<Held> held = new ArrayList<>();
            for (int i = Packed.readSize(in); i > 0; i--) {
                held.add(readHeld(in, version));
            }
            state.hold(held);
            int alerts = version < 4 ? Math.min(version, 2) : in.readByte();
            for (int i = Packed.readSize(in); i > 0; i--) {
                say(new Said(AlertLayout.INSTANCE.read(in, alerts), Packed.readNumber(in), Packed.readSize(in)), state);
            }
        } else {
            List<Said> said = readSaid(in);
            int size = Packed.readSize(in);
            List<Held> held = new ArrayList<>();
            RunAtRest atRest =
                    in instanceof TextInput packed && version == version() ? new RunAtRest(packed, held, size) : null;
            for (int i = 0; i < size; i++) {
                held.add(readHeld(in, version));
                if (atRest != null) {
                    atRest.mark();
                }
            }
            state = new AlertState(customerId, atRest);
            said.forEach(each -> say(each, state));
            state.hold(held);
        }
        state.unjudged(unjudged);
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

    private static void say(Said said, AlertState state) {
        state.said().put(said.alertId(), said);
    }

    private static List<Said> readSaid(DataInput in) throws IOException {
        List<Said> all = new ArrayList<>();
        for (int i = Packed.readSize(in); i > 0; i--) {
            Enclosed alert = Enclosed.read(Packed.readSize(in), in);
            all.add(AlertLayout.said(alert, Packed.readNumber(in), Packed.readSize(in)));
        }
        return all;
    }

    private static Held readHeld(DataInput in, int version) throws IOException {
        String touchpointId = Packed.readText(in);
        int size = Packed.readSize(in);
        if (size == 1) {
            return new Held(List.of(readCounted(touchpointId, in, version)));
        }
        List<Counted> attributions = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            attributions.add(readCounted(touchpointId, in, version));
        }
        return new Held(attributions);
    }

    private static Counted readCounted(String touchpointId, DataInput in, int version) throws IOException {
        long sequence = Packed.readNumber(in);
        int count = (int) Packed.readNumber(in);
        return new Counted(sequence, readSignal(touchpointId, in, version), count);
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
