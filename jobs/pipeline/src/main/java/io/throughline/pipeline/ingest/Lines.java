package io.throughline.pipeline.ingest;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The lines of a file in order; lines of white space alone are no records. */
public final class Lines implements Closeable {

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(1024);
    private int from;
    private int until;
    private long number;

    public Lines(Path file) throws IOException {
        this.in = Files.newInputStream(file);
    }

    /** The next record without its line end; null after the last. */
    public byte @Nullable [] next() throws IOException {
        while (true) {
            byte[] line = line();
            if (line == null) {
                return null;
            }
            number++;
            int length = line.length > 0 && line[line.length - 1] == '\r' ? line.length - 1 : line.length;
            if (!JsonTouchpoints.isBlank(line, 0, length)) {
                return length == line.length ? line : Arrays.copyOf(line, length);
            }
        }
    }

    private byte @Nullable [] line() throws IOException {
        begun.reset();
        while (true) {
            for (int i = from; i < until; i++) {
                if (buffer[i] == '\n') {
                    begun.write(buffer, from, i - from);
                    from = i + 1;
                    return begun.toByteArray();
                }
            }
            begun.write(buffer, from, until - from);
            from = 0;
            until = Math.max(0, in.read(buffer));
            if (until == 0) {
                // The last line may lack its end.
                return begun.size() > 0 ? begun.toByteArray() : null;
            }
        }
    }

    /** Number of the line returned last, from 1. */
    public long number() {
        return number;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
