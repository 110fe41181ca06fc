package io.throughline.pipeline.replay;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Where Flink keeps the files of one replay: its RPC library (20 MB), working directories, spilled buffers. Flink lets
 * go of them after it has said that the job ended, so a process that ends then would leave them behind.
 */
final class ScratchDirectory implements AutoCloseable {

    private final Path directory;
    /** Deletes what is left when the process ends. */
    final Thread atTheEnd;

    private ScratchDirectory(Path directory) {
        this.directory = directory;
        this.atTheEnd = new Thread(() -> delete(directory), "delete-" + directory.getFileName());
    }

    /** A new one in the directory for temporary files; it goes with the process at the latest, also when interrupted. */
    static ScratchDirectory make() throws IOException {
        ScratchDirectory scratch = new ScratchDirectory(Files.createTempDirectory("throughline-replay-"));
        Runtime.getRuntime().addShutdownHook(scratch.atTheEnd);
        return scratch;
    }

    Path path() {
        return directory;
    }

    /** Deletes what is there. What Flink holds on to while it stops goes when the process ends. */
    @Override
    public void close() {
        delete(directory);
        if (Files.notExists(directory)) {
            try {
                Runtime.getRuntime().removeShutdownHook(atTheEnd);
            } catch (IllegalStateException ending) {
                // The process ends already, and finds nothing to delete.
            }
        }
    }

    /** Flink deletes at the same time, so what is no longer there is as good as deleted. */
    private static void delete(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    return deleted(file);
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) {
                    return deleted(visited);
                }
            });
        } catch (IOException ignored) {
            // A file for temporary use that stays is no reason to fail what has been computed.
        }
    }

    private static FileVisitResult deleted(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException ignored) {
            // Somebody puts something there right now: it goes with the process.
        }
        return FileVisitResult.CONTINUE;
    }
}
