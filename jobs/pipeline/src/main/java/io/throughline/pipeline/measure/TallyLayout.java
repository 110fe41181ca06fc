package io.throughline.pipeline.measure;

import io.throughline.domain.measure.Tally;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;

/** Tallies by number: numbers and bins are written as distances, tallies by bin. */
final class TallyLayout {

    static void writeTallies(SortedMap<Long, Tally> tallies, DataOutput out) throws IOException {
        Packed.writeSize(tallies.size(), out);
        long last = 0;
        for (Map.Entry<Long, Tally> at : tallies.entrySet()) {
            Packed.writeNumber(at.getKey() - last, out);
            last = at.getKey();
            write(at.getValue(), out);
        }
    }

    static void readTallies(SortedMap<Long, Tally> tallies, DataInput in) throws IOException {
        int size = Packed.readSize(in);
        long at = 0;
        for (int i = 0; i < size; i++) {
            at += Packed.readNumber(in);
            tallies.put(at, readTally(in));
        }
    }

    private static void write(Tally tally, DataOutput out) throws IOException {
        long[] bins = tally.bins();
        Packed.writeSize(bins.length, out);
        long last = 0;
        for (int i = 0; i < bins.length; i++) {
            Packed.writeNumber(bins[i] - last, out);
            Packed.writeNumber(tally.count(i, bins[i]), out);
            last = bins[i];
        }
    }

    private static Tally readTally(DataInput in) throws IOException {
        int size = Packed.readSize(in);
        Tally tally = Tally.ascending(size);
        long bin = 0;
        for (int i = 0; i < size; i++) {
            bin += Packed.readNumber(in);
            tally.add(bin, Packed.readNumber(in));
        }
        return tally;
    }

    private TallyLayout() {}
}
