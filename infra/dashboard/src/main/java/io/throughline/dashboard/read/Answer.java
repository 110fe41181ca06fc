package io.throughline.dashboard.read;

import org.jspecify.annotations.Nullable;

/**
 * What one read of a section gave: its data, or why there is none this time.
 *
 * @param data a record of this package, written to JSON as it is
 */
public record Answer(@Nullable Object data, @Nullable String error) {

    public static Answer of(Object data) {
        return new Answer(data, null);
    }

    static Answer failed(String error) {
        return new Answer(null, error);
    }
}
