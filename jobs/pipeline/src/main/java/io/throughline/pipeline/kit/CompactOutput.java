package io.throughline.pipeline.kit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of what is remembered by the million. Numbers as in {@code Packed}; of a text the first byte says its form: a
 * known word, hexadecimal or decimal digits as the bytes they stand for, or itself.
 */
public final class CompactOutput {
    /** Below: the number of a known word. */
    static final int WORDS = 128;
    /** Never the first byte of a text: {@link TextOutput} says with it that one is repeated. */
    static final int REPEATED = WORDS - 1;
    /** 32 hexadecimal digits: 16 bytes. */
    public static final int PSEUDONYM = WORDS;
    /** 8-4-4-4-12 hexadecimal digits: 16 bytes. */
    public static final int UUID = WORDS + 1;
    /** A customer's id: 12 bytes. */
    public static final int CUSTOMER = WORDS + 2;
    /** An anonymous customer's id: 12 bytes. */
    public static final int ANONYMOUS = WORDS + 3;
    /** A number without sign and leading zeros. */
    static final int DECIMAL = WORDS + 4;
    /** An even number of hexadecimal digits: how many bytes, then they. */
    static final int HEX = WORDS + 5;
    /** Text of any length: how many bytes, then they. */
    static final int TEXT = WORDS + 6;
    /** Of customers: the one that an identifier is by itself. */
    public static final int ALONE = WORDS + 7;
    /** From here on: this plus the number of bytes that follow. */
    static final int SHORT_TEXT = WORDS + 8;

    static final int LONGEST_SHORT = 255 - SHORT_TEXT;
    private static final int MOST_DIGITS = 18;

    /** Bytes of a mark. */
    public static final int MARK = Integer.BYTES;

    public static final VarHandle MARKS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    static final VarHandle FIXED = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private static final byte[] DIGITS = digits();

    private static byte[] digits() {
        byte[] digits = new byte['f' + 1];
        Arrays.fill(digits, (byte) -1);
        for (char c = '0'; c <= '9'; c++) {
            digits[c] = (byte) (c - '0');
        }
        for (char c = 'a'; c <= 'f'; c++) {
            digits[c] = (byte) (c - 'a' + 10);
        }
        return digits;
    }

    private byte[] bytes = new byte[256];
    private int size;

    public void clear() {
        size = 0;
    }

    /** Bytes there is room for without another array. */
    int room() {
        return bytes.length;
    }

    public int size() {
        return size;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }

    public void octet(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
    }

    public void raw(byte[] from, int offset, int length) {
        ensure(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    public void append(CompactOutput other) {
        raw(other.bytes, 0, other.size);
    }

    public void fixed(long value) {
        ensure(Long.BYTES);
        FIXED.set(bytes, size, value);
        size += Long.BYTES;
    }

    /** In {@link #MARK} bytes. */
    public void mark(int value) {
        ensure(MARK);
        MARKS.set(bytes, size, value);
        size += MARK;
    }

    /** Not negative. */
    public void count(long value) {
        ensure(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    public void number(long value) {
        count((value << 1) ^ (value >> 63));
    }

    public void text(String text) {
        int length = text.length();
        int word = length > Words.LONGEST ? -1 : Words.numberOf(text);
        if (word >= 0) {
            octet(word);
            return;
        }
        form(text);
    }

    /** Of a text that is no word. */
    void form(String text) {
        int length = text.length();
        if (length == 26 && text.charAt(1) == '-' && isHex(text, 2, length)) {
            if (text.charAt(0) == 'c' || text.charAt(0) == 't') {
                octet(text.charAt(0) == 'c' ? CUSTOMER : ANONYMOUS);
                hex(text, 2, length);
                return;
            }
        } else if (length == 32 && isHex(text, 0, length)) {
            octet(PSEUDONYM);
            hex(text, 0, length);
            return;
        } else if (length == 36 && isUuid(text)) {
            octet(UUID);
            hex(text, 0, length);
            return;
        } else if (length <= MOST_DIGITS && isDecimal(text)) {
            octet(DECIMAL);
            count(Long.parseLong(text));
            return;
        } else if (length > 6 && length % 2 == 0 && length < 256 && isHex(text, 0, length)) {
            octet(HEX);
            octet(length / 2);
            hex(text, 0, length);
            return;
        }
        plain(text);
    }

    private void plain(String text) {
        int length = text.length();
        if (length <= LONGEST_SHORT && ascii(text)) {
            bytes[size] = (byte) (SHORT_TEXT + length);
            size += 1 + length;
            return;
        }
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= LONGEST_SHORT) {
            octet(SHORT_TEXT + utf8.length);
        } else {
            octet(TEXT);
            count(utf8.length);
        }
        raw(utf8, 0, utf8.length);
    }

    /** Puts the characters behind the next byte if each of them is one byte; otherwise nothing is written. */
    private boolean ascii(String text) {
        int length = text.length();
        ensure(1 + length);
        int at = size + 1;
        int all = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            all |= c;
            bytes[at + i] = (byte) c;
        }
        return all < 0x80;
    }

    private static boolean isDecimal(String text) {
        if (text.isEmpty() || (text.charAt(0) == '0' && text.length() > 1)) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    private static boolean isUuid(String text) {
        for (int i = 0; i < 36; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            if (dash ? text.charAt(i) != '-' : digit(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (digit(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Of a lower-case digit; -1: it is none. */
    private static int digit(char c) {
        return c < DIGITS.length ? DIGITS[c] : -1;
    }

    /** Two digits a byte, dashes left out. */
    private void hex(String text, int from, int to) {
        ensure((to - from) / 2);
        int high = -1;
        for (int i = from; i < to; i++) {
            int digit = digit(text.charAt(i));
            if (digit < 0) {
                continue;
            }
            if (high < 0) {
                high = digit;
            } else {
                bytes[size++] = (byte) (high << 4 | digit);
                high = -1;
            }
        }
    }
}
