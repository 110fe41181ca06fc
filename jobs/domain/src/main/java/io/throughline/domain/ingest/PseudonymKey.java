package io.throughline.domain.ingest;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;

/** The secret behind pseudonyms. Never shows itself. */
public final class PseudonymKey implements Serializable {

    private static final long serialVersionUID = 1;

    /** Shortest accepted secret, in characters. */
    public static final int MIN_LENGTH = 16;

    /** Known to everybody: fine on a laptop, worthless for real data. */
    public static final PseudonymKey DEVELOPMENT = new PseudonymKey("throughline-development-key");

    private final String secret;

    public PseudonymKey(String secret) {
        if (secret.length() < MIN_LENGTH) {
            throw new IllegalArgumentException(
                    "ingest.pseudonym_key: must have at least " + MIN_LENGTH + " characters, had " + secret.length());
        }
        this.secret = secret;
    }

    /** Whether this is the key everybody knows; whoever starts a job should say so loudly. */
    public boolean isDevelopment() {
        return equals(DEVELOPMENT);
    }

    byte[] bytes() {
        return secret.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PseudonymKey key && key.secret.equals(secret);
    }

    @Override
    public int hashCode() {
        return secret.hashCode();
    }

    @Override
    public String toString() {
        return isDevelopment() ? "(development key)" : "(secret)";
    }
}
