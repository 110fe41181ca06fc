package io.throughline.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs a webhook's request as Standard Webhooks 1.0 says: HMAC-SHA-256 over {@code id.timestamp.body}. A receiver
 * computes the same over what it got, compares in constant time, and refuses old timestamps. Several secrets, the newest
 * first, give several signatures, so that secrets can be exchanged without losing a request.
 */
final class Signature {

    private static final String PREFIX = "whsec_";
    private static final int LEAST_SECRET_BYTES = 24;
    private static final int MOST_SECRET_BYTES = 64;

    private final List<SecretKeySpec> keys;

    /**
     * @param secrets base64 of 24 to 64 bytes, each with or without {@code whsec_} before it
     * @throws IllegalArgumentException if one is not; the message does not show it
     */
    Signature(List<String> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("at least one secret is needed");
        }
        this.keys = secrets.stream().map(Signature::key).toList();
    }

    Map<String, String> headers(String id, Instant now, byte[] body) {
        String timestamp = Long.toString(now.getEpochSecond());
        String signatures = keys.stream()
                .map(key -> "v1," + Base64.getEncoder().encodeToString(hmac(key, id + "." + timestamp + ".", body)))
                .collect(Collectors.joining(" "));
        return Map.of("webhook-id", id, "webhook-timestamp", timestamp, "webhook-signature", signatures);
    }

    private static SecretKeySpec key(String secret) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(secret.startsWith(PREFIX) ? secret.substring(PREFIX.length()) : secret);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("must be base64; make one with: openssl rand -base64 32", e);
        }
        if (bytes.length < LEAST_SECRET_BYTES || bytes.length > MOST_SECRET_BYTES) {
            throw new IllegalArgumentException("must have " + LEAST_SECRET_BYTES + " to " + MOST_SECRET_BYTES
                    + " bytes, has " + bytes.length + "; make one with: openssl rand -base64 32");
        }
        return new SecretKeySpec(bytes, "HmacSHA256");
    }

    private static byte[] hmac(SecretKeySpec key, String before, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(before.getBytes(UTF_8));
            return mac.doFinal(body);
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }
}
