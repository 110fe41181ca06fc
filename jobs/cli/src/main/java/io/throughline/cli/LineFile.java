package io.throughline.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What {@code --output} names: a file that lines are added to. */
final class LineFile {

    /**
     * Adds a line, after the end of one that was left open.
     *
     * @throws UsageException if the file cannot be written
     */
    static void append(Path file, String line) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        boolean writable = Files.exists(file)
                ? Files.isRegularFile(file) && Files.isReadable(file) && Files.isWritable(file)
                : folder != null && Files.isDirectory(folder) && Files.isWritable(folder);
        if (!writable) {
            throw new UsageException(
                    "--output " + file + " must be a file that can be written, in a directory that exists");
        }
        Files.writeString(
                file,
                (endsWithinALine(file) ? "\n" : "") + line + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    private static boolean endsWithinALine(Path file) throws IOException {
        if (!Files.exists(file) || Files.size(file) == 0) {
            return false;
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
            bytes.seek(bytes.length() - 1);
            return bytes.read() != '\n';
        }
    }

    private LineFile() {}
}
