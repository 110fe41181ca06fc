package io.throughline.domain.measure;

import java.io.Serializable;
import java.time.Duration;

/**
 * A sliding window and how finely it slides.
 *
 * @param name as documents carry it, for example {@code 24h}
 * @param length event time it reaches back, whole milliseconds
 * @param pane facts leave the window this much at a time, so that it covers up to one pane more than its length; one
 *     millisecond: exactly its length
 */
public record Window(String name, Duration length, Duration pane) implements Serializable {

    public Window {
        require(!name.isBlank(), "measure.windows: a window needs a name");
        require(length.toMillis() >= 1, "measure.windows: " + name + " needs a length of at least 1 ms, was " + length);
        require(
                pane.toMillis() >= 1 && pane.compareTo(length) <= 0,
                "measure.windows: the pane of " + name + " must be between 1 ms and " + length + ", was " + pane);
    }

    long lengthMs() {
        return length.toMillis();
    }

    long paneMs() {
        return pane.toMillis();
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
