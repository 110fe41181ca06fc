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

    private static final ThreadLocal<Hashing> OF_THREAD = ThreadLocal.withInitial(Hashing::new);

    /** Hash of the parts, each preceded by its length so that ("ab","c") and ("a","bc") differ. */
    public static Hash128 of(String... parts) {
        Hashing hashing = OF_THREAD.get();
        hashing.begin();
        for (String part : parts) {
            hashing.take(part);
        }
        byte[] result = hashing.result();
        return new Hash128(number(result, 0), number(result, 8));
    }

    /** The parts in one piece: given one by one they take most of the time. */
    private static final class Hashing {
        private static final int USUAL_BYTES = 1 << 10;

        private final MessageDigest digest;
        private byte[] bytes = new byte[USUAL_BYTES];
        private int size;

        Hashing() {
            try {
                digest = MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every Java platform has SHA-256", e);
            }
        }

        /** Whatever was taken for a hash that failed is none of the next one's. */
        void begin() {
            size = 0;
            digest.reset();
        }

        void take(String part) {
            int length = part.length();
            byte[] into = withRoomFor(Integer.BYTES + length);
            int at = size + Integer.BYTES;
            for (int i = 0; i < length; i++) {
                char c = part.charAt(i);
                if (c >= 0x80) {
                    takeUtf8(part);
                    return;
                }
                into[at + i] = (byte) c;
            }
            end(length);
        }

        private void takeUtf8(String part) {
            byte[] utf8 = part.getBytes(StandardCharsets.UTF_8);
            byte[] into = withRoomFor(Integer.BYTES + utf8.length);
            System.arraycopy(utf8, 0, into, size + Integer.BYTES, utf8.length);
            end(utf8.length);
        }

        private byte[] withRoomFor(int more) {
            if (size + more > bytes.length) {
                digest.update(bytes, 0, size);
                size = 0;
                if (more > bytes.length) {
                    bytes = new byte[more];
                }
            }
            return bytes;
        }

        /** What was put in behind the room for its length is a part. */
        private void end(int length) {
            bytes[size] = (byte) (length >>> 24);
            bytes[size + 1] = (byte) (length >>> 16);
            bytes[size + 2] = (byte) (length >>> 8);
            bytes[size + 3] = (byte) length;
            size += Integer.BYTES + length;
        }

        byte[] result() {
            digest.update(bytes, 0, size);
            if (bytes.length > USUAL_BYTES) {
                // One long text does not keep its room for ever.
                bytes = new byte[USUAL_BYTES];
            }
            return digest.digest();
        }
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
