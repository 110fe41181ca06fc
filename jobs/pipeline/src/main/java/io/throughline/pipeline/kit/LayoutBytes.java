package io.throughline.pipeline.kit;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Values as bytes by their layout, without a stream to read from or write to. */
public final class LayoutBytes {

    private static final int USUAL_BYTES = 512;

    public static <T> byte[] write(T value, Layout<T> layout) {
        DataOutputSerializer bytes = new DataOutputSerializer(USUAL_BYTES);
        try {
            layout.write(value, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory is always writable", e);
        }
        return bytes.getCopyOfBuffer();
    }

    /**
     * For what is at rest: after this byte, with compact texts.
     *
     * @param first a byte before the value's
     */
    static <T> byte[] pack(int first, T value, Layout<T> layout) {
        TextOutput bytes = TextOutput.begin();
        try {
            bytes.writeByte(first);
            layout.write(value, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException("memory is always writable", e);
        }
        return bytes.finish();
    }

    /** Reads what {@link #pack} wrote with this version of the layout. */
    static <T> T unpack(byte[] bytes, Layout<T> layout, int version) throws IOException {
        return layout.read(new TextInput(bytes, 1), version);
    }

    /** Reads what {@link #write} wrote with this version of the layout. */
    public static <T> T read(byte[] bytes, Layout<T> layout) throws IOException {
        return layout.read(new DataInputDeserializer(bytes), layout.version());
    }

    /** A copy that shares nothing mutable with the value. */
    public static <T> T copy(T value, Layout<T> layout) {
        try {
            return read(write(value, layout), layout);
        } catch (IOException e) {
            throw new UncheckedIOException("what was just written can be read", e);
        }
    }

    private LayoutBytes() {}
}
