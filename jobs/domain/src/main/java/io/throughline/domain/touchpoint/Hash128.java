package io.throughline.domain.touchpoint;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The first 128 bits of a SHA-256: the content-derived order and identity behind every id. Unsigned order.
 *
 * @param high bits 0-63
 * @param low bits 64-127
 */
public record Hash128(long high, long low) implements Comparable<Hash128> {

    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    });

    /** Hash of the parts, each preceded by its length so that ("ab","c") and ("a","bc") differ. */
    public static Hash128 of(String... parts) {
        MessageDigest digest = SHA_256.get();
        digest.reset();
        for (String part : parts) {
            byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
            int length = bytes.length;
            digest.update((byte) (length >>> 24));
            digest.update((byte) (length >>> 16));
            digest.update((byte) (length >>> 8));
            digest.update((byte) length);
            digest.update(bytes);
        }
        byte[] result = digest.digest();
        return new Hash128(number(result, 0), number(result, 8));
    }

    private static long number(byte[] bytes, int from) {
        long number = 0;
        for (int i = from; i < from + 8; i++) {
            number = number << 8 | (bytes[i] & 0xff);
        }
        return number;
    }

    /** 32 lower-case hexadecimal digits. */
    public String hex() {
        HexFormat digits = HexFormat.of();
        return digits.toHexDigits(high) + digits.toHexDigits(low);
    }

    /** The first {@code digits} hexadecimal digits, at most 32. */
    public String hex(int digits) {
        return hex().substring(0, digits);
    }

    @Override
    public int compareTo(Hash128 other) {
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    @Override
    public int hashCode() {
        return (int) (low ^ (low >>> 32));
    }
}
