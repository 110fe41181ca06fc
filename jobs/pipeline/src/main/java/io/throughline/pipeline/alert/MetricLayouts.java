package io.throughline.pipeline.alert;

import io.throughline.domain.alert.MetricState;
import io.throughline.domain.alert.MetricState.Value;
import io.throughline.domain.alert.MetricState.Watch;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How metrics, as far as alert rules look at them, are written. */
public final class MetricLayouts {

    /** The components in their order. */
    public static final class ValueLayout implements Layout<Value> {
        private static final long serialVersionUID = 1;

        public static final ValueLayout INSTANCE = new ValueLayout();

        @Override
        public void write(Value value, DataOutput out) throws IOException {
            Packed.writeText(value.metricId(), out);
            Packed.writeTexts(value.dimensions(), out);
            Packed.writeText(value.window(), out);
            out.writeDouble(value.value());
            Packed.writeNumber(value.n(), out);
            writeOptional(value.ciLow(), out);
            writeOptional(value.ciHigh(), out);
            Boolean better = value.higherIsBetter();
            out.writeByte(better == null ? 0 : better ? 1 : 2);
            out.writeLong(value.asOf());
        }

        @Override
        public Value read(DataInput in, int version) throws IOException {
            String metricId = Packed.readText(in);
            Map<String, String> dimensions = Packed.readTexts(in);
            String window = Packed.readText(in);
            double value = in.readDouble();
            long n = Packed.readNumber(in);
            Double low = readOptional(in);
            Double high = readOptional(in);
            int better = in.readByte();
            return new Value(
                    metricId,
                    dimensions,
                    window,
                    value,
                    n,
                    low,
                    high,
                    better == 0 ? null : (Boolean) (better == 1),
                    in.readLong());
        }
    }

    /** The values by window, then what each rule makes of them. */
    public static final class StateLayout implements Layout<MetricState> {
        private static final long serialVersionUID = 1;

        public static final StateLayout INSTANCE = new StateLayout();

        @Override
        public void write(MetricState state, DataOutput out) throws IOException {
            out.writeByte(AlertLayout.INSTANCE.version());
            Packed.writeSize(state.values().size(), out);
            for (Value value : state.values().values()) {
                ValueLayout.INSTANCE.write(value, out);
            }
            Packed.writeSize(state.watches().size(), out);
            for (Map.Entry<String, Watch> watch : state.watches().entrySet()) {
                Packed.writeText(watch.getKey(), out);
                out.writeLong(watch.getValue().beyondSince());
                CaseLayouts.writeOptional(watch.getValue().alert(), out);
            }
        }

        @Override
        public MetricState read(DataInput in, int version) throws IOException {
            int alerts = in.readByte();
            MetricState state = new MetricState();
            int values = Packed.readSize(in);
            for (int i = 0; i < values; i++) {
                Value value = ValueLayout.INSTANCE.read(in, version);
                state.values().put(value.window(), value);
            }
            int watches = Packed.readSize(in);
            for (int i = 0; i < watches; i++) {
                state.watches()
                        .put(Packed.readText(in), new Watch(in.readLong(), CaseLayouts.readOptional(in, alerts)));
            }
            return state;
        }
    }

    private static void writeOptional(@Nullable Double number, DataOutput out) throws IOException {
        out.writeBoolean(number != null);
        if (number != null) {
            out.writeDouble(number);
        }
    }

    private static @Nullable Double readOptional(DataInput in) throws IOException {
        return in.readBoolean() ? (Double) in.readDouble() : null;
    }

    private MetricLayouts() {}
}
