package io.throughline.pipeline.kit;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Bytes of one state at rest. Its texts are written as {@link CompactOutput} writes them, and one that was written before as
 * its place among those.
 */
public final class TextOutput extends DataOutputSerializer {
    /** As long as naming it. */
    static final int SHORTEST_REPEATED = 2;

    private final CompactOutput compact = new CompactOutput();
    private final Map<String, Integer> written = new HashMap<>();

    TextOutput(int bytes) {
        super(bytes);
    }

    public void text(String text) throws IOException {
        compact.clear();
        Integer place = written.get(text);
        if (place != null) {
            compact.octet(CompactOutput.REPEATED);
            compact.count(place);
        } else {
            compact.text(text);
            if (compact.size() > SHORTEST_REPEATED) {
                written.put(text, written.size());
            }
        }
        compact.writeTo(this);
    }
}
