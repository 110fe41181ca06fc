package io.throughline.pipeline.wire;

import io.throughline.pipeline.kit.Layout;
import io.throughline.pipeline.kit.LayoutType;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * A text that keys a stream. Flink's own serializer of texts writes every character by itself, for the state, for the
 * wake-up and for the timer of every key in every snapshot.
 */
public final class TextLayout implements Layout<String> {

    private static final long serialVersionUID = 1;

    public static final TextLayout INSTANCE = new TextLayout();
    public static final LayoutType<String> KEY = LayoutType.key(String.class, INSTANCE);

    @Override
    public void write(String text, DataOutput out) throws IOException {
        Packed.writeText(text, out);
    }

    @Override
    public String read(DataInput in, int version) throws IOException {
        return Packed.readText(in);
    }
}
