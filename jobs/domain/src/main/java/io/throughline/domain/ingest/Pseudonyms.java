package io.throughline.domain.ingest;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Replaces a personal value by the first 128 bits of HMAC-SHA-256 (RFC 2104) over its type and itself: the same value
 * always gets the same pseudonym, and nobody without the key can go back or try values out. May be shared by threads.
 */
public final class Pseudonyms {

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = 16;

    private final ThreadLocal<Mac> macs;

    public Pseudonyms(PseudonymKey key) {
        this.macs = ThreadLocal.withInitial(() -> keyed(key));
    }

    /** 32 lower-case hexadecimal digits. The type is part of the input: equal values of two types stay unrelated. */
    public String of(String type, String value) {
        Mac mac = macs.get();
        mac.update(type.getBytes(StandardCharsets.UTF_8));
        // No type contains a zero byte, so (type, value) can be read off the input in one way only.
        mac.update((byte) 0);
        byte[] digest = mac.doFinal(value.getBytes(StandardCharsets.UTF_8));
        byte[] hex = new byte[2 * BYTES];
        for (int i = 0; i < BYTES; i++) {
            hex[2 * i] = HEX[(digest[i] >> 4) & 0xf];
            hex[2 * i + 1] = HEX[digest[i] & 0xf];
        }
        return new String(hex, StandardCharsets.ISO_8859_1);
    }

    private static Mac keyed(PseudonymKey key) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key.bytes(), "HmacSHA256"));
            return mac;
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }
}
