package io.throughline.domain.touchpoint;

import java.nio.ByteBuffer;
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
            digest.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
            digest.update(bytes);
        }
        ByteBuffer result = ByteBuffer.wrap(digest.digest());
        return new Hash128(result.getLong(), result.getLong());
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
