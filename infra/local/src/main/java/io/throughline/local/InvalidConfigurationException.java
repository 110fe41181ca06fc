package io.throughline.local;

/** The configuration file a run was given has errors; the message lists each with file and line. */
final class InvalidConfigurationException extends LocalServerException {
    InvalidConfigurationException(String message) {
        super(message);
    }
}
