package io.throughline.pipeline.stitch;

import io.throughline.domain.touchpoint.Identifier;
import io.throughline.pipeline.kit.CompactOutput;
import io.throughline.pipeline.wire.Packed;
import java.io.IOException;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The bytes of one message. Most messages name the same two identifiers again and again: in them the first time says
 * who, as packed nodes do, every further time which of them.
 */
final class MessageOutput extends DataOutputSerializer {
    private static final int USUAL_BYTES = 512;

    private final Places<Identifier> named = new Places<>();
    private final CompactOutput text = new CompactOutput();

    MessageOutput() {
        super(USUAL_BYTES);
    }

    /** For another message. */
    @Override
    public void clear() {
        super.clear();
        named.clear();
    }

    void identifier(Identifier identifier) throws IOException {
        int hash = identifier.hashCode();
        int place = named.find(identifier, hash);
        Packed.writeSize(place + 1, this);
        if (place < 0) {
            named.add(identifier, hash);
            text.clear();
            text.text(identifier.type());
            text.text(identifier.value());
            write(text.toBytes());
        }
    }
}
