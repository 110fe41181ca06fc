package io.throughline.kafka;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.io.Decoder;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Avro's binary form from bytes nobody vouches for. Avro's own decoder allocates what a length prefix asks for before it
 * looks whether the bytes are there, so that ten bad bytes cost two gigabytes; here no length may exceed the bytes that
 * are left. An element of an array or map takes at least one byte: collections of elements that take none are refused,
 * since their number could not be bounded. Text must be UTF-8 and a boolean 0 or 1.
 *
 * <p>Everything wrong with the bytes is a {@link MalformedException}. One instance serves many records, one at a time.
 */
final class BoundedDecoder extends Decoder {

    private static final byte[] NOTHING = new byte[0];

    private byte[] bytes = NOTHING;
    private int start;
    private int position;
    private int end;

    /** The bytes contradict the schema. */
    static final class MalformedException extends AvroRuntimeException {

        private static final long serialVersionUID = 1;

        MalformedException(String message) {
            super(message);
        }

        /** Only the message is ever used, and bad input may come in floods. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    /** Starts with {@code bytes[from]}, at the end of the array it ends. */
    void reset(byte[] bytes, int from) {
        this.bytes = bytes;
        this.start = from;
        this.position = from;
        this.end = bytes.length;
    }

    /** Lets go of the bytes. */
    void release() {
        reset(NOTHING, 0);
    }

    int remaining() {
        return end - position;
    }

    /** Position after the wire format's prefix, for messages. */
    int offset() {
        return position - start;
    }

    private MalformedException malformed(String what) {
        return new MalformedException(what + " at byte " + offset());
    }

    private int take(long length, String what) {
        if (length < 0 || length > remaining()) {
            throw malformed(what + " of " + length + " bytes where " + remaining() + " are left");
        }
        int from = position;
        position += (int) length;
        return from;
    }

    private byte next(String what) {
        if (position >= end) {
            throw malformed("the bytes end inside " + what);
        }
        return bytes[position++];
    }

    @Override
    public void readNull() {}

    @Override
    public boolean readBoolean() {
        byte value = next("a boolean");
        if (value != 0 && value != 1) {
            throw malformed("a boolean of " + value);
        }
        return value == 1;
    }

    @Override
    public int readInt() {
        long value = readLong();
        if (value != (int) value) {
            throw malformed("an int of " + value);
        }
        return (int) value;
    }

    @Override
    public long readLong() {
        long zigzag = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = next("a number");
            zigzag |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return (zigzag >>> 1) ^ -(zigzag & 1);
            }
        }
        throw malformed("a number of more than ten bytes");
    }

    @Override
    public float readFloat() {
        int from = take(Float.BYTES, "a float");
        return ByteBuffer.wrap(bytes, from, Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getFloat();
    }

    @Override
    public double readDouble() {
        int from = take(Double.BYTES, "a double");
        return ByteBuffer.wrap(bytes, from, Double.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getDouble();
    }

    @Override
    public Utf8 readString(@Nullable Utf8 old) {
        return new Utf8(readString());
    }

    @Override
    public String readString() {
        int length = length("text");
        int from = take(length, "text");
        String text = new String(bytes, from, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            refuseUnlessUtf8(from, length);
        }
        return text;
    }

    /** A replacement character is either what was written or what the lenient decoder put for bad bytes. */
    private void refuseUnlessUtf8(int from, int length) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
        } catch (CharacterCodingException e) {
            throw malformed("text that is not UTF-8");
        }
    }

    @Override
    public void skipString() {
        take(length("text"), "text");
    }

    @Override
    public ByteBuffer readBytes(@Nullable ByteBuffer old) {
        int length = length("bytes");
        int from = take(length, "bytes");
        return ByteBuffer.wrap(Arrays.copyOfRange(bytes, from, from + length));
    }

    @Override
    public void skipBytes() {
        take(length("bytes"), "bytes");
    }

    @Override
    public void readFixed(byte[] target, int targetStart, int length) {
        System.arraycopy(bytes, take(length, "a fixed"), target, targetStart, length);
    }

    @Override
    public void skipFixed(int length) {
        take(length, "a fixed");
    }

    @Override
    public int readEnum() {
        return readInt();
    }

    @Override
    public long readArrayStart() {
        return blockCount();
    }

    @Override
    public long arrayNext() {
        return blockCount();
    }

    @Override
    public long skipArray() {
        return blockCount();
    }

    @Override
    public long readMapStart() {
        return blockCount();
    }

    @Override
    public long mapNext() {
        return blockCount();
    }

    @Override
    public long skipMap() {
        return blockCount();
    }

    @Override
    public int readIndex() {
        return readInt();
    }

    private int length(String what) {
        long length = readLong();
        if (length < 0 || length > remaining()) {
            throw malformed(what + " of " + length + " bytes where " + remaining() + " are left");
        }
        return (int) length;
    }

    /**
     * Number of elements of the next block. A block with its size in bytes is read element by element too, never skipped
     * by that size, so that a wrong size is found.
     */
    private long blockCount() {
        long count = readLong();
        if (count == Long.MIN_VALUE) {
            throw malformed("a block of " + count + " elements");
        }
        if (count < 0) {
            count = -count;
            long size = readLong();
            if (size < 0 || size > remaining()) {
                throw malformed("a block of " + size + " bytes where " + remaining() + " are left");
            }
        }
        if (count > remaining()) {
            throw malformed("a block of " + count + " elements where " + remaining() + " bytes are left");
        }
        return count;
    }
}
