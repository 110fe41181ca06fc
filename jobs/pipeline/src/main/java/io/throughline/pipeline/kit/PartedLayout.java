package io.throughline.pipeline.kit;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * How states are written of which some are large and change in few places: as a whole, or as a head and parts, of which only
 * those are written again that have changed. Where the backend holds objects they are always whole.
 *
 * @param <S> the type, never null
 */
public interface PartedLayout<S> extends Layout<S> {

    /** All but the parts. */
    void writeHead(S state, DataOutput out) throws IOException;

    /** @param version the version that wrote, at most {@link #version()} */
    S readHead(DataInput in, int version) throws IOException;

    /** Adds one part to a state whose head was read. */
    void readPart(S state, long part, byte[] bytes, int version);

    /** Says all parts that there are. */
    void parts(S state, Parts out) throws Exception;

    /** From now on parts are changed that differ from what they are now. */
    void written(S state);

    /** About how many bytes the parts have together. */
    int partBytes(S state);

    /** Takes the parts of one state. */
    interface Parts {

        /**
         * @param part names it among those of the same state
         * @param changed since {@link #written}, or since it was read
         */
        void part(long part, boolean changed, Supplier<byte[]> bytes) throws Exception;
    }

    /** The layout of heads. */
    default Layout<S> head() {
        return new Head<>(this);
    }

    /**
     * Writes heads.
     *
     * @param <S> type of what has a head
     */
    record Head<S>(PartedLayout<S> of) implements Layout<S> {
        private static final long serialVersionUID = 1;

        @Override
        public int version() {
            return of.version();
        }

        @Override
        public void write(S state, DataOutput out) throws IOException {
            of.writeHead(state, out);
        }

        @Override
        public S read(DataInput in, int version) throws IOException {
            return of.readHead(in, version);
        }
    }
}
