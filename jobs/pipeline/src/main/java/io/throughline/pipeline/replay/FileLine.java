package io.throughline.pipeline.replay;

import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * One line of a file.
 *
 * @param number from 1
 * @param size in bytes, without the line's end
 * @param bytes the first of them, all unless they are more than a record may have
 */
record FileLine(String file, long number, long size, byte[] bytes) {

    static final LayoutType<FileLine> TYPE = LayoutType.of(FileLine.class, new Bytes());

    /** File, number, size, bytes. */
    static final class Bytes implements Layout<FileLine> {
        private static final long serialVersionUID = 1;

        @Override
        public void write(FileLine line, DataOutput out) throws IOException {
            Packed.writeText(line.file, out);
            Packed.writeNumber(line.number, out);
            Packed.writeNumber(line.size, out);
            Packed.writeSize(line.bytes.length, out);
            out.write(line.bytes);
        }

        @Override
        public FileLine read(DataInput in, int version) throws IOException {
            String file = Packed.readText(in);
            long number = Packed.readNumber(in);
            long size = Packed.readNumber(in);
            byte[] bytes = new byte[Packed.readSize(in)];
            in.readFully(bytes);
            return new FileLine(file, number, size, bytes);
        }
    }
}
