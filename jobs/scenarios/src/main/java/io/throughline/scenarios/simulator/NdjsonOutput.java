package io.throughline.scenarios.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.throughline.schemas.Touchpoint;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** One JSON object a line, to a file or to standard output. */
final class NdjsonOutput implements Output {
    private final OutputStream out;
    private final JsonGenerator json;

    NdjsonOutput(OutputStream out) throws IOException {
        this.out = out;
        this.json = new JsonFactory().createGenerator(out).setRootValueSeparator(null);
    }

    /** @param target a file, or {@code -} for standard output */
    static OutputStream open(String target) throws IOException {
        if ("-".equals(target)) {
            return new BufferedOutputStream(System.out, 1 << 16);
        }
        Path file = Path.of(target);
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
    }

    @Override
    public Form form() {
        return Form.JSON;
    }

    @Override
    public byte[] encode(Touchpoint touchpoint) {
        return TouchpointJson.write(touchpoint);
    }

    @Override
    public void write(Touchpoint touchpoint) throws IOException {
        TouchpointJson.write(touchpoint, json);
        json.writeRaw('\n');
    }

    @Override
    public void writeRaw(Touchpoint origin, byte @Nullable [] record) throws IOException {
        json.flush();
        if (record != null) {
            out.write(record);
        }
        out.write('\n');
    }

    @Override
    public void flush() throws IOException {
        json.flush();
    }

    @Override
    public void close() throws IOException {
        json.close();
    }
}
