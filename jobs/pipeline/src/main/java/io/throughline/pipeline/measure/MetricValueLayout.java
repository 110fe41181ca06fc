package io.throughline.pipeline.measure;

import io.throughline.domain.measure.MetricValue;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The components in their order; an absent end of the interval is a zero byte. */
public final class MetricValueLayout implements Layout<MetricValue> {

    private static final long serialVersionUID = 1;

    public static final MetricValueLayout INSTANCE = new MetricValueLayout();

    @Override
    public void write(MetricValue value, DataOutput out) throws IOException {
        Packed.writeText(value.seriesId(), out);
        Packed.writeText(value.metricId(), out);
        Packed.writeSize(value.formulaVersion(), out);
        Packed.writeTexts(value.dimensions(), out);
        Packed.writeText(value.window(), out);
        out.writeDouble(value.value());
        Packed.writeText(value.unit(), out);
        Packed.writeNumber(value.n(), out);
        writeEnd(value.ciLow(), out);
        writeEnd(value.ciHigh(), out);
        out.writeBoolean(value.complete());
        Packed.writeText(value.direction(), out);
        out.writeLong(value.asOf());
        out.writeBoolean(value.restated());
        Packed.writeNumber(value.revision(), out);
    }

    @Override
    public MetricValue read(DataInput in, int version) throws IOException {
        String seriesId = Packed.readText(in);
        String metricId = Packed.readText(in);
        int formulaVersion = Packed.readSize(in);
        Map<String, String> dimensions = Packed.readTexts(in);
        return new MetricValue(
                seriesId,
                metricId,
                formulaVersion,
                dimensions,
                Packed.readText(in),
                in.readDouble(),
                Packed.readText(in),
                Packed.readNumber(in),
                readEnd(in),
                readEnd(in),
                in.readBoolean(),
                Packed.readText(in),
                in.readLong(),
                in.readBoolean(),
                Packed.readNumber(in));
    }

    private static void writeEnd(@Nullable Double end, DataOutput out) throws IOException {
        out.writeBoolean(end != null);
        if (end != null) {
            out.writeDouble(end);
        }
    }

    private static @Nullable Double readEnd(DataInput in) throws IOException {
        return in.readBoolean() ? in.readDouble() : null;
    }
}
