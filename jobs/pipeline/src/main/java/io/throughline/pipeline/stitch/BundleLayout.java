package io.throughline.pipeline.stitch;

import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Between the tasks of one build, where they are not one: the partition, then the record behind its size. */
final class BundleLayout implements Layout<Bundle> {
    private static final long serialVersionUID = 1;

    static final BundleLayout INSTANCE = new BundleLayout();

    @Override
    public void write(Bundle bundle, DataOutput out) throws IOException {
        Packed.writeSize(bundle.partition(), out);
        Packed.writeSize(bundle.bytes().length, out);
        out.write(bundle.bytes());
    }

    @Override
    public Bundle read(DataInput in, int version) throws IOException {
        int partition = Packed.readSize(in);
        byte[] bytes = new byte[Packed.readSize(in)];
        in.readFully(bytes);
        return new Bundle(partition, bytes);
    }
}
