package io.throughline.pipeline.settings;

/**
 * One key and the value in force.
 *
 * @param path for example {@code channels.web.gap}
 * @param value as it could stand in the file; a secret only says that it is one
 * @param line where the file sets it, from 1; 0: it is the default
 */
public record Setting(String path, String value, int line) {

    @Override
    public String toString() {
        return path + " = " + value + "   (" + (line > 0 ? "line " + line : "default") + ")";
    }
}
