package io.throughline.local;

/** Something on this machine keeps a server from doing what was asked; the message is for people, complete as it is. */
public class LocalServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LocalServerException(String message) {
        super(message);
    }

    public LocalServerException(String message, Throwable cause) {
        super(message, cause);
    }
}
