package io.throughline.pipeline.kit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a {@link CompactOutput} wrote. Bytes that none wrote, cut short or damaged, are an
 * {@link IndexOutOfBoundsException}; whoever knows what they are of says so.
 */
public final class CompactInput {
    private static final VarHandle PAIRS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);

    /** The two digits of each byte. */
    private static final short[] DIGITS = digits();

    private static short[] digits() {
        byte[] digits = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        short[] pairs = new short[256];
        for (int i = 0; i < pairs.length; i++) {
            pairs[i] = (short) (digits[i >> 4] << 8 | digits[i & 0xf]);
        }
        return pairs;
    }

    private static final int LONGEST_KNOWN = 36;

    private final byte[] bytes;
    private int at;

    /** Room for the digits of one text, which every text of a known form takes in turn. */
    private byte @Nullable [] room;

    public CompactInput(byte[] bytes, int from) {
        this.bytes = bytes;
        this.at = from;
    }

    public int position() {
        return at;
    }

    public void skip(int length) {
        at += length;
    }

    /** The next octet, not read yet. */
    public int peek() {
        return bytes[at] & 0xff;
    }

    public int octet() {
        return bytes[at++] & 0xff;
    }

    public long fixed() {
        long value = (long) CompactOutput.FIXED.get(bytes, at);
        at += Long.BYTES;
        return value;
    }

    /** What {@link CompactOutput#mark} wrote. */
    public int mark() {
        int value = (int) CompactOutput.MARKS.get(bytes, at);
        at += CompactOutput.MARK;
        return value;
    }

    public long longCount() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new IndexOutOfBoundsException("a number takes at most ten bytes, the one before byte " + at + " more");
    }

    public int count() {
        return (int) longCount();
    }

    public long number() {
        long value = longCount();
        return (value >>> 1) ^ -(value & 1);
    }

    /** @throws IllegalStateException where a newer build wrote a word that this one does not know */
    public String text() {
        int form = octet();
        if (form < CompactOutput.WORDS) {
            return Words.word(form);
        }
        if (form >= CompactOutput.SHORT_TEXT) {
            return utf8(form - CompactOutput.SHORT_TEXT);
        }
        return switch (form) {
            case CompactOutput.PSEUDONYM -> hex(room(), 0, 32);
            case CompactOutput.UUID -> uuid();
            case CompactOutput.CUSTOMER -> customer('c');
            case CompactOutput.ANONYMOUS -> customer('t');
            case CompactOutput.DECIMAL -> Long.toString(longCount());
            case CompactOutput.HEX -> ofDigits(octet());
            case CompactOutput.TEXT -> utf8(count());
            default ->
                throw new IndexOutOfBoundsException("no text has form " + form + ", as byte " + (at - 1) + " says");
        };
    }

    private String utf8(int length) {
        String text = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return text;
    }

    private byte[] room() {
        byte[] known = room;
        if (known == null) {
            known = new byte[LONGEST_KNOWN];
            room = known;
        }
        return known;
    }

    private String ofDigits(int pairs) {
        int length = 2 * pairs;
        return hex(length <= LONGEST_KNOWN ? room() : new byte[length], 0, length);
    }

    private String customer(char kind) {
        byte[] text = room();
        text[0] = (byte) kind;
        text[1] = '-';
        return hex(text, 2, 26);
    }

    /** Fills the rest of a text of this length. */
    private String hex(byte[] text, int from, int length) {
        digits(text, from, length);
        return new String(text, 0, length, StandardCharsets.ISO_8859_1);
    }

    private String uuid() {
        byte[] text = room();
        digits(text, 0, 8);
        text[8] = '-';
        digits(text, 9, 13);
        text[13] = '-';
        digits(text, 14, 18);
        text[18] = '-';
        digits(text, 19, 23);
        text[23] = '-';
        return hex(text, 24, LONGEST_KNOWN);
    }

    private void digits(byte[] text, int from, int to) {
        for (int i = from; i < to; i += 2) {
            PAIRS.set(text, i, DIGITS[bytes[at++] & 0xff]);
        }
    }
}
