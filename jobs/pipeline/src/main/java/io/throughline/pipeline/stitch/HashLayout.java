package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A hash: its sixteen bytes, highest first. */
public final class HashLayout implements Layout<Hash128> {
    private static final long serialVersionUID = 1;

    public static final HashLayout INSTANCE = new HashLayout();
    public static final LayoutType<Hash128> TYPE = LayoutType.key(Hash128.class, INSTANCE);

    @Override
    public void write(Hash128 hash, DataOutput out) throws IOException {
        out.writeLong(hash.high());
        out.writeLong(hash.low());
    }

    @Override
    public Hash128 read(DataInput in, int version) throws IOException {
        return new Hash128(in.readLong(), in.readLong());
    }
}
