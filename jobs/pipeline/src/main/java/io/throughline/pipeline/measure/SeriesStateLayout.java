package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Family;
import io.throughline.domain.measure.SeriesState;
import io.throughline.domain.measure.Tally;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The series, the time it has reached, what history owes since when, the tallies ahead of it, the tallies per pane and the
 * past by pane width, what was said per window. Times, panes and bins are written as distances, tallies by bin. The first
 * version knew no past.
 */
public final class SeriesStateLayout implements Layout<SeriesState> {

    private static final long serialVersionUID = 1;

    public static final SeriesStateLayout INSTANCE = new SeriesStateLayout();

    @Override
    public int version() {
        return 2;
    }

    @Override
    public void write(SeriesState state, DataOutput out) throws IOException {
        out.writeByte(state.family().id());
        Packed.writeTexts(state.dimensions(), out);
        out.writeLong(state.asOf());
        out.writeLong(state.owedUntil());
        out.writeLong(state.restatedAt());
        TallyLayout.writeTallies(state.ahead(), out);
        Map<Long, TreeMap<Long, Tally>> panes = state.panes();
        Packed.writeSize(panes.size(), out);
        for (Map.Entry<Long, TreeMap<Long, Tally>> ofWidth : panes.entrySet()) {
            Packed.writeNumber(ofWidth.getKey(), out);
            TallyLayout.writeTallies(ofWidth.getValue(), out);
        }
        for (SeriesState.Past past : state.pasts().values()) {
            Packed.writeNumber(past.width(), out);
            out.writeBoolean(past.aged());
            TallyLayout.writeTallies(past.tallies(), out);
            TallyLayout.writeTallies(past.owed(), out);
        }
        Packed.writeSize(state.said().size(), out);
        for (Map.Entry<String, SeriesState.Said> said : state.said().entrySet()) {
            Packed.writeText(said.getKey(), out);
            Packed.writeSize(said.getValue().shown().size(), out);
            for (String shown : said.getValue().shown()) {
                Packed.writeText(shown, out);
            }
            out.writeBoolean(said.getValue().changed());
            out.writeBoolean(said.getValue().restated());
        }
    }

    @Override
    public SeriesState read(DataInput in, int version) throws IOException {
        Family family = Family.ofId(in.readByte());
        Map<String, String> dimensions = Packed.readTexts(in);
        SeriesState state = new SeriesState(family, dimensions, in.readLong());
        boolean aged = version == 1 && in.readBoolean();
        if (version > 1) {
            state.restated(in.readLong(), in.readLong());
        }
        TallyLayout.readTallies(state.ahead(), in);
        long[] widths = new long[Packed.readSize(in)];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Packed.readNumber(in);
            TallyLayout.readTallies(state.panesOf(widths[i]), in);
        }
        for (long width : widths) {
            SeriesState.Past past = version == 1
                    ? new SeriesState.Past(width, aged)
                    : new SeriesState.Past(Packed.readNumber(in), in.readBoolean());
            if (version > 1) {
                TallyLayout.readTallies(past.tallies(), in);
                TallyLayout.readTallies(past.owed(), in);
            }
            state.past(width, past);
        }
        int windows = Packed.readSize(in);
        for (int i = 0; i < windows; i++) {
            String window = Packed.readText(in);
            TreeSet<String> shown = new TreeSet<>();
            int size = Packed.readSize(in);
            for (int j = 0; j < size; j++) {
                shown.add(Packed.readText(in));
            }
            state.said().put(window, new SeriesState.Said(shown, in.readBoolean(), in.readBoolean()));
        }
        return state;
    }
}
