package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Vicinity.Passage;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** At which parallelisms messages were sent that may still travel, and what one task adds to their number. */
public final class PassageLayout implements Layout<Passage> {
    private static final long serialVersionUID = 1;

    public static final PassageLayout INSTANCE = new PassageLayout();
    public static final LayoutType<Passage> TYPE = LayoutType.of(Passage.class, INSTANCE);

    @Override
    public void write(Passage passage, DataOutput out) throws IOException {
        Packed.writeSize(passage.parallelisms().size(), out);
        for (int parallelism : new TreeSet<>(passage.parallelisms())) {
            Packed.writeSize(parallelism, out);
        }
        out.writeLong(passage.sent());
    }

    @Override
    public Passage read(DataInput in, int version) throws IOException {
        int size = Packed.readSize(in);
        Set<Integer> parallelisms = new HashSet<>();
        for (int i = 0; i < size; i++) {
            parallelisms.add(Packed.readSize(in));
        }
        return new Passage(parallelisms, in.readLong());
    }
}
