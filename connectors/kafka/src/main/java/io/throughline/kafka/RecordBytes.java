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

    /** From there on it is quicker to copy a text as a whole; a length below it is one byte. */
    private static final int SHORT = 16;

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
        long zigzag = (value << 1) ^ (value >> 63);
        if (zigzag >>> 7 == 0) {
            room(1);
            bytes[size++] = (byte) zigzag;
        } else {
            longer(zigzag);
        }
    }

    private void longer(long zigzag) {
        room(NUMBER_BYTES);
        byte[] to = bytes;
        int at = size;
        long left = zigzag;
        while (left >>> 7 != 0) {
            to[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        to[at++] = (byte) left;
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
        int length = value.length();
        if (length >= SHORT || !ascii(value, length)) {
            byte[] encoded = value.getBytes(UTF_8);
            number(encoded.length);
            room(encoded.length);
            System.arraycopy(encoded, 0, bytes, size, encoded.length);
            size += encoded.length;
        }
    }

    /** Writes it without making it an array of its own first; not where it is more than ASCII. */
    private boolean ascii(String value, int length) {
        room(1 + length);
        byte[] to = bytes;
        int at = size;
        to[at++] = (byte) (length << 1);
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c >= 0x80) {
                return false;
            }
            to[at++] = (byte) c;
        }
        size = at;
        return true;
    }

    /** Ends an array or map. */
    void end() {
        number(0);
    }

    private void room(int more) {
        if (bytes.length - size < more) {
            grow(more);
        }
    }

    private void grow(int more) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(size, more)));
    }
}
