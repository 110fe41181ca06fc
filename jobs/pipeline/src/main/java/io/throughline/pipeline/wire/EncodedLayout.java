package io.throughline.pipeline.wire;

import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The key's size plus one, 0 where there is none, the key, the value's size, the value. */
public final class EncodedLayout implements Layout<Encoded> {

    private static final long serialVersionUID = 1;

    public static final LayoutType<Encoded> TYPE = LayoutType.of(Encoded.class, new EncodedLayout());

    @Override
    public void write(Encoded encoded, DataOutput out) throws IOException {
        byte[] key = encoded.key();
        Packed.writeSize(key == null ? 0 : key.length + 1, out);
        if (key != null) {
            out.write(key);
        }
        Packed.writeSize(encoded.value().length, out);
        out.write(encoded.value());
    }

    @Override
    public Encoded read(DataInput in, int version) throws IOException {
        int keySize = Packed.readSize(in);
        byte[] key = keySize == 0 ? null : bytes(keySize - 1, in);
        return new Encoded(key, bytes(Packed.readSize(in), in));
    }

    private static byte[] bytes(int size, DataInput in) throws IOException {
        byte[] bytes = new byte[size];
        in.readFully(bytes);
        return bytes;
    }
}
