package io.throughline.pipeline.kit;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One thing within a state, packed by itself: its texts are not repeated outside of it, so it can be written again as the
 * bytes it is whatever has changed around it, and need not be read before it is asked for.
 */
public final class Enclosed {
    private final byte[] bytes;
    private final int from;
    private final int length;

    private Enclosed(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.from = from;
        this.length = length;
    }

    /** A value and the version of its layout, below 128. */
    public static <T> Enclosed of(T value, Layout<T> layout) {
        byte[] packed = LayoutBytes.pack(layout.version(), value, layout);
        return new Enclosed(packed, 0, packed.length);
    }

    /**
     * What {@link #write} wrote; of a state at rest the same bytes, which are not to be changed.
     *
     * @param size its {@link #size}, which whoever writes it writes before it
     */
    public static Enclosed read(int size, DataInput in) throws IOException {
        if (in instanceof TextInput atRest) {
            return atRest.enclosed(size);
        }
        byte[] bytes = new byte[size];
        in.readFully(bytes);
        return new Enclosed(bytes, 0, size);
    }

    static Enclosed within(byte[] bytes, int from, int length) {
        return new Enclosed(bytes, from, length);
    }

    /** How many bytes {@link #write} writes. */
    public int size() {
        return length;
    }

    public void write(DataOutput out) throws IOException {
        out.write(bytes, from, length);
    }

    public int version() {
        return bytes[from];
    }

    /** From its beginning, as often as is asked. */
    public TextInput open() {
        return new TextInput(bytes, from + 1);
    }
}
