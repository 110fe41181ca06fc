package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.stitch.StitchMessage;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.pipeline.wire.Packed;
import java.io.DataOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message and where it comes from. On its way it is read by nobody but its node: whoever passes it on looks at the
 * envelope and copies the bytes, since reading it costs several times what carrying it does.
 */
public final class Letter {
    private final Hash128 to;
    private final @Nullable Stamp stamp;
    /** A {@link StitchMessage} or its bytes. */
    private Object content;
    /** Of the bytes: the format of the letter that they were written for. */
    private final int format;

    /** @param stamp what its sender bore; null: it does not come from a node and is read again after a failure */
    public Letter(StitchMessage message, @Nullable Stamp stamp) {
        this(message.to(), stamp, message, LetterLayout.FORMAT);
    }

    /** One that nobody has read. */
    Letter(Hash128 to, @Nullable Stamp stamp, byte[] written, int format) {
        this(to, stamp, (Object) written, format);
    }

    private Letter(Hash128 to, @Nullable Stamp stamp, Object content, int format) {
        this.to = to;
        this.stamp = stamp;
        this.content = content;
        this.format = format;
    }

    /** The node it is for. */
    public Hash128 to() {
        return to;
    }

    public @Nullable Stamp stamp() {
        return stamp;
    }

    /** @throws UncheckedIOException where its bytes are none of a message */
    public StitchMessage message() {
        if (content instanceof StitchMessage message) {
            return message;
        }
        try {
            StitchMessage read = StitchMessageLayout.INSTANCE.read(
                    new MessageInput((byte[]) content), StitchMessageLayout.INSTANCE.version());
            content = read;
            return read;
        } catch (IOException e) {
            throw damaged(e);
        } catch (IndexOutOfBoundsException e) {
            throw damaged(new IOException("it says what none of its kind says", e));
        }
    }

    private UncheckedIOException damaged(IOException cause) {
        return new UncheckedIOException("a message of the feedback topic to node " + to.hex() + " is damaged", cause);
    }

    /** The format of the letter that {@link #written} belongs in. */
    int format() {
        return content instanceof byte[] ? format : LetterLayout.FORMAT;
    }

    byte[] written() {
        if (content instanceof byte[] bytes) {
            return bytes;
        }
        MessageOutput out = new MessageOutput();
        try {
            StitchMessageLayout.INSTANCE.write((StitchMessage) content, out);
        } catch (IOException e) {
            throw new UncheckedIOException("memory is always writable", e);
        }
        return out.getCopyOfBuffer();
    }

    /**
     * How long {@link #written} is.
     *
     * @param room for it to be written in, where it is not yet
     */
    int messageSize(MessageOutput room) throws IOException {
        if (content instanceof byte[] bytes) {
            return bytes.length;
        }
        room.clear();
        StitchMessageLayout.INSTANCE.write((StitchMessage) content, room);
        return room.length();
    }

    /**
     * Writes what {@link #written} is, behind its size.
     *
     * @param room as {@link #messageSize} left it
     */
    void writeMessage(MessageOutput room, DataOutput out) throws IOException {
        if (content instanceof byte[] bytes) {
            Packed.writeSize(bytes.length, out);
            out.write(bytes);
            return;
        }
        Packed.writeSize(room.length(), out);
        out.write(room.getSharedBuffer(), 0, room.length());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Letter that
                && Objects.equals(stamp, that.stamp)
                && message().equals(that.message());
    }

    @Override
    public int hashCode() {
        return 31 * message().hashCode() + Objects.hashCode(stamp);
    }

    @Override
    public String toString() {
        return "Letter[message=" + message() + ", stamp=" + stamp + "]";
    }
}
