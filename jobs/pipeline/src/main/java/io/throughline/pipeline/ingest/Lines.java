package io.throughline.pipeline.ingest;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file in order; lines of white space alone are no records. A file that is compressed with gzip is read as what it
 * holds, whatever its name, and a byte order mark that begins the text is none of it.
 */
public final class Lines implements Closeable {

    private static final byte[] GZIP = {0x1f, (byte) 0x8b, 8};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Path file;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(1024);
    private int from;
    private int until;
    private long number;

    public Lines(Path file) throws IOException {
        this.file = file;
        PushbackInputStream bytes = new PushbackInputStream(Files.newInputStream(file), GZIP.length);
        try {
            this.in = withoutByteOrderMark(
                    beginsWith(bytes, GZIP)
                            ? new PushbackInputStream(new GZIPInputStream(bytes, 1 << 16), BYTE_ORDER_MARK.length)
                            : bytes);
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    private static InputStream withoutByteOrderMark(PushbackInputStream text) throws IOException {
        if (beginsWith(text, BYTE_ORDER_MARK)) {
            text.skipNBytes(BYTE_ORDER_MARK.length);
        }
        return text;
    }

    /** Whether the next bytes are these; they stay to be read. */
    private static boolean beginsWith(PushbackInputStream in, byte[] expected) throws IOException {
        byte[] found = in.readNBytes(expected.length);
        in.unread(found);
        return Arrays.equals(found, expected);
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
            until = Math.max(0, read());
            if (until == 0) {
                // The last line may lack its end.
                return begun.size() > 0 ? begun.toByteArray() : null;
            }
        }
    }

    private int read() throws IOException {
        try {
            return in.read(buffer);
        } catch (EOFException | ZipException e) {
            throw new IOException(
                    file + " is compressed with gzip and cut off or damaged after line " + number + " ("
                            + e.getMessage() + ")",
                    e);
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
