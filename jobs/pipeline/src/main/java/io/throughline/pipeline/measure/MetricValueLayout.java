package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Metric;
import io.throughline.domain.measure.MetricValue;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metric, the version of its formula, the dimensions, the window, the value, n, a byte of flags, the ends of the interval
 * that are there, {@code asOf}, and how much later it was computed. The unit is the metric's. Version 1 had the name of the
 * series, the unit and the direction as texts.
 */
public final class MetricValueLayout implements Layout<MetricValue> {

    private static final long serialVersionUID = 1;

    public static final MetricValueLayout INSTANCE = new MetricValueLayout();

    private static final int LOW = 1;
    private static final int HIGH = 2;
    private static final int COMPLETE = 4;
    private static final int RESTATED = 8;
    /** Two bits from here on: higher is better, lower is better, neutral. */
    private static final int DIRECTION = 4;

    private static final String[] DIRECTIONS = {
        Metric.Direction.HIGHER_IS_BETTER.code(),
        Metric.Direction.LOWER_IS_BETTER.code(),
        Metric.Direction.NEUTRAL.code()
    };

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(MetricValue value, DataOutput out) throws IOException {
        Double low = value.ciLow();
        Double high = value.ciHigh();
        Packed.writeText(value.metricId(), out);
        Packed.writeSize(value.formulaVersion(), out);
        Packed.writeTexts(value.dimensions(), out);
        Packed.writeText(value.window(), out);
        out.writeDouble(value.value());
        Packed.writeNumber(value.n(), out);
        out.writeByte((low == null ? 0 : LOW)
                | (high == null ? 0 : HIGH)
                | (value.complete() ? COMPLETE : 0)
                | (value.restated() ? RESTATED : 0)
                | numberOf(value.direction()) << DIRECTION);
        if (low != null) {
            out.writeDouble(low);
        }
        if (high != null) {
            out.writeDouble(high);
        }
        out.writeLong(value.asOf());
        Packed.writeNumber(value.revision() - value.asOf(), out);
    }

    @Override
    public MetricValue read(DataInput in, int version) throws IOException {
        if (version == 1) {
            return readTexts(in);
        }
        String metricId = Packed.readText(in);
        int formulaVersion = Packed.readSize(in);
        Map<String, String> dimensions = Packed.readTexts(in);
        String window = Packed.readText(in);
        double value = in.readDouble();
        long n = Packed.readNumber(in);
        int flags = in.readByte();
        Double low = (flags & LOW) != 0 ? in.readDouble() : null;
        Double high = (flags & HIGH) != 0 ? in.readDouble() : null;
        long asOf = in.readLong();
        return new MetricValue(
                metricId,
                formulaVersion,
                dimensions,
                window,
                value,
                Metric.ofId(metricId).unit(),
                n,
                low,
                high,
                (flags & COMPLETE) != 0,
                DIRECTIONS[flags >> DIRECTION],
                asOf,
                (flags & RESTATED) != 0,
                asOf + Packed.readNumber(in));
    }

    private static int numberOf(String direction) {
        for (int i = 0; i < DIRECTIONS.length; i++) {
            if (DIRECTIONS[i].equals(direction)) {
                return i;
            }
        }
        throw new IllegalArgumentException("no metric has the direction " + direction);
    }

    private static MetricValue readTexts(DataInput in) throws IOException {
        Packed.readText(in);
        String metricId = Packed.readText(in);
        int formulaVersion = Packed.readSize(in);
        Map<String, String> dimensions = Packed.readTexts(in);
        return new MetricValue(
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

    private static @Nullable Double readEnd(DataInput in) throws IOException {
        return in.readBoolean() ? in.readDouble() : null;
    }
}
