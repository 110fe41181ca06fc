package io.throughline.pipeline.settings;

/**
 * Something wrong in a configuration.
 *
 * @param path the key, for example {@code ingest.lateness_horizon}; empty for the file as a whole
 * @param line in the file, from 1; 0 where the key is not in it
 */
public record Problem(String path, String message, int line) implements Comparable<Problem> {

    /** By line, then by key. */
    @Override
    public int compareTo(Problem other) {
        int byLine = Integer.compare(line, other.line);
        return byLine != 0 ? byLine : toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        return (path.isEmpty() ? "" : path + ": ") + message + (line > 0 ? " (line " + line + ")" : "");
    }
}
