package io.throughline.pipeline.kit;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;

/**
 * How one type is written: the contract behind state and the wire between operators. Written with the newest version,
 * read with whichever version wrote.
 *
 * @param <T> the type, never null
 */
public interface Layout<T> extends Serializable {

    /** Version that {@link #write} writes; grows by one with every change of the bytes. */
    default int version() {
        return 1;
    }

    void write(T value, DataOutput out) throws IOException;

    /** @param version the version that wrote, at most {@link #version()} */
    T read(DataInput in, int version) throws IOException;

    /** Another that may be changed while a snapshot that is being written still needs this one as it is. */
    default T copy(T value) {
        return LayoutBytes.copy(value, this);
    }
}
