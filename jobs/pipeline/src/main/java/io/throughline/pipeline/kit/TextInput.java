package io.throughline.pipeline.kit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;

/** Reads what a {@link TextOutput} wrote, all of it and in the same order. */
public final class TextInput extends DataInputDeserializer {
    private final byte[] bytes;
    private final List<String> read = new ArrayList<>();

    TextInput(byte[] bytes, int offset) {
        super(bytes, offset, bytes.length - offset);
        this.bytes = bytes;
    }

    public String text() throws IOException {
        int from = getPosition();
        CompactInput compact = new CompactInput(bytes, from);
        String text;
        if (compact.peek() == CompactOutput.REPEATED) {
            compact.octet();
            text = read.get(compact.count());
        } else {
            text = compact.text();
            if (compact.position() - from > TextOutput.SHORTEST_REPEATED) {
                read.add(text);
            }
        }
        skipBytesToRead(compact.position() - from);
        return text;
    }
}
