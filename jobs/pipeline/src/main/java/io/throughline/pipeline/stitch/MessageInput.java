package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.kit.CompactInput;
import io.throughline.pipeline.wire.Packed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;

/** Reads what a {@link MessageOutput} wrote. */
final class MessageInput extends DataInputDeserializer {
    private final byte[] bytes;
    private final List<Identifier> named = new ArrayList<>(4);

    MessageInput(byte[] bytes) {
        super(bytes);
        this.bytes = bytes;
    }

    Identifier identifier() throws IOException {
        int place = Packed.readSize(this);
        if (place != 0) {
            if (place < 0 || place > named.size()) {
                throw new IOException("of " + named.size() + " identifiers none is number " + place);
            }
            return named.get(place - 1);
        }
        int from = getPosition();
        CompactInput text = new CompactInput(bytes, from);
        Identifier identifier;
        try {
            identifier = RecentIdentifiers.read(text);
        } catch (IndexOutOfBoundsException e) {
            throw new IOException("an identifier goes beyond the " + bytes.length + " bytes of its message", e);
        }
        skipBytesToRead(text.position() - from);
        named.add(identifier);
        return identifier;
    }
}
