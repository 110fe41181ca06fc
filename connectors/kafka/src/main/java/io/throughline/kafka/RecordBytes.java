package io.throughline.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * Avro's binary form, written one after the other into memory that grows and is used again. One instance serves many
 * records, one at a time.
 */
final class RecordBytes {

    /** Most bytes of a number: seven bits of 64 in each. */
    private static final int NUMBER_BYTES = 10;

    private byte[] bytes = new byte[1 << 10];
    private int size;

    /** Begins anew with these bytes. */
    void startWith(byte[] prefix) {
        size = 0;
        room(prefix.length);
        System.arraycopy(prefix, 0, bytes, 0, prefix.length);
        size = prefix.length;
    }

    byte[] copy() {
        return Arrays.copyOf(bytes, size);
    }

    void bool(boolean value) {
        room(1);
        bytes[size++] = (byte) (value ? 1 : 0);
    }

    /** An int has the form of the long of the same value. */
    void number(long value) {
        room(NUMBER_BYTES);
        byte[] to = bytes;
        int at = size;
        long zigzag = (value << 1) ^ (value >> 63);
        while ((zigzag & ~0x7FL) != 0) {
            to[at++] = (byte) (zigzag | 0x80);
            zigzag >>>= 7;
        }
        to[at++] = (byte) zigzag;
        size = at;
    }

    void real(double value) {
        room(Double.BYTES);
        long bits = Double.doubleToRawLongBits(value);
        for (int i = 0; i < Double.BYTES; i++) {
            bytes[size++] = (byte) (bits >>> (8 * i));
        }
    }

    /** Half a surrogate pair becomes a question mark, as everywhere in Java. */
    void text(String value) {
        byte[] encoded = value.getBytes(UTF_8);
        number(encoded.length);
        room(encoded.length);
        System.arraycopy(encoded, 0, bytes, size, encoded.length);
        size += encoded.length;
    }

    /** Ends an array or map. */
    void end() {
        number(0);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
        }
    }
}
