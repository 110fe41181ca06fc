package io.throughline.local;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** Something on this machine keeps a server from doing what was asked; the message is for people, complete as it is. */
public class LocalServerException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public LocalServerException(String message) {
        super(message);
    }

    public LocalServerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Where servers cannot store anything in the directory they were given. */
    static LocalServerException cannotStore(IOException cause) {
        return new LocalServerException(
                reason(cause) + ". Servers keep their data and logs in .throughline of the checkout, or where"
                        + " THROUGHLINE_DIRECTORY=<dir> says: choose a directory that can be written",
                cause);
    }

    /** The commonest of them have nothing but the path for a message. */
    private static String reason(IOException failure) {
        if (failure instanceof FileAlreadyExistsException file) {
            return file.getFile() + ": is no directory";
        }
        if (failure instanceof NoSuchFileException file) {
            return file.getFile() + ": cannot be made";
        }
        if (failure instanceof AccessDeniedException file) {
            return file.getFile() + ": access is denied";
        }
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
