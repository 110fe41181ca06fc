package io.throughline.pipeline.ingest;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * What a stream compressed with gzip holds: one member, or several joined. The stream may be a pipe. What follows the last
 * member and is none is an error, while {@link GZIPInputStream} passes over it, be it a member that was cut off.
 */
final class GzipMembers extends GZIPInputStream {

    /** Check sum and length, behind the compressed bytes of a member. */
    private static final int TRAILER = 8;

    private final Counted counted;
    private long countedAtFill;

    GzipMembers(InputStream in, int bufferSize) throws IOException {
        this(new Counted(in), bufferSize);
    }

    private GzipMembers(Counted counted, int bufferSize) throws IOException {
        super(counted, bufferSize);
        this.counted = counted;
    }

    @Override
    protected void fill() throws IOException {
        super.fill();
        countedAtFill = counted.count;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        int size = super.read(to, offset, length);
        if (size < 0 && (behindTheLast() > 0 || counted.read() >= 0)) {
            throw new ZipException("what follows is not compressed with gzip or only begins to be");
        }
        return size;
    }

    /** Bytes taken in behind the trailer of the last member: what was left of the buffer, and what was asked for since. */
    private long behindTheLast() {
        return inf.getRemaining() + counted.count - countedAtFill - TRAILER;
    }

    /** Always says that there may be more: a pipe cannot tell, or tells that nothing has been sent yet. */
    private static final class Counted extends FilterInputStream {
        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int available() {
            return 1;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            if (value >= 0) {
                count++;
            }
            return value;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            int size = super.read(to, offset, length);
            if (size > 0) {
                count += size;
            }
            return size;
        }
    }
}
