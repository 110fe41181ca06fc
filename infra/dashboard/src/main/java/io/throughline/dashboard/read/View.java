package io.throughline.dashboard.read;

import org.jspecify.annotations.Nullable;

/**
 * What somebody looks at. Everybody looking at the same view shares its queries.
 *
 * @param channel only this channel; null: all
 */
public record View(Window window, @Nullable String channel) {

    /** What is polled even while nobody looks, so that the first page load finds data. */
    public static final View DEFAULT = new View(Window.DAY, null);
}
