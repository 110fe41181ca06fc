package io.throughline.dashboard.access;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Who looked at whom and who did what, one JSON object a line, written before it is done: what cannot be written is not
 * done. Never holds what somebody typed, only what it became. Thread-safe.
 */
public final class AuditLog implements AutoCloseable {

    private static final int NEWEST = 500;

    private final @Nullable Writer file;
    private final Clock clock;
    private final Function<Object, String> json;
    private final Deque<Entry> newest = new ArrayDeque<>();

    /**
     * One thing done.
     *
     * @param action look_up, view_customer, view_verbatims, explain, export, login, logout, denied or an alert's action
     * @param subject what it was done to: ids and pseudonyms only
     * @param address where the request came from
     */
    public record Entry(
            Instant time, String person, String role, String action, String subject, String outcome, String address) {}

    /** It could not be written, and so must not be done. */
    public static final class UnwritableException extends RuntimeException {
        UnwritableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * @param path appended to; null: only the newest entries are kept, in memory
     * @param json one line of it
     * @throws IOException where it cannot be opened
     */
    public AuditLog(@Nullable Path path, Clock clock, Function<Object, String> json) throws IOException {
        this.clock = clock;
        this.json = json;
        this.file = path == null
                ? null
                : Files.newBufferedWriter(
                        path, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** @throws UnwritableException where it cannot be written */
    public synchronized void write(Person person, String action, String subject, String outcome, String address) {
        Entry entry = new Entry(clock.instant(), person.id(), person.role().code(), action, subject, outcome, address);
        if (file != null) {
            try {
                file.write(json.apply(entry));
                file.write('\n');
                file.flush();
            } catch (IOException failed) {
                throw new UnwritableException("The audit log cannot be written: " + failed.getMessage(), failed);
            }
        }
        newest.addFirst(entry);
        if (newest.size() > NEWEST) {
            newest.removeLast();
        }
    }

    /** The newest entries of this process, newest first. */
    public synchronized List<Entry> newest() {
        return new ArrayList<>(newest);
    }

    @Override
    public synchronized void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
