package io.throughline.domain.alert;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is remembered of the series of one metric with the same dimensions: the newest value by window, and what was said. */
public final class MetricState {
    private final TreeMap<String, Value> values = new TreeMap<>();
    /** By rule and version. */
    private final TreeMap<String, Watch> watches = new TreeMap<>();

    /**
     * A metric's value in one window, as far as rules look at it.
     *
     * @param higherIsBetter null where neither is
     */
    public record Value(
            String metricId,
            Map<String, String> dimensions,
            String window,
            double value,
            long n,
            @Nullable Double ciLow,
            @Nullable Double ciHigh,
            @Nullable Boolean higherIsBetter,
            long asOf) {}

    /**
     * One rule's view of it.
     *
     * @param beyondSince since when it has been beyond the bound; {@link Long#MAX_VALUE}: it is not
     * @param alert the alert that was said last, open or resolved; null: none
     */
    public record Watch(long beyondSince, @Nullable Alert alert) {}

    public TreeMap<String, Value> values() {
        return values;
    }

    public TreeMap<String, Watch> watches() {
        return watches;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MetricState that && that.values.equals(values) && that.watches.equals(watches);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }
}
