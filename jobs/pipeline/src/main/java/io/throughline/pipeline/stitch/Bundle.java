package io.throughline.pipeline.stitch;

import io.throughline.domain.stitch.Fence.Stamp;
import io.throughline.domain.touchpoint.Hash128;
import io.throughline.pipeline.kit.LayoutType;
import io.throughline.pipeline.wire.Packed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Letters that one task sent within one snapshot to nodes of one partition, in the order it sent them: one record of the
 * feedback topic, since a record costs as much as a letter does.
 *
 * <p>Its bytes are the format, the stamp, then each letter's node and message, the message behind its size.
 *
 * @param partition of the feedback topic
 */
public record Bundle(int partition, byte[] bytes) {
    /** First of every bundle; a record that begins otherwise is one letter, see {@link LetterLayout}. */
    static final int FORMAT = 4;

    static final LayoutType<Bundle> TYPE = LayoutType.of(Bundle.class, BundleLayout.INSTANCE);

    /** Hands over the letters of a record, be it a bundle or, written by a build before bundles, one letter. */
    static void open(byte[] record, Consumer<Letter> taker) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(record);
        if (record.length == 0 || record[0] != FORMAT) {
            taker.accept(LetterLayout.INSTANCE.read(in, LetterLayout.INSTANCE.version()));
            return;
        }
        in.readByte();
        Stamp stamp = LetterLayout.readStampOrNone(in);
        while (in.available() > 0) {
            Hash128 to = Graph.readHash(in);
            int size = Packed.readSize(in);
            if (size < 0 || size > in.available()) {
                throw new IOException("a message of " + size + " bytes to node " + to.hex() + " goes beyond the "
                        + record.length + " of its record in the feedback topic");
            }
            byte[] message = new byte[size];
            in.readFully(message);
            taker.accept(new Letter(to, stamp, message, LetterLayout.FORMAT));
        }
    }

    /** Letters that wait for others. */
    static final class Open {
        private static final int USUAL_BYTES = 4096;
        /** Of a letter, at most: its node and the size of its message. */
        private static final int ENVELOPE_BYTES = 2 * Long.BYTES + 5;

        private final DataOutputSerializer bytes = new DataOutputSerializer(USUAL_BYTES);
        private @Nullable Stamp stamp;

        boolean isEmpty() {
            return bytes.length() == 0;
        }

        int size() {
            return bytes.length();
        }

        /**
         * Adds a letter of the same stamp for which there is room; one alone is added whatever its size.
         *
         * @param room for the message to be written in
         * @return whether it was added; otherwise it begins the next bundle
         */
        boolean add(Letter letter, MessageOutput room) {
            try {
                int size = letter.messageSize(room);
                if (!isEmpty()
                        && (!Objects.equals(stamp, letter.stamp())
                                || bytes.length() + ENVELOPE_BYTES + size > BundlingOperator.MOST_BYTES)) {
                    return false;
                }
                if (isEmpty()) {
                    stamp = letter.stamp();
                    bytes.writeByte(FORMAT);
                    LetterLayout.writeStampOrNone(stamp, bytes);
                }
                Graph.writeHash(letter.to(), bytes);
                letter.writeMessage(room, bytes);
                return true;
            } catch (IOException e) {
                throw new UncheckedIOException("memory is always writable", e);
            }
        }

        /** What was added since the last time. */
        Bundle close(int partition) {
            Bundle closed = new Bundle(partition, bytes.getCopyOfBuffer());
            bytes.clear();
            return closed;
        }
    }
}
