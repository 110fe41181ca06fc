package io.throughline.pipeline.replay;

import io.throughline.pipeline.ingest.JsonTouchpoints;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.core.io.InputStatus;

/** The lines of a file in order; lines of white space alone are no records. */
final class FileLines implements InProcessSource.Records<FileLine> {
    private static final int LINES_AT_ONCE = 64;

    private final String name;
    private final InputStream in;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(1024);
    private long number;

    FileLines(Path file) throws IOException {
        this.name = file.getFileName().toString();
        this.in = new BufferedInputStream(Files.newInputStream(file), 1 << 18);
    }

    @Override
    public InputStatus next(ReaderOutput<FileLine> output) throws IOException {
        for (int i = 0; i < LINES_AT_ONCE; i++) {
            line.reset();
            int next = in.read();
            if (next < 0) {
                return InputStatus.END_OF_INPUT;
            }
            while (next >= 0 && next != '\n') {
                line.write(next);
                next = in.read();
            }
            number++;
            byte[] bytes = line.toByteArray();
            int length = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
            if (!JsonTouchpoints.isBlank(bytes, 0, length)) {
                output.collect(new FileLine(name, number, java.util.Arrays.copyOf(bytes, length)));
            }
        }
        return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
