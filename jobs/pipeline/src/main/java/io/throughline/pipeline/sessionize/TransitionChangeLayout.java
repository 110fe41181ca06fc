package io.throughline.pipeline.sessionize;

import io.throughline.domain.sessionize.Transition.Kind;
import io.throughline.domain.sessionize.Transition.Way;
import io.throughline.domain.sessionize.TransitionChange;
import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.wire.Packed;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** The way, then how often more. */
public final class TransitionChangeLayout implements Layout<TransitionChange> {
    private static final long serialVersionUID = 1;

    public static final TransitionChangeLayout INSTANCE = new TransitionChangeLayout();

    @Override
    public void write(TransitionChange change, DataOutput out) throws IOException {
        write(change.way(), out);
        Packed.writeNumber(change.delta(), out);
    }

    @Override
    public TransitionChange read(DataInput in, int version) throws IOException {
        return new TransitionChange(readWay(in), (int) Packed.readNumber(in));
    }

    static void write(Way way, DataOutput out) throws IOException {
        out.writeByte(code(way.kind()));
        Packed.writeText(way.from(), out);
        Packed.writeText(way.to(), out);
        out.writeLong(way.day());
    }

    static Way readWay(DataInput in) throws IOException {
        return new Way(kind(in.readByte()), Packed.readText(in), Packed.readText(in), in.readLong());
    }

    private static int code(Kind kind) {
        return switch (kind) {
            case CHANNEL -> 0;
            case CONTACT -> 1;
            case STAGE -> 2;
        };
    }

    private static Kind kind(int code) throws IOException {
        for (Kind kind : Kind.values()) {
            if (code(kind) == code) {
                return kind;
            }
        }
        throw new IOException("no kind of transition is written as " + code);
    }
}
