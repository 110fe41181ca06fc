package io.throughline.kafka;

import java.io.IOException;

/**
 * The Schema Registry gave no answer, or none that says anything about the data: unreachable, overloaded, broken, refusing
 * the credentials, or not a registry. Waiting and asking again is right; rejecting data is not.
 */
public final class RegistryUnavailableException extends IOException {

    private static final long serialVersionUID = 1;

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
