package io.throughline.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Whoever runs the pipeline in a directory holds this from before the first step until everything is stopped, so that
 * nobody else stops its programs or deletes its data. The system releases it when the holder dies, in whatever way.
 */
final class RunLock implements AutoCloseable {
    /** Longer than anything a holder writes about itself. */
    private static final int LONGEST_NOTE = 200;

    private final FileChannel channel;

    private RunLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes it or fails at once.
     *
     * @throws LocalServerException in one line, naming who holds it and what to do; or that nothing can be stored there
     */
    static RunLock take(Path directory) {
        try {
            Files.createDirectories(directory);
            FileChannel channel = FileChannel.open(
                    directory.resolve("run.lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            if (!locked(channel)) {
                String holder = read(channel);
                channel.close();
                throw held(directory, holder);
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(note().getBytes(StandardCharsets.UTF_8)), 0);
            return new RunLock(channel);
        } catch (IOException e) {
            throw LocalServerException.cannotStore(e);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static String note() {
        return ProcessHandle.current().pid() + " " + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String read(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LONGEST_NOTE);
        channel.read(bytes, 0);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static LocalServerException held(Path directory, String holder) {
        String[] pidAndStart = holder.split(" ");
        // Between taking it and writing this down there is a moment in which nothing is known.
        boolean known = pidAndStart.length == 2;
        return new LocalServerException("The pipeline runs in " + directory
                + (known ? " (process " + pidAndStart[0] + ", since " + pidAndStart[1] + ")" : "")
                + "; stop it first with Ctrl-C in its terminal"
                + (known ? " or `kill " + pidAndStart[0] + "`" : "")
                + ", or use another directory: THROUGHLINE_DIRECTORY=<dir>");
    }

    /** Releases it; releasing again does nothing. */
    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
