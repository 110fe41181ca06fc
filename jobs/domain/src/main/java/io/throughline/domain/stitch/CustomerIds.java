package io.throughline.domain.stitch;

import io.throughline.domain.touchpoint.Hash128;
import io.throughline.domain.touchpoint.Identifier;
import java.nio.charset.StandardCharsets;

/** Customer ids derived from content, never from arrival. */
public final class CustomerIds {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 24;

    /** The order identifiers have among themselves, and the key their node has. */
    public static Hash128 hash(Identifier identifier) {
        return identifier.hash();
    }

    /** The customer whose strongest identifier this is. */
    public static String of(Identifier strongest) {
        return id('c', hash(strongest));
    }

    /** Whether this is the customer whose strongest identifier is the given one. */
    public static boolean isOf(Identifier strongest, String customer) {
        if (customer.length() != 2 + DIGITS || customer.charAt(0) != 'c' || customer.charAt(1) != '-') {
            return false;
        }
        Hash128 hash = hash(strongest);
        for (int i = 0; i < DIGITS; i++) {
            if (customer.charAt(2 + i) != HEX[digit(hash, i)]) {
                return false;
            }
        }
        return true;
    }

    private static int digit(Hash128 hash, int i) {
        long half = i < 16 ? hash.high() : hash.low();
        return (int) (half >>> (60 - 4 * (i & 15))) & 0xf;
    }

    /** The anonymous customer of a touchpoint that bears no usable identifier. */
    public static String ofTouchpoint(String touchpointId) {
        return id('t', Hash128.of("touchpoint", touchpointId));
    }

    /** Digit by digit: ids are made several times per touchpoint. */
    private static String id(char kind, Hash128 hash) {
        byte[] text = new byte[2 + DIGITS];
        text[0] = (byte) kind;
        text[1] = '-';
        for (int i = 0; i < DIGITS; i++) {
            text[2 + i] = HEX[digit(hash, i)];
        }
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    private CustomerIds() {}
}
