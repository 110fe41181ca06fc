package io.throughline.dashboard.read;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What somebody looks at. Everybody looking at the same view shares its queries.
 *
 * @param channel only this channel; null: all
 * @param segment metrics of this segment of customers only; null: all
 * @param until metrics as they stood then; null: the newest
 */
public record View(Window window, @Nullable String channel, @Nullable String segment, @Nullable Instant until) {

    /** What is polled even while nobody looks, so that the first page load finds data. */
    public static final View DEFAULT = new View(Window.DAY, null);

    public View(Window window, @Nullable String channel) {
        this(window, channel, null, null);
    }

    /** Dimensions of the series that belong to it. */
    Map<String, String> dimensions() {
        Map<String, String> dimensions = new TreeMap<>();
        if (channel != null) {
            dimensions.put("channel", channel);
        }
        if (segment != null) {
            dimensions.put("segment", segment);
        }
        return dimensions;
    }

    /** Where its window ends, the newest metric being as of that time. */
    Instant endOf(Instant newestMetric) {
        return until != null && until.isBefore(newestMetric) ? until : newestMetric;
    }
}
