package io.throughline.pipeline.ingest;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A compressed file that cannot be read to its end. The message names it, the last line that was read and the reason. */
public final class DamagedFileException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param line number of the last line that was read, 0 if there was none */
    DamagedFileException(Path file, long line, IOException cause) {
        super(
                file + " is compressed with gzip and cut off or damaged "
                        + (line == 0 ? "before the end of its first line" : "after line " + line)
                        + reason(cause.getMessage()) + "; copy or make it anew",
                cause);
    }

    private static String reason(@Nullable String message) {
        return message == null ? "" : " (" + message + ")";
    }
}
