package io.throughline.cli;

/** What was asked for cannot be done as asked; the message says what to change, one line per fault. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
    }
}
