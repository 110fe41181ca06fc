package io.throughline.elasticsearch;

/**
 * Elasticsearch cannot be used as it is set up: unreachable at start-up, of another version, refusing the credentials, or
 * without our indices. The message is one line that says what to do. Trying again without a change does not help.
 */
public final class UnusableElasticsearchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UnusableElasticsearchException(String message) {
        super(message);
    }

    public UnusableElasticsearchException(String message, Throwable cause) {
        super(message, cause);
    }
}
