package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Family;
import io.throughline.domain.measure.PaneTallies;
import io.throughline.domain.measure.SeriesState;
import io.throughline.domain.measure.Tally;
import io.throughline.pipeline.kit.PartedLayout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The series, the time it has reached, what history owes since when, the tallies ahead of it, the tallies per pane and the
 * past by pane width, what was said per window. Times and bins are written as distances, tallies by bin; panes and the past as
 * {@link PaneTallies} keep them. The first version knew no past, the first two wrote panes like what is ahead.
 */
public final class SeriesStateLayout implements PartedLayout<SeriesState> {

    private static final long serialVersionUID = 1;

    public static final SeriesStateLayout INSTANCE = new SeriesStateLayout();

    @Override
    public int version() {
        return 3;
    }

    @Override
    public void write(SeriesState state, DataOutput out) throws IOException {
        write(state, true, out);
    }

    @Override
    public void writeHead(SeriesState state, DataOutput out) throws IOException {
        write(state, false, out);
    }

    private static void write(SeriesState state, boolean whole, DataOutput out) throws IOException {
        out.writeByte(state.family().id());
        Packed.writeTexts(state.dimensions(), out);
        out.writeLong(state.asOf());
        out.writeLong(state.owedUntil());
        out.writeLong(state.restatedAt());
        TallyLayout.writeTallies(state.ahead(), out);
        Map<Long, PaneTallies> panes = state.panes();
        Packed.writeSize(panes.size(), out);
        for (Map.Entry<Long, PaneTallies> ofWidth : panes.entrySet()) {
            Packed.writeNumber(ofWidth.getKey(), out);
            if (whole) {
                writePanes(ofWidth.getValue(), out);
            }
        }
        for (SeriesState.Past past : state.pasts().values()) {
            Packed.writeNumber(past.width(), out);
            out.writeBoolean(past.aged());
            if (whole) {
                writePanes(past.tallies(), out);
            }
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
        return read(in, version, true);
    }

    @Override
    public SeriesState readHead(DataInput in, int version) throws IOException {
        return read(in, version, false);
    }

    private static SeriesState read(DataInput in, int version, boolean whole) throws IOException {
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
            PaneTallies panes = state.panesOf(widths[i]);
            if (whole) {
                readPanes(panes, in, version);
            }
        }
        for (long width : widths) {
            SeriesState.Past past = version == 1
                    ? new SeriesState.Past(width, aged)
                    : new SeriesState.Past(Packed.readNumber(in), in.readBoolean());
            if (version > 1) {
                if (whole) {
                    readPanes(past.tallies(), in, version);
                }
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

    /** The stretch, the place among all tallies, whether it is the table. */
    private static final int PART_BITS = 7;

    private static final int PLACE_SHIFT = 1;
    private static final int OF_TABLE = 1;

    @Override
    public void parts(SeriesState state, Parts out) throws Exception {
        int place = 0;
        for (PaneTallies tallies : state.allTallies()) {
            int which = place++ << PLACE_SHIFT;
            tallies.parts((number, isTable, changed, bytes) ->
                    out.part(number << PART_BITS | which | (isTable ? OF_TABLE : 0), changed, bytes));
        }
    }

    @Override
    public void readPart(SeriesState state, long part, byte[] bytes, int version) {
        int place = (int) part >>> PLACE_SHIFT & (1 << PART_BITS - PLACE_SHIFT) - 1;
        PaneTallies panes = state.allTallies().get(place);
        long number = part >> PART_BITS;
        if ((part & OF_TABLE) == 0) {
            panes.read(number, bytes);
        } else {
            panes.readTable(number, bytes);
        }
    }

    @Override
    public void written(SeriesState state) {
        state.allTallies().forEach(PaneTallies::written);
    }

    @Override
    public int partBytes(SeriesState state) {
        return state.allTallies().stream().mapToInt(PaneTallies::bytes).sum();
    }

    private static void writePanes(PaneTallies panes, DataOutput out) throws IOException {
        Packed.writeSize(panes.stretches(), out);
        long[] last = {0};
        panes.write((number, bytes) -> {
            Packed.writeNumber(number - last[0], out);
            last[0] = number;
            Packed.writeSize(bytes.length, out);
            out.write(bytes);
        });
    }

    private static void readPanes(PaneTallies panes, DataInput in, int version) throws IOException {
        if (version < 3) {
            TreeMap<Long, Tally> tallies = new TreeMap<>();
            TallyLayout.readTallies(tallies, in);
            tallies.forEach((pane, tally) -> panes.add(pane, tally, 1));
            return;
        }
        long number = 0;
        for (int left = Packed.readSize(in); left > 0; left--) {
            number += Packed.readNumber(in);
            byte[] bytes = new byte[Packed.readSize(in)];
            in.readFully(bytes);
            panes.read(number, bytes);
        }
    }
}
