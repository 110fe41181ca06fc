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
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file in order; lines of white space alone are no records. A file that is compressed with gzip is read as what it
 * holds, whatever its name, and a byte order mark that begins the text is none of it. A line of any length takes no more memory than the limit.
 */
public final class Lines implements Closeable {

    private static final byte[] GZIP = {0x1f, (byte) 0x8b, 8};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private final Path file;
    private final int limit;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final ByteArrayOutputStream begun = new ByteArrayOutputStream(1024);
    private int from;
    private int until;
    private long number;
    private long size;
    private boolean blank;
    private boolean endsInReturn;

    /**
     * @param limit bytes up to which a line is kept whole; of a longer one the first so many are
     * @throws DamagedFileException if it is compressed and damaged at its beginning
     */
    public Lines(Path file, int limit) throws IOException {
        this.file = file;
        this.limit = limit;
        PushbackInputStream bytes = new PushbackInputStream(Files.newInputStream(file), GZIP.length);
        try {
            this.in = withoutByteOrderMark(
                    beginsWith(bytes, GZIP)
                            ? new PushbackInputStream(new GzipMembers(bytes, 1 << 16), BYTE_ORDER_MARK.length)
                            : bytes);
        } catch (EOFException | ZipException e) {
            bytes.close();
            throw new DamagedFileException(file, number, e);
        } catch (IOException e) {
            bytes.close();
            throw unreadable(e);
        } catch (RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    /** The system says what is wrong, but not of which file. */
    private IOException unreadable(IOException e) {
        IOException named = new IOException(file + " cannot be read beyond line " + number + ": " + e.getMessage());
        // As a cause it would speak in its place.
        named.addSuppressed(e);
        return named;
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

    /**
     * The next record without its line end, or its beginning if it is longer than the limit; null after the last.
     *
     * @throws DamagedFileException if it is compressed, and damaged before the next line's end
     */
    public byte @Nullable [] next() throws IOException {
        while (line()) {
            number++;
            if (!blank) {
                if (endsInReturn) {
                    size--;
                }
                byte[] kept = begun.toByteArray();
                return kept.length > size ? Arrays.copyOf(kept, kept.length - 1) : kept;
            }
        }
        return null;
    }

    /** Reads on to the end of the next line; false if there is none. */
    private boolean line() throws IOException {
        begun.reset();
        size = 0;
        blank = true;
        endsInReturn = false;
        while (true) {
            for (int i = from; i < until; i++) {
                if (buffer[i] == '\n') {
                    take(i - from);
                    from = i + 1;
                    return true;
                }
            }
            take(until - from);
            from = 0;
            until = Math.max(0, read());
            if (until == 0) {
                // The last line may lack its end.
                return size > 0;
            }
        }
    }

    /** So many bytes more are of the line. */
    private void take(int length) {
        if (length > 0) {
            blank = blank && JsonTouchpoints.isBlank(buffer, from, length);
            endsInReturn = buffer[from + length - 1] == '\r';
            begun.write(buffer, from, Math.min(length, limit - begun.size()));
            size += length;
        }
    }

    private int read() throws IOException {
        try {
            return in.read(buffer);
        } catch (EOFException | ZipException e) {
            throw new DamagedFileException(file, number, e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** Number of the line returned last, from 1. */
    public long number() {
        return number;
    }

    /** Bytes of the record returned last, also those beyond the limit, which it lacks. */
    public long size() {
        return size;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
