package io.throughline.domain.measure;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The components of one place and window, as last published. */
public final class ExpectationState {
    private final String window;
    private final Map<String, String> dimensions;
    /** By metric id; n above 0. */
    private final TreeMap<String, MetricValue> components = new TreeMap<>();

    private final TreeSet<String> standing = new TreeSet<>();

    private long asOf = Long.MIN_VALUE;
    private boolean changed;
    private boolean restated;

    public ExpectationState(String window, Map<String, String> dimensions) {
        this.window = window;
        this.dimensions = dimensions;
    }

    public String window() {
        return window;
    }

    public Map<String, String> dimensions() {
        return dimensions;
    }

    public TreeMap<String, MetricValue> components() {
        return components;
    }

    /** Ids of the expectations that stand with n above 0. */
    public TreeSet<String> standing() {
        return standing;
    }

    /** Latest event time a component was published for. */
    public long asOf() {
        return asOf;
    }

    /** Whether a component has changed since expectations were published. */
    public boolean changed() {
        return changed;
    }

    /** Whether one has because of a correction. */
    public boolean restated() {
        return restated;
    }

    public void note(long newAsOf, boolean nowChanged, boolean nowRestated) {
        asOf = newAsOf;
        changed = nowChanged;
        restated = nowRestated;
    }

    boolean isEmpty() {
        return components.isEmpty() && standing.isEmpty() && !changed;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ExpectationState that
                && that.window.equals(window)
                && that.dimensions.equals(dimensions)
                && that.components.equals(components)
                && that.standing.equals(standing)
                && that.asOf == asOf
                && that.changed == changed
                && that.restated == restated;
    }

    @Override
    public int hashCode() {
        return Objects.hash(components, standing, asOf);
    }
}
