package io.throughline.domain.measure;

import java.io.Serializable;

/**
 * A sliding window and how finely it slides. Milliseconds of event time.
 *
 * @param name as documents carry it, for example {@code 24h}
 * @param lengthMs how far it reaches back
 * @param paneMs facts leave the window this much at a time, so that it covers up to one pane more than its length; one
 *     millisecond: exactly its length
 */
public record Window(String name, long lengthMs, long paneMs) implements Serializable {

    public Window {
        require(!name.isBlank(), "measure.windows: a window needs a name");
        require(lengthMs >= 1, "measure.windows: the length of " + name + " must be positive, was " + lengthMs + " ms");
        require(
                paneMs >= 1 && paneMs <= lengthMs,
                "measure.windows: the pane of " + name + " must be from 1 ms to its length, was " + paneMs + " ms");
        require(
                lengthMs % paneMs == 0,
                "measure.windows: " + name + " does not divide into panes of " + paneMs + " ms, its length is "
                        + lengthMs + " ms");
    }

    /** The newer half, in whole panes: what came after the first half of the window. */
    Window half() {
        long half = Math.max(paneMs, lengthMs / 2 / paneMs * paneMs);
        return new Window(name + "/2", half, paneMs);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
