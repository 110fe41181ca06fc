package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Fence.Run;
import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Stamp, node, then the message as it is, behind its size. */
public final class LetterLayout implements Layout<Letter> {
    private static final long serialVersionUID = 1;

    /** First of every letter, since letters outlive the build that wrote them; the first builds wrote 0 or 1 here. */
    static final int FORMAT = 3;
    /** Without node and size. */
    private static final int FORMAT_BEFORE = 2;

    public static final LetterLayout INSTANCE = new LetterLayout();
    public static final LayoutType<Letter> TYPE = LayoutType.of(Letter.class, INSTANCE);

    @Override
    public int version() {
        return FORMAT;
    }

    @Override
    public void write(Letter letter, DataOutput out) throws IOException {
        out.writeByte(letter.format());
        writeStampOrNone(letter.stamp(), out);
        Graph.writeHash(letter.to(), out);
        byte[] message = letter.written();
        Packed.writeSize(message.length, out);
        out.write(message);
    }

    @Override
    public Letter read(DataInput in, int version) throws IOException {
        int format = in.readByte();
        if (format != FORMAT && format != FORMAT_BEFORE) {
            throw new IOException("the feedback topic holds a message of another build of stitching (format " + format
                    + ", this build reads " + FORMAT_BEFORE + ", " + FORMAT + " and bundles, " + Bundle.FORMAT
                    + "): start the job without state and replay its input");
        }
        Stamp stamp = readStampOrNone(in);
        if (format == FORMAT_BEFORE) {
            return new Letter(StitchMessageLayout.INSTANCE.read(in, StitchMessageLayout.INSTANCE.version()), stamp);
        }
        Hash128 to = Graph.readHash(in);
        byte[] message = new byte[Packed.readSize(in)];
        in.readFully(message);
        return new Letter(to, stamp, message, format);
    }

    static void writeStampOrNone(@Nullable Stamp stamp, DataOutput out) throws IOException {
        Graph.writeNullable(stamp, LetterLayout::writeStamp, out);
    }

    static @Nullable Stamp readStampOrNone(DataInput in) throws IOException {
        return Graph.readNullable(LetterLayout::readStamp, in);
    }

    private static void writeStamp(Stamp stamp, DataOutput out) throws IOException {
        writeRun(stamp.run(), out);
        Packed.writeNumber(stamp.epoch(), out);
    }

    private static Stamp readStamp(DataInput in) throws IOException {
        return new Stamp(readRun(in), Packed.readNumber(in));
    }

    static void writeRun(Run run, DataOutput out) throws IOException {
        out.writeLong(run.job());
        Packed.writeNumber(run.base(), out);
        Packed.writeSize(run.number(), out);
    }

    static Run readRun(DataInput in) throws IOException {
        return new Run(in.readLong(), Packed.readNumber(in), Packed.readSize(in));
    }
}
