package io.throughline.pipeline.settings;

/**
 * Something wrong in a configuration.
 *
 * @param path the key, for example {@code ingest.lateness_horizon}; empty for the file as a whole
 * @param line in the file, from 1; 0 where the key is not in it
 * @param column in that line, from 1; 0 where it is not told
 */
public record Problem(String path, String message, int line, int column) implements Comparable<Problem> {

    public Problem(String path, String message, int line) {
        this(path, message, line, 0);
    }

    /** By line, then by column, then by key. */
    @Override
    public int compareTo(Problem other) {
        int byLine = Integer.compare(line, other.line);
        int byColumn = Integer.compare(column, other.column);
        return byLine != 0 ? byLine : byColumn != 0 ? byColumn : toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
        String place =
                line == 0 ? "" : column == 0 ? " (line " + line + ")" : " (line " + line + ", column " + column + ")";
        return (path.isEmpty() ? "" : path + ": ") + message + place;
    }
}
