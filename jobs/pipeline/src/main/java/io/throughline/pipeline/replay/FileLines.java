package io.throughline.pipeline.replay;

import io.throughline.pipeline.ingest.Lines;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.core.io.InputStatus;

/** The records of a file of lines, a few at a time. */
final class FileLines implements InProcessSource.Records<FileLine> {
    private static final int LINES_AT_ONCE = 64;

    private final String name;
    private final Lines lines;

    FileLines(Path file, int maxRecordBytes) throws IOException {
        this.name = file.getFileName().toString();
        this.lines = new Lines(file, maxRecordBytes);
    }

    @Override
    public InputStatus next(ReaderOutput<FileLine> output) throws IOException {
        for (int i = 0; i < LINES_AT_ONCE; i++) {
            byte[] line = lines.next();
            if (line == null) {
                return InputStatus.END_OF_INPUT;
            }
            output.collect(new FileLine(name, lines.number(), lines.size(), line));
        }
        return InputStatus.MORE_AVAILABLE;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
