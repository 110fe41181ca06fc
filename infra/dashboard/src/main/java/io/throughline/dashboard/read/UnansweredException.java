package io.throughline.dashboard.read;

/** Elasticsearch did not answer, or not wholly; the message says why in one line. */
public final class UnansweredException extends Exception {

    UnansweredException(String message) {
        super(message);
    }

    UnansweredException(String message, Throwable cause) {
        super(message, cause);
    }
}
