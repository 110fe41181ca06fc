package io.throughline.pipeline.kit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Values as bytes by their layout, without a stream to read from or write to. */
public final class LayoutBytes {

    public static <T> byte[] write(T value, Layout<T> layout) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try {
            layout.write(value, new DataOutputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("memory is always writable", e);
        }
        return bytes.toByteArray();
    }

    /** Reads what {@link #write} wrote with this version of the layout. */
    public static <T> T read(byte[] bytes, Layout<T> layout) throws IOException {
        return layout.read(new DataInputStream(new ByteArrayInputStream(bytes)), layout.version());
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
